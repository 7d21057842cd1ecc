/// Windows of a text as examples that can be shuffled, for a model that starts each from an empty state.
///
///     let windows = TextWindows(indices, length: 64)
///     for (inputs, targets) in DataLoader(windows, batchSize: 32, shuffle: true) {    // (32, 64) each
///
/// Example i has the tokens from i · step on: `length` of them as inputs, and as targets the same, one token later.
public struct TextWindows: Dataset {
  /// Number of tokens in a window.
  public let length: Int
  /// How far a window begins behind the one before it.
  public let step: Int
  private let indices: [Int]

  /// - Parameters:
  ///   - indices: The text's tokens, at least `length` + 1.
  ///   - length: Number of tokens in a window.
  ///   - step: How far a window begins behind the one before it; by default they do not overlap.
  public init(_ indices: [Int], length: Int, step: Int? = nil) {
    let step = step ?? length
    check(length >= 1 && step >= 1, "TextWindows", "length \(length) and step \(step) must be at least 1")
    check(
      indices.count > length, "TextWindows",
      "\(indices.count) tokens do not fill a window of \(length) and the token after it")
    self.indices = indices
    self.length = length
    self.step = step
  }

  public var count: Int { (indices.count - length - 1) / step + 1 }

  /// Inputs and targets, int64, (length) each.
  public subscript(index: Int) -> (Tensor, Tensor) {
    checkIndex(index, "TextWindows")
    return (tokens(from: [index], after: 0)[0], tokens(from: [index], after: 1)[0])
  }

  public func batch(at indices: [Int]) -> (Tensor, Tensor)? {
    for index in indices { checkIndex(index, "TextWindows") }
    return (tokens(from: indices, after: 0), tokens(from: indices, after: 1))
  }

  private func tokens(from examples: [Int], after offset: Int) -> Tensor {
    let rows = examples.flatMap { indices[$0 * step + offset..<$0 * step + offset + length] }
    return Tensor(rows, shape: [examples.count, length])
  }
}
