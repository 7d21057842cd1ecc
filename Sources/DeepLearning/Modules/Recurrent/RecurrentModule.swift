/// What ``RNN``, ``LSTM`` and ``GRU`` have in common: layers one upon the other, each reading a sequence in one direction
/// or both.
///
/// Sequences are (length, batch, features), or (batch, length, features) with `batchFirst`; without a batch, (length,
/// features). The first state, where one is given, and the last have one row for every layer and direction, (layers ·
/// directions, batch, hidden), also with `batchFirst`: layer 0, layer 0 reversed, layer 1, …
public class RecurrentModule: Module {
  public let inputSize: Int
  public let hiddenSize: Int
  public let numLayers: Int
  public let bias: Bool
  public let batchFirst: Bool
  /// With which probability a number passed from one layer to the next becomes 0 in training.
  public let dropout: Double
  public let bidirectional: Bool
  /// What is learned, in the order of the states: `weights[k]` belongs to row k of them.
  public let weights: [RecurrentWeights]
  private let kind: Recurrence

  /// Every number starts as U(−1/√hidden, 1/√hidden), as in PyTorch.
  init(
    _ kind: Recurrence, _ inputSize: Int, _ hiddenSize: Int, numLayers: Int, bias: Bool, batchFirst: Bool,
    dropout: Double, bidirectional: Bool
  ) {
    let name = "\(Self.self)"
    check(
      inputSize > 0 && hiddenSize > 0 && numLayers > 0, name,
      "needs at least one input, one unit and one layer, found \(inputSize), \(hiddenSize) and \(numLayers)")
    check((0...1).contains(dropout), name, "\(dropout) is not a probability")
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    self.numLayers = numLayers
    self.bias = bias
    self.batchFirst = batchFirst
    self.dropout = dropout
    self.bidirectional = bidirectional
    self.kind = kind
    let directions = bidirectional ? 2 : 1
    weights = (0..<numLayers * directions).map { k in
      RecurrentWeights(
        kind, k < directions ? inputSize : directions * hiddenSize, hiddenSize, bias: bias)
    }
  }

  private var directions: Int { bidirectional ? 2 : 1 }

  /// PyTorch's names: `weight_ih_l0`, `weight_hh_l0`, `bias_ih_l0`, `bias_hh_l0`, and for the way back
  /// `weight_ih_l0_reverse`, ….
  package override func members() -> [(name: String, member: Member)] {
    weights.enumerated().flatMap { k, weights in
      let suffix = "_l\(k / directions)" + (k % directions == 1 ? "_reverse" : "")
      return weights.named.map { ($0.name + suffix, Member.tensor($0.tensor)) }
    }
  }

  /// The output alone, for use in a ``Sequential``.
  public override func forward(_ x: Tensor) -> Tensor { run(x, nil).output }

  public override var extraDescription: String {
    var settings = ["\(inputSize)", "\(hiddenSize)"]
    if numLayers != 1 { settings.append("num_layers=\(numLayers)") }
    if !bias { settings.append("bias=False") }
    if batchFirst { settings.append("batch_first=True") }
    if dropout != 0 { settings.append("dropout=\(dropout)") }
    if bidirectional { settings.append("bidirectional=True") }
    return settings.joined(separator: ", ")
  }

  // MARK: - Running

  /// A sequence, or a batch of them of one length.
  func run(_ x: Tensor, _ state: [Tensor]?) -> (output: Tensor, state: [Tensor]) {
    check(
      (x.rank == 2 || x.rank == 3) && x.shape[x.rank - 1] == inputSize, "\(type(of: self))",
      "the input is \(describe(x.shape)), expected "
        + (batchFirst ? "(batch, length, \(inputSize))" : "(length, batch, \(inputSize))")
        + " or (length, \(inputSize))")
    if x.rank == 2 {
      let (output, last) = run(x.unsqueeze(batchFirst ? 0 : 1), state.map { $0.map { $0.unsqueeze(1) } })
      return (output.squeeze(batchFirst ? 0 : 1), last.map { $0.squeeze(1) })
    }
    let sequence = batchFirst ? x.transpose(0, 1) : x
    let (length, batch) = (sequence.shape[0], sequence.shape[1])
    check(
      length > 0 && batch > 0, "\(type(of: self))", "there is no step in an input of \(describe(x.shape))")
    let (rows, last) = run(
      sequence.reshape([length * batch, inputSize]), Array(repeating: batch, count: length), state)
    let output = rows.reshape([length, batch, directions * hiddenSize])
    return (batchFirst ? output.transpose(0, 1) : output, last)
  }

