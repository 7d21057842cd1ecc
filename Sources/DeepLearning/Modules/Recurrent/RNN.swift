/// A recurrent network as Elman had it: the state after a step is a function of the input and of the state before it.
///
///     h_t = f(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh),  f = tanh or max(·, 0)
///
/// W_ih is (hidden, input) in the first layer and (hidden, directions · hidden) in those above, W_hh (hidden, hidden).
/// The output is h_t of the last layer at every step, both directions side by side. Two bias vectors are one too many:
/// only their sum matters. They are there because NVIDIA's library has them, and so PyTorch's saved files.
///
///     let rnn = RNN(10, 20, numLayers: 2)
///     let (output, h) = rnn(Tensor.randn(5, 3, 10))            // (5, 3, 20) and (2, 3, 20)
///     let (more, _) = rnn(Tensor.randn(5, 3, 10), h.detach())  // goes on, without a gradient into the first five
///
/// See ``RecurrentModule`` for shapes, and ``packPaddedSequence(_:_:batchFirst:)`` for sequences of different lengths.
/// Gradients cannot themselves be differentiated.
public final class RNN: RecurrentModule {
  public enum Nonlinearity: String, Sendable {
    case tanh, relu

    var recurrence: Recurrence { self == .tanh ? .tanh : .relu }
  }
  public let nonlinearity: Nonlinearity

  /// - Parameters:
  ///   - numLayers: How many layers lie one upon the other; each reads the outputs of the one below.
  ///   - dropout: With which probability a number passed from one layer to the next becomes 0 in training.
  ///   - bidirectional: Whether each layer also reads the sequence from its end, with weights of its own.
  public init(
    _ inputSize: Int, _ hiddenSize: Int, numLayers: Int = 1, nonlinearity: Nonlinearity = .tanh,
    bias: Bool = true, batchFirst: Bool = false, dropout: Double = 0, bidirectional: Bool = false
  ) {
    self.nonlinearity = nonlinearity
    super.init(
      nonlinearity.recurrence, inputSize, hiddenSize, numLayers: numLayers, bias: bias,
      batchFirst: batchFirst, dropout: dropout, bidirectional: bidirectional)
  }

  /// - Parameter h: The first state, (layers · directions, batch, hidden); zeros where none is given.
  /// - Returns: The last layer's states at every step, and every layer's last state.
  public func callAsFunction(_ x: Tensor, _ h: Tensor? = nil) -> (output: Tensor, hidden: Tensor) {
    let (output, state) = run(x, h.map { [$0] })
    return (shownToHooks(x, output), state[0])
  }

  /// The same for sequences of different lengths.
  public func callAsFunction(
    _ packed: PackedSequence, _ h: Tensor? = nil
  ) -> (output: PackedSequence, hidden: Tensor) {
    let (output, state) = run(packed, h.map { [$0] })
    _ = shownToHooks(packed.data, output.data)
    return (output, state[0])
  }
}
