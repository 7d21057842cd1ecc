/// A text cut into parallel streams that are read window by window, for a model that carries its state on:
/// truncated backpropagation through time.
///
///     var state: Tensor? = nil
///     for (inputs, targets) in TextStreams(indices, batchSize: 32, length: 64) {    // (32, 64) and (32, 64)
///       ...                                      // the state goes on, detached, from window to window
///     }
///
/// Of N tokens each of B streams has S = ⌊N / B⌋, one stream after another in the text; what is left over at its
/// end is not used. The targets are the inputs, one token later. Row b of a window goes on where row b of the
/// window before it stopped, so that a stream gives S − 1 predictions. The last window may be shorter. These are
/// the batches of PyTorch's word language model, with the batch first.
public struct TextStreams: Sequence {
  /// Number of streams, B.
  public let batchSize: Int
  /// Number of tokens in a row of a window.
  public let length: Int
  private let streams: Tensor

  /// - Parameters:
  ///   - indices: The text's tokens.
  ///   - batchSize: Number of streams, B.
  ///   - length: Number of tokens in a row of a window, the steps that gradients go back.
  public init(_ indices: [Int], batchSize: Int, length: Int) {
    check(batchSize >= 1, "TextStreams", "a batch needs at least 1 stream, not \(batchSize)")
    check(length >= 1, "TextStreams", "a window needs at least 1 token, not \(length)")
    let size = indices.count / batchSize
    check(
      size >= 2, "TextStreams",
      "\(indices.count) tokens in \(batchSize) streams are \(size) each; a stream needs 2, one to predict")
    self.batchSize = batchSize
    self.length = length
    streams = Tensor(Array(indices.prefix(size * batchSize)), shape: [batchSize, size])
  }

  /// Number of windows.
  public var count: Int { (predictions + length - 1) / length }

  public var underestimatedCount: Int { count }

  private var predictions: Int { streams.shape[1] - 1 }

  public func makeIterator() -> some IteratorProtocol<(inputs: Tensor, targets: Tensor)> {
    stride(from: 0, to: predictions, by: length).lazy.map { [streams, length, predictions] start in
      let size = Swift.min(length, predictions - start)
      return (streams.narrow(1, start, size), streams.narrow(1, start + 1, size))
    }.makeIterator()
  }
}
