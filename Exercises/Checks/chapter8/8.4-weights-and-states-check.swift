import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    let networks = [
      Network(kind: .rnn, inputs: 3, units: 2), Network(kind: .lstm, inputs: 3, units: 2),
      Network(kind: .gru, inputs: 3, units: 2), Network(kind: .rnn, inputs: 3, units: 2, layers: 3),
      Network(kind: .rnn, inputs: 3, units: 2, isBidirectional: true),
      Network(kind: .lstm, inputs: 10, units: 20, layers: 2, isBidirectional: true),
      Network(kind: .gru, inputs: 5, units: 7, layers: 3, isBidirectional: true),
    ]
    for network in networks { try counts(trial, network) }
    for network in networks { try sizes(trial, network) }
    for (network, budget) in [
      (Network(kind: .rnn, inputs: 3, units: 5), 14), (Network(kind: .rnn, inputs: 3, units: 5), 13),
      (Network(kind: .lstm, inputs: 32, units: 1), 100_000), (Network(kind: .gru, inputs: 100, units: 9), 50),
      (Network(kind: .lstm, inputs: 10, units: 1, layers: 2, isBidirectional: true), 15_040),
    ] { try affordable(trial, network, budget) }
  }

  private static func shown(_ n: Network) -> String {
    "\(n.kind), \(n.inputs) inputs, \(n.units) units, \(n.layers) layers, "
      + (n.isBidirectional ? "both directions" : "one direction")
  }

  private static func module(_ n: Network) -> RecurrentModule {
    switch n.kind {
    case .rnn: RNN(n.inputs, n.units, numLayers: n.layers, bidirectional: n.isBidirectional)
    case .gru: GRU(n.inputs, n.units, numLayers: n.layers, bidirectional: n.isBidirectional)
    case .lstm: LSTM(n.inputs, n.units, numLayers: n.layers, bidirectional: n.isBidirectional)
    }
  }

  private static func counts(_ trial: Trial, _ network: Network) throws {
    let answer = try parameterCount(network)
    let expected = module(network).parameterCount
    let (d, n, l) = (network.inputs, network.units, network.layers)
    let gates = [.rnn: 1, .gru: 3, .lstm: 4][network.kind]!
    let directions = network.isBidirectional ? 2 : 1
    func count(_ layer: (_ inputs: Int) -> Int, above: Int? = nil) -> Int {
      directions * gates * (layer(d) + (l - 1) * layer(above ?? directions * n))
    }
    try trial.compare(
      "the number of parameters", answer, with: expected, given: ["network": shown(network)],
      mistakes: [
        Mistake(
          "Each unit has two biases in the library: 2 N, as in PyTorch.",
          gives: count { n * $0 + n * n + n }),
        Mistake("The biases are missing, two for each unit.", gives: count { n * $0 + n * n }),
        Mistake(
          "The gates are missing: a GRU has three parts of this size, an LSTM four.",
          when: gates > 1 && answer * gates == expected),
        Mistake(
          "An LSTM has three gates and a candidate: four parts.",
          when: gates == 4 && answer * 4 == expected * 3),
        Mistake(
          "A GRU has two gates and a candidate: three parts.", when: gates == 3 && answer * 3 == expected * 2),
        Mistake(
          "Layers above the first do not read the input. They read the layer below.",
          gives: count({ n * $0 + n * n + 2 * n }, above: d)),
        Mistake(
          "Layers above the first read both directions of the layer below: 2 N numbers.",
          gives: count({ n * $0 + n * n + 2 * n }, above: n)),
        Mistake(
          "Each direction has weights of its own: twice as many.",
          when: directions == 2 && answer * 2 == expected),
        Mistake("The state has a matrix, too: N².", gives: count { n * $0 + 2 * n }),
      ])
  }

  private static func sizes(_ trial: Trial, _ network: Network) throws {
    let (steps, batch) = (6, 4)
    let x = Tensor.zeros(steps, batch, network.inputs)
    let (output, state) = noGrad {
      switch module(network) {
      case let lstm as LSTM:
        let (output, state) = lstm(x)
        return (output, state.h)
      case let gru as GRU: return gru(x)
      case let other: return (other as! RNN)(x)
      }
    }
    let answer = try shapes(network, steps: steps, batch: batch)
    let input: KeyValuePairs<String, any Showable> = [
      "network": shown(network), "steps": steps, "batch": batch,
    ]
    try trial.compare(
      "the shape of the outputs", answer.output, equals: output.shape, given: input,
      mistakes: [
        Mistake(
          "The states of both directions stand side by side: 2 N numbers.",
          when: network.isBidirectional && answer.output.last == network.units),
        Mistake(
          "The outputs are those of the last layer alone, however many there are.",
          when: network.layers > 1 && answer.output != output.shape),
      ])
    try trial.compare(
      "the shape of the last states", answer.state, equals: state.shape, given: input,
      mistakes: [
        Mistake(
          "Every layer has a last state: as many as there are layers, times the directions.",
          when: answer.state.first != state.size(0)),
        Mistake(
          "Each direction has a state of its own, of N numbers. They do not stand side by side here.",
          when: answer.state.last == 2 * network.units),
      ])
  }

  private static func affordable(_ trial: Trial, _ network: Network, _ budget: Int) throws {
    func count(_ units: Int) -> Int {
      var network = network
      network.units = units
      return module(network).parameterCount
    }
    // By halving the interval, in which N fits and M does not.
    var (n, m) = (0, 1000)
    while m - n > 1 {
      let middle = (n + m) / 2
      if count(middle) <= budget { n = middle } else { m = middle }
    }
    let answer = try largest(network, budget: budget)
    try trial.compare(
      "the largest number of units", answer, with: n, given: ["network": shown(network), "budget": budget],
      mistakes: [
        Mistake("With one unit more it would still fit.", gives: n - 1),
        Mistake("This is the first that does not fit.", gives: n + 1),
        Mistake("These are the units that the network has now.", gives: network.units),
      ])
  }
}