  /// Sequences of different lengths: each one's last state is that after its own last step, and the way back begins
  /// there.
  func run(_ packed: PackedSequence, _ state: [Tensor]?) -> (output: PackedSequence, state: [Tensor]) {
    check(
      packed.data.rank == 2 && packed.data.shape[1] == inputSize, "\(type(of: self))",
      "the packed steps are \(describe(packed.data.shape)), expected (steps, \(inputSize))")
    let order = Tensor(packed.sortedIndices)
    let (rows, last) = run(
      packed.data, packed.batchSizes, state.map { $0.map { $0.indexSelect(1, order) } })
    let back = Tensor(packed.unsortedIndices)
    return (packed.with(rows), last.map { $0.indexSelect(1, back) })
  }

  /// All layers over the rows of all steps.
  private func run(
    _ x: Tensor, _ batchSizes: [Int], _ state: [Tensor]?
  ) -> (output: Tensor, state: [Tensor]) {
    let shape = [weights.count, batchSizes[0], hiddenSize]
    if let wrong = state?.first(where: { $0.shape != shape }) {
      fail(
        "\(type(of: self))",
        "a state is \(describe(wrong.shape)), expected \(describe(shape)): layers and directions, batch, hidden"
      )
    }
    let generator = isTraining && dropout > 0 ? Generator.default : nil
    return stackedRecurrence(
      kind, x, batchSizes: batchSizes, state: state, weights, isBidirectional: bidirectional,
      dropout: generator.map { (dropout, $0) })
  }
}

/// Layers one upon the other, over the rows of all steps as ``recurrent(_:_:batchSizes:isReversed:state:_:)`` takes them.
///
/// - Parameters:
///   - state: The first state of each kind, (layers · directions, batch, hidden); zeros where none is given.
///   - dropout: What happens between two layers, if anything.
/// - Returns: The last layer's outputs, the two directions side by side, and the last states in the shape of the first.
func stackedRecurrence(
  _ kind: Recurrence, _ x: Tensor, batchSizes: [Int], state: [Tensor]?, _ weights: [RecurrentWeights],
  isBidirectional: Bool, dropout: (p: Double, generator: Generator)? = nil
) -> (output: Tensor, state: [Tensor]) {
  let directions = isBidirectional ? 2 : 1
  let zeros = Tensor.zeros([batchSizes[0], weights[0].hiddenSize], dtype: x.dtype)
  var x = x
  var last: [[Tensor]] = Array(repeating: [], count: kind.stateCount)
  for layer in 0..<weights.count / directions {
    if layer > 0, let dropout {
      x = Tensors.dropout(x, p: dropout.p, generator: dropout.generator)
    }
    let outputs = (0..<directions).map { direction in
      let k = layer * directions + direction
      let first = state.map { $0.map { $0.select(0, k) } } ?? Array(repeating: zeros, count: kind.stateCount)
      let (output, end) = recurrent(
        kind, x, batchSizes: batchSizes, isReversed: direction == 1, state: first, weights[k])
      for (i, state) in end.enumerated() { last[i].append(state) }
      return output
    }
    x = directions == 1 ? outputs[0] : cat(outputs, dim: 1)
  }
  return (x, last.map { $0.count == 1 ? $0[0].unsqueeze(0) : stack($0) })
}

extension RecurrentWeights {
  /// New ones, drawn from U(−1/√hidden, 1/√hidden).
  init(_ kind: Recurrence, _ inputSize: Int, _ hiddenSize: Int, bias: Bool) {
    let bound = 1 / Double(hiddenSize).squareRoot()
    let width = kind.gateCount * hiddenSize
    func parameter(_ shape: Int...) -> Tensor {
      Parameter(Init.uniform_(Tensor.zeros(shape), -bound, bound))
    }
    // The order of drawing is PyTorch's.
    self.init(
      weightIH: parameter(width, inputSize), weightHH: parameter(width, hiddenSize),
      biasIH: bias ? parameter(width) : nil, biasHH: bias ? parameter(width) : nil)
  }

  /// Under PyTorch's names, and in its order.
  var named: [(name: String, tensor: Tensor)] {
    let all = [
      ("weight_ih", weightIH), ("weight_hh", weightHH), ("bias_ih", biasIH), ("bias_hh", biasHH),
    ]
    return all.compactMap { name, tensor in tensor.map { (name, $0) } }
  }
}
