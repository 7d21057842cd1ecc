/// What ``RNNCell``, ``LSTMCell`` and ``GRUCell`` have in common: one step of one layer, for a decoder that chooses its
/// next input after seeing its output. The input is (batch, input), each state (batch, hidden); both may lack the batch.
public class RecurrentCellModule: Module {
  public let inputSize: Int
  public let hiddenSize: Int
  public let bias: Bool
  /// What is learned, under the names `weight_ih`, `weight_hh`, `bias_ih` and `bias_hh`.
  public let weights: RecurrentWeights
  private let kind: Recurrence

  /// Every number starts as U(−1/√hidden, 1/√hidden), as in PyTorch.
  init(_ kind: Recurrence, _ inputSize: Int, _ hiddenSize: Int, bias: Bool) {
    check(
      inputSize > 0 && hiddenSize > 0, "\(Self.self)",
      "needs at least one input and one unit, found \(inputSize) and \(hiddenSize)")
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    self.bias = bias
    self.kind = kind
    weights = RecurrentWeights(kind, inputSize, hiddenSize, bias: bias)
  }

  package override func members() -> [(name: String, member: Member)] {
    weights.named.map { ($0.name, Member.tensor($0.tensor)) }
  }

  public override var extraDescription: String {
    "\(inputSize), \(hiddenSize)" + (bias ? "" : ", bias=False")
  }

  /// The state after a step, from that before it; zeros where none is given.
  func step(_ x: Tensor, _ state: [Tensor]?) -> [Tensor] {
    check(
      (x.rank == 1 || x.rank == 2) && x.shape[x.rank - 1] == inputSize, "\(type(of: self))",
      "the input is \(describe(x.shape)), expected (batch, \(inputSize)) or (\(inputSize),)")
    if x.rank == 1 {
      return step(x.unsqueeze(0), state.map { $0.map { $0.unsqueeze(0) } }).map { $0.squeeze(0) }
    }
    let shape = [x.shape[0], hiddenSize]
    if let wrong = state?.first(where: { $0.shape != shape }) {
      fail(
        "\(type(of: self))", "a state is \(describe(wrong.shape)), expected \(describe(shape)): batch, hidden"
      )
    }
    let first = state ?? Array(repeating: Tensor.zeros(shape, dtype: x.dtype), count: kind.stateCount)
    return recurrent(kind, x, batchSizes: [x.shape[0]], state: first, weights).state
  }
}

/// One step of an ``RNN``: h' = f(W_ih x + b_ih + W_hh h + b_hh), called as `cell(x, h)`, or `cell(x)` with h = 0.
public final class RNNCell: RecurrentCellModule {
  public let nonlinearity: RNN.Nonlinearity

  public init(
    _ inputSize: Int, _ hiddenSize: Int, bias: Bool = true, nonlinearity: RNN.Nonlinearity = .tanh
  ) {
    self.nonlinearity = nonlinearity
    super.init(nonlinearity.recurrence, inputSize, hiddenSize, bias: bias)
  }

  public override func forward(_ x: Tensor) -> Tensor { step(x, nil)[0] }
  public override func forward(_ x: Tensor, _ h: Tensor) -> Tensor { step(x, [h])[0] }

  public override var extraDescription: String {
    super.extraDescription + (nonlinearity == .tanh ? "" : ", nonlinearity=\(nonlinearity)")
  }
}

/// One step of a ``GRU``, called as `cell(x, h)`, or `cell(x)` with h = 0.
public final class GRUCell: RecurrentCellModule {
  public init(_ inputSize: Int, _ hiddenSize: Int, bias: Bool = true) {
    super.init(.gru, inputSize, hiddenSize, bias: bias)
  }

  public override func forward(_ x: Tensor) -> Tensor { step(x, nil)[0] }
  public override func forward(_ x: Tensor, _ h: Tensor) -> Tensor { step(x, [h])[0] }
}

/// One step of an ``LSTM``: `let (h, c) = cell(x, (h, c))`, or `cell(x)` with both 0.
public final class LSTMCell: RecurrentCellModule {
  public init(_ inputSize: Int, _ hiddenSize: Int, bias: Bool = true) {
    super.init(.lstm, inputSize, hiddenSize, bias: bias)
  }

  public func callAsFunction(_ x: Tensor, _ state: LSTM.State? = nil) -> LSTM.State {
    let next = step(x, state.map { [$0.h, $0.c] })
    return (shownToHooks(x, next[0]), next[1])
  }

  /// h' alone, from zeros.
  public override func forward(_ x: Tensor) -> Tensor { step(x, nil)[0] }
}
