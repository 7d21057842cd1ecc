/// A gated recurrent unit: one state, and two gates that decide how much of it is read and how much of it stays.
///
///     r_t = σ(W_ir x_t + b_ir + W_hr h_{t−1} + b_hr)            the reset gate: how much of the state is read
///     z_t = σ(W_iz x_t + b_iz + W_hz h_{t−1} + b_hz)            the update gate: how much of the state stays
///     n_t = tanh(W_in x_t + b_in + r_t (W_hn h_{t−1} + b_hn))   what takes the place of the rest
///     h_t = (1 − z_t) n_t + z_t h_{t−1}
///
/// The three lie below one another in this order: W_ih is (3 hidden, input) in the first layer and (3 hidden, directions ·
/// hidden) in those above, W_hh (3 hidden, hidden), each bias (3 hidden). The output is h_t of the last layer at every
/// step, both directions side by side. As in PyTorch, the reset gate acts after the product with W_hn, and not, as in the
/// paper, before it.
///
///     let gru = GRU(10, 20, bidirectional: true)
///     let (output, h) = gru(Tensor.randn(5, 3, 10))            // (5, 3, 40) and (2, 3, 20)
///
/// See ``RecurrentModule`` for shapes, and ``packPaddedSequence(_:_:batchFirst:)`` for sequences of different lengths.
/// Gradients cannot themselves be differentiated.
///
/// K. Cho et al., "Learning Phrase Representations using RNN Encoder–Decoder for Statistical Machine Translation",
/// EMNLP 2014.
public final class GRU: RecurrentModule {
  /// - Parameters:
  ///   - numLayers: How many layers lie one upon the other; each reads the outputs of the one below.
  ///   - dropout: With which probability a number passed from one layer to the next becomes 0 in training.
  ///   - bidirectional: Whether each layer also reads the sequence from its end, with weights of its own.
  public init(
    _ inputSize: Int, _ hiddenSize: Int, numLayers: Int = 1, bias: Bool = true, batchFirst: Bool = false,
    dropout: Double = 0, bidirectional: Bool = false
  ) {
    super.init(
      .gru, inputSize, hiddenSize, numLayers: numLayers, bias: bias, batchFirst: batchFirst,
      dropout: dropout, bidirectional: bidirectional)
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
