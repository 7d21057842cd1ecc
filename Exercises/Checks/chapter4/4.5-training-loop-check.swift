import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    // Three examples in batches of two, for a pencil; then a network with dropout.
    try compare(trial, small(dropLast: false), epochs: 1)
    let large = Task(
      x: Tensor.randn(10, 4), y: Tensor.randint(0, 3, [10]), batchSize: 4, lr: 0.5, shuffle: true,
      makeBody: { Sequential(Linear(4, 8), ReLU(), Dropout(0.5), Linear(8, 3)) },
      describe: { network in
        ["network": "\(network.body)", "examples": "10, random, shuffled", "batchSize": 4, "lr": 0.5]
      })
    try compare(trial, large, epochs: 3)
    try compare(trial, small(dropLast: true), epochs: 1)
  }

  private static func small(dropLast: Bool) -> Task {
    let (x, y) = (Tensor([[1.0], [2.0], [-1.0]]), [0, 1, 1])
    return Task(
      x: x, y: Tensor(y), batchSize: 2, lr: 1, dropLast: dropLast,
      makeBody: {
        let layer = Linear(1, 2, bias: false)
        noGrad { _ = layer.weight.zero_() }
        return Sequential(layer)
      },
      describe: { network in
        [
          "x": x, "y": y, "weight": network.numbers.view(2, 1), "batchSize": 2, "dropLast": dropLast, "lr": 1,
        ]
      })
  }

  // MARK: - What is trained

  private typealias Input = KeyValuePairs<String, any Showable>

  private struct Task {
    var x: Tensor
    var y: Tensor
    var batchSize: Int
    var lr: Double
    var shuffle = false
    var dropLast = false
    var makeBody: () -> Sequential
    /// What a learner is told of it, and of the network as it stands.
    var describe: (Network) -> Input

    /// The same network and optimizer every time.
    func start() -> (network: Network, optimizer: SGD) {
      manualSeed(1)
      let network = Network(makeBody())
      return (network, SGD(network.parameters(), lr: lr))
    }

    var loader: DataLoader<(Tensor, Tensor)> {
      DataLoader(TensorDataset(x, y), batchSize: batchSize, shuffle: shuffle, dropLast: dropLast)
    }

    var testLoader: DataLoader<(Tensor, Tensor)> { DataLoader(TensorDataset(x, y), batchSize: batchSize) }
  }

  /// A network that notes how it is called.
  private final class Network: Module {
    let body: Sequential
    var modes: [Bool] = []
    var histories: [Bool] = []

    init(_ body: Sequential) { self.body = body }

    override func forward(_ x: Tensor) -> Tensor {
      modes.append(isTraining)
      histories.append(isGradEnabled)
      return body(x)
    }

    /// All its numbers in a row.
    var numbers: Tensor { cat(parameters().map { $0.detach().flatten() }) }
  }

  // MARK: - Loops, right and wrong

  private enum Slip: CaseIterable {
    case none, notCleared, notMoved, softmaxTwice, sumOfTheBatch, meanOfMeans, sumOfMeans, meanOfAll

    var meaning: String {
      switch self {
      case .none: "This is right."
      case .notCleared:
        "The gradients of the batches before are still there: backward() adds to them. Clear them for every "
          + "batch, with optimizer.zeroGrad()."
      case .notMoved:
        "After the first batch the parameters are where they were. step() takes the gradients that "
          + "backward() has left, so the order is zeroGrad, backward, step."
      case .softmaxTwice:
        "crossEntropy expects logits and applies the softmax itself. Here it is applied twice (section 4.3)."
      case .sumOfTheBatch:
        "The steps are too large, n_b times. backward() starts from the batch's mean loss, not from its sum."
      case .meanOfMeans:
        "This is the mean of the batches' means, in which the examples of a smaller batch count more. Weight "
          + "each mean by the number of its examples."
      case .sumOfMeans: "The losses of the batches are added up. The mean over the examples is asked for."
      case .meanOfAll:
        "You have divided by the number of all examples, but the loader leaves some out. Count what comes."
      }
    }
  }

  /// An epoch with a slip in it: the loss that it returns.
  private static func epoch(_ task: Task, _ network: Network, _ optimizer: SGD, _ slip: Slip) -> Double {
    var (total, means, count) = (0.0, [Double](), 0)
    network.train()
    for (x, y) in task.loader {
      if slip != .notCleared { optimizer.zeroGrad() }
      let logits = slip == .softmaxTwice ? network(x).softmax(dim: 1) : network(x)
      let loss = crossEntropy(logits, y)
      (slip == .sumOfTheBatch ? loss * Double(y.count) : loss).backward()
      if slip != .notMoved { optimizer.step() }
      total += loss.item() * Double(y.count)
      means.append(loss.item())
      count += y.count
    }
    switch slip {
    case .meanOfMeans: return means.reduce(0, +) / Double(means.count)
    case .sumOfMeans: return means.reduce(0, +)
    case .meanOfAll: return total / Double(task.y.count)
    default: return total / Double(count)
    }
  }

  /// The loss and the numbers of the network after each of some epochs.
  private static func train(_ task: Task, epochs: Int, _ slip: Slip) -> [(loss: Double, numbers: Tensor)] {
    let (network, optimizer) = task.start()
    return (1...epochs).map { number in
      manualSeed(UInt64(number))
      let loss = epoch(task, network, optimizer, slip)
      return (loss, network.numbers)
    }
  }

  // MARK: - The answer beside them

  private static func compare(_ trial: Trial, _ task: Task, epochs: Int) throws {
    let expected = train(task, epochs: epochs, .none)
    let slips = Slip.allCases.dropFirst().map { ($0, train(task, epochs: epochs, $0)) }
    let (network, optimizer) = task.start()
    for number in 0..<epochs {
      network.modes = []
      let input = task.describe(network)
      manualSeed(UInt64(number + 1))
      let loss = try trainEpoch(task.loader, network, optimizer)
      try trial.require(
        network.modes.count == task.loader.count, "the number of times that the model is called in an epoch",
        given: input, expected: "\(task.loader.count), once for each batch", got: "\(network.modes.count)",
        meaning: network.modes.isEmpty
          ? "Nothing is computed: the model is not called." : "Every batch goes through the model once.")
      try trial.require(
        network.modes.allSatisfy { $0 }, "the model's mode in training, epoch \(number + 1)", given: input,
        expected: "train()", got: "eval()",
        meaning:
          "The model is still in the mode of the evaluation before, without dropout: call model.train().")
      let subject = "of epoch \(number + 1)"
      try trial.compare(
        "the loss \(subject)", loss, with: expected[number].loss, given: input,
        mistakes: slips.map { Mistake($0.0.meaning, gives: $0.1[number].loss) })
      try trial.compare(
        "the parameters at the end \(subject)", network.numbers, with: expected[number].numbers, given: input,
        mistakes: slips.map { Mistake($0.0.meaning, gives: $0.1[number].numbers) })
      try evaluation(trial, task, network)
    }
  }

  private static func evaluation(_ trial: Trial, _ task: Task, _ network: Network) throws {
    let (before, input) = (network.numbers, task.describe(network))
    network.train()
    (network.modes, network.histories) = ([], [])
    let (loss, accuracy) = try evaluate(task.testLoader, network)
    try trial.require(
      !network.modes.contains(true), "the model's mode in evaluation", given: input, expected: "eval()",
      got: "train()",
      meaning:
        "The model has been tested in training mode, with dropout, and the numbers depend on chance: call "
        + "model.eval().")
    try trial.require(
      !network.histories.contains(true), "what is remembered in evaluation", given: input,
      expected: "nothing", got: "the history of every output",
      meaning: "Nobody will ask for gradients here. Without noGrad { } every output drags its graph along.")
    try trial.compare(
      "the parameters after the evaluation", network.numbers, with: before, given: input,
      mistakes: [Mistake("An evaluation changes nothing: no backward(), no step().", when: true)])

    network.eval()
    let batches = noGrad { task.testLoader.map { (logits: network($0.0), y: $0.1) } }
    let (logits, y) = (cat(batches.map(\.logits)), cat(batches.map(\.y)))
    let losses = batches.map { crossEntropy($0.logits, $0.y).item() }
    let parts = batches.map { DeepLearning.accuracy($0.logits, $0.y) }
    let truth = DeepLearning.accuracy(logits, y)
    try trial.compare(
      "the loss that evaluate returns", loss, with: crossEntropy(logits, y).item(), given: input,
      mistakes: [
        Mistake(Slip.softmaxTwice.meaning, gives: crossEntropy(logits.softmax(dim: 1), y).item()),
        Mistake(Slip.meanOfMeans.meaning, gives: losses.reduce(0, +) / Double(losses.count)),
        Mistake(Slip.sumOfMeans.meaning, gives: losses.reduce(0, +)),
        Mistake("This is the loss of the last batch alone.", gives: losses.last!),
      ])
    try trial.compare(
      "the accuracy that evaluate returns", accuracy, with: truth, given: input,
      mistakes: [
        Mistake("This is in percent. The accuracy is to be a number from 0 to 1.", gives: 100 * truth),
        Mistake(
          "This is the number of right answers. Divide it by the number of examples.", when: accuracy > 1),
        Mistake(Slip.meanOfMeans.meaning, gives: parts.reduce(0, +) / Double(parts.count)),
        Mistake("This is the part of wrong answers.", gives: 1 - truth),
      ])
  }
}
