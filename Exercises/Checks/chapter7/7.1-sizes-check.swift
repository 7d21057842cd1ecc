import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    for (size, layer) in [
      (6, Layer(kernel: 3)), (6, Layer(kernel: 5, padding: 2)), (6, Layer(kernel: 2, stride: 2)),
      (7, Layer(kernel: 3, stride: 3)), (7, Layer(kernel: 2, stride: 2)), (9, Layer(kernel: 3, dilation: 2)),
      (28, Layer(kernel: 5, stride: 3, padding: 2, dilation: 2)),
    ] { try outputs(trial, size, layer) }
    for (layer, depth) in [
      (Layer(kernel: 3, filters: 1), 1), (Layer(kernel: 5, filters: 6), 3), (Layer(kernel: 2, stride: 2), 6),
      (Layer(kernel: 1, filters: 4), 8),
    ] { try parameters(trial, layer, depth) }

    let pool = Layer(kernel: 2, stride: 2)
    let small = Layer(kernel: 3, filters: 2)
    try network(trial, [small], size: 8, depth: 1)
    try network(trial, [small, small], size: 8, depth: 1)
    try network(trial, [pool, small], size: 8, depth: 3)
    try network(
      trial, [Layer(kernel: 5, filters: 6), pool, Layer(kernel: 5, filters: 16), pool], size: 32, depth: 3)
    try network(
      trial,
      [
        Layer(kernel: 3, stride: 2, padding: 1, filters: 4),
        Layer(kernel: 3, padding: 2, dilation: 2, filters: 3),
        Layer(kernel: 3, stride: 2), Layer(kernel: 1, filters: 5),
      ], size: 21, depth: 2)
  }

  private static func shown(_ layer: Layer) -> String {
    let kind = layer.filters.map { "\($0) filters" } ?? "pooling"
    return "\(kind), kernel \(layer.kernel), stride \(layer.stride), padding \(layer.padding), "
      + "dilation \(layer.dilation)"
  }

  private static func outputs(_ trial: Trial, _ size: Int, _ layer: Layer) throws {
    // Counted: places at which the window begins, so that its last row still lies on the padded picture.
    let reach = layer.dilation * (layer.kernel - 1)
    let end = size + layer.padding - reach
    let expected = stride(from: -layer.padding, to: end, by: layer.stride).map { $0 }.count
    let padded = size + 2 * layer.padding
    let input: KeyValuePairs<String, any Showable> = ["size": size, "layer": shown(layer)]
    try trial.compare(
      "the output's size", try outputSize(size, layer), with: expected, given: input,
      mistakes: [
        Mistake(
          "One place is missing: a window that moved n times has been at n + 1 places.",
          gives: (padded - reach - 1) / layer.stride),
        Mistake(
          "The quotient is rounded down before 1 is added: (… − 1) / S + 1 is not … / S + 1.",
          gives: (padded - reach) / layer.stride + 1),
        Mistake(
          "Rounded up: the last window would reach beyond the picture.",
          gives: (padded - reach - 1 + layer.stride - 1) / layer.stride + 1),
        Mistake(
          "The padding stands on both sides, and counts twice.",
          gives: (size + layer.padding - reach - 1) / layer.stride + 1),
        Mistake(
          "The dilation is missing: a kernel spread by d is d (K − 1) + 1 wide.",
          gives: (padded - layer.kernel) / layer.stride + 1),
        Mistake(
          "A kernel spread by d is d (K − 1) + 1 wide, not d K: there are K − 1 gaps.",
          gives: (padded - layer.dilation * layer.kernel) / layer.stride + 1),
      ])
  }

  private static func parameters(_ trial: Trial, _ layer: Layer, _ depth: Int) throws {
    let filters = layer.filters ?? 0
    let taps = layer.kernel * layer.kernel
    let expected = layer.filters.map { Conv2d(depth, $0, layer.kernel).parameterCount } ?? 0
    let answer = try parameterCount(layer, depth: depth)
    try trial.compare(
      "the number of parameters", answer, with: expected, given: ["layer": shown(layer), "depth": depth],
      mistakes: [
        Mistake("Pooling has nothing to learn.", when: layer.filters == nil),
        Mistake("The biases are missing, one for each filter.", gives: filters * taps * depth),
        Mistake(
          "A filter has a table of K × K weights for every channel: the depth is missing.",
          gives: filters * (taps + 1)),
        Mistake(
          "A filter has a single bias, however many channels it sees.", gives: filters * depth * (taps + 1)),
        Mistake("One bias in all: each filter has one of its own.", gives: filters * taps * depth + 1),
        Mistake("The kernel is K × K, not K.", gives: filters * (layer.kernel * depth + 1)),
      ])
  }

  private static func network(_ trial: Trial, _ network: [Layer], size: Int, depth: Int) throws {
    let answer = try counts(network, size: size, depth: depth)
    let input: KeyValuePairs<String, any Showable> = [
      "network": network.map(shown).joined(separator: "\n"), "size": size, "depth": depth,
    ]
    // The library's layers, one channel a number: what goes through them has the shape in question.
    var (picture, total, depths) = (Tensor.zeros(1, depth, size, size), 0, [depth])
    for layer in network {
      if let filters = layer.filters {
        let convolution = Conv2d(
          picture.size(1), filters, layer.kernel, stride: layer.stride, padding: layer.padding,
          dilation: layer.dilation)
        total += convolution.parameterCount
        picture = noGrad { convolution(picture) }
      } else {
        picture = maxPool2d(picture, layer.kernel, stride: layer.stride)
      }
      depths.append(picture.size(1))
    }
    try trial.compare(
      "the depth of what comes out", answer.depth, with: picture.size(1), given: input,
      mistakes: [
        Mistake(
          "Pooling leaves the depth as it is.", when: network.last?.filters == nil && answer.depth <= 1),
        Mistake("This is the depth of what went in. Each filter makes one channel.", gives: depth),
      ])
    try trial.compare("the size of what comes out", answer.size, with: picture.size(2), given: input)
    let withoutGrowth = network.reduce(0) { sum, layer in
      sum + (layer.filters ?? 0) * (layer.kernel * layer.kernel * depth + 1)
    }
    try trial.compare(
      "all parameters", answer.parameters, with: total, given: input,
      mistakes: [
        Mistake(
          "Each layer has been counted for the depth of the picture. It sees what the layer before it makes.",
          gives: withoutGrowth)
      ])
    // From the unit backwards: the first and the last row that it can see.
    var (first, last) = (0, 0)
    for layer in network.reversed() {
      first = first * layer.stride - layer.padding
      last = last * layer.stride - layer.padding + layer.dilation * (layer.kernel - 1)
    }
    func field(_ width: (Layer) -> Int, stepsFirst: Bool = false, counted: Bool = true) -> Int {
      var (field, step) = (1, 1)
      for layer in network {
        if stepsFirst { step *= layer.stride }
        field += width(layer) * (counted ? step : 1)
        if !stepsFirst { step *= layer.stride }
      }
      return field
    }
    try trial.compare(
      "the receptive field", answer.field, with: last - first + 1, given: input,
      mistakes: [
        Mistake(
          "A layer behind a stride takes larger steps: its K − 1 counts j pixels each, j being all strides before it.",
          gives: field({ $0.dilation * ($0.kernel - 1) }, counted: false)),
        Mistake(
          "A layer's own stride does not widen its own window: enlarge j after r.",
          gives: field({ $0.dilation * ($0.kernel - 1) }, stepsFirst: true)),
        Mistake(
          "Each layer widens the field by K − 1, not by K: the unit's own place is there already.",
          gives: field { $0.dilation * $0.kernel }),
        Mistake("The dilation widens the field, too: d (K − 1).", gives: field { $0.kernel - 1 }),
        Mistake(
          "The field begins with 1: before any layer, a pixel sees itself.", gives: last - first),
      ])
  }
}
