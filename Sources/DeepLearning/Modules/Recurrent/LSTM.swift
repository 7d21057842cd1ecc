/// Long short-term memory: beside its output h it carries a state c from step to step, to which gates add and from
/// which they take away, so that what is kept passes unchanged, and so does its gradient.
///
///     i_t = σ(W_ii x_t + b_ii + W_hi h_{t−1} + b_hi)       the input gate: how much is written
///     f_t = σ(W_if x_t + b_if + W_hf h_{t−1} + b_hf)       the forget gate: how much is kept
///     g_t = tanh(W_ig x_t + b_ig + W_hg h_{t−1} + b_hg)    what is written
///     o_t = σ(W_io x_t + b_io + W_ho h_{t−1} + b_ho)       the output gate: how much is shown
///     c_t = f_t c_{t−1} + i_t g_t
///     h_t = o_t tanh c_t
///
/// The four lie below one another in this order: W_ih is (4 hidden, input) in the first layer and (4 hidden, directions ·
/// hidden) in those above, W_hh (4 hidden, hidden), each bias (4 hidden). The output is h_t of the last layer at every
/// step, both directions side by side.
///
///     let lstm = LSTM(10, 20, numLayers: 2)
///     let (output, (h, c)) = lstm(Tensor.randn(5, 3, 10))      // (5, 3, 20), (2, 3, 20), (2, 3, 20)
///     let (more, _) = lstm(Tensor.randn(5, 3, 10), (h.detach(), c.detach()))
///
/// See ``RecurrentModule`` for shapes, and ``packPaddedSequence(_:_:batchFirst:)`` for sequences of different lengths.
/// Gradients cannot themselves be differentiated.
///
/// S. Hochreiter and J. Schmidhuber, "Long Short-Term Memory", Neural Computation 9 (1997); the forget gate is from
/// F. A. Gers, J. Schmidhuber and F. Cummins, "Learning to Forget", Neural Computation 12 (2000).
public final class LSTM: RecurrentModule {
  /// What is carried from step to step, each (layers · directions, batch, hidden).
  public typealias State = (h: Tensor, c: Tensor)

  /// - Parameters:
  ///   - numLayers: How many layers lie one upon the other; each reads the outputs of the one below.
  ///   - dropout: With which probability a number passed from one layer to the next becomes 0 in training.
  ///   - bidirectional: Whether each layer also reads the sequence from its end, with weights of its own.
  public init(
    _ inputSize: Int, _ hiddenSize: Int, numLayers: Int = 1, bias: Bool = true, batchFirst: Bool = false,
    dropout: Double = 0, bidirectional: Bool = false
  ) {
    super.init(
      .lstm, inputSize, hiddenSize, numLayers: numLayers, bias: bias, batchFirst: batchFirst,
      dropout: dropout, bidirectional: bidirectional)
  }

  /// - Parameter state: The first h and c; zeros where none are given.
  /// - Returns: The last layer's h at every step, and every layer's last h and c.
  public func callAsFunction(_ x: Tensor, _ state: State? = nil) -> (output: Tensor, state: State) {
    let (output, last) = run(x, state.map { [$0.h, $0.c] })
    return (shownToHooks(x, output), (last[0], last[1]))
  }

  /// The same for sequences of different lengths.
  public func callAsFunction(
    _ packed: PackedSequence, _ state: State? = nil
  ) -> (output: PackedSequence, state: State) {
    let (output, last) = run(packed, state.map { [$0.h, $0.c] })
    _ = shownToHooks(packed.data, output.data)
    return (output, (last[0], last[1]))
  }
}
