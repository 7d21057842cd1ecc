/// Sequences of different lengths as one batch: the shorter ones are filled up behind their end.
///
///     let batch = PaddedSequences([[1, 7, 5, 2], [1, 9, 2]])
///     batch.tokens     // [[1, 7, 5, 2], [1, 9, 2, 0]]
///     batch.lengths    // [4, 3]
///     batch.mask       // [[true, true, true, true], [true, true, true, false]]
public struct PaddedSequences {
  /// The tokens, int64 (B, T); T is the length of the longest sequence.
  public let tokens: Tensor
  /// The length of each sequence before it was filled up.
  public let lengths: [Int]
  /// The token that they were filled up with.
  public let padding: Int

  public init(_ sequences: [[Int]], padding: Int = 0) {
    check(!sequences.isEmpty, "PaddedSequences", "a batch needs at least 1 sequence")
    lengths = sequences.map(\.count)
    self.padding = padding
    let longest = lengths.max()!
    let rows = sequences.flatMap { $0 + Array(repeating: padding, count: longest - $0.count) }
    tokens = Tensor(rows, shape: [sequences.count, longest])
  }

  /// True where a token stands and false where it was filled up, bool (B, T).
  public var mask: Tensor { sequenceMask(lengths, length: tokens.shape[1]) }

  /// What a decoder reads when it is told the right tokens, (B, T − 1): all but the last.
  public var inputs: Tensor { shortened(from: 0) }

  /// What it has to write in answer, (B, T − 1): all but the first. The padding among it is to be ignored:
  /// `crossEntropy(..., ignoreIndex: batch.padding)`.
  public var targets: Tensor { shortened(from: 1) }

  private func shortened(from start: Int) -> Tensor {
    check(tokens.shape[1] >= 1, "PaddedSequences", "empty sequences have no token to begin with")
    return tokens.narrow(1, start, tokens.shape[1] - 1)
  }
}

/// A batch of pairs, the sources and the targets each filled up to its own longest.
///
///     let loader = DataLoader(pairs, batchSize: 64, shuffle: true, collate: { PaddedPairs($0) })
///     for batch in loader {
///       encode(batch.source.tokens, batch.source.lengths)
///       ...
///     }
public struct PaddedPairs {
  public let source: PaddedSequences
  public let target: PaddedSequences

  public init(_ pairs: [(source: [Int], target: [Int])], padding: Int = 0) {
    source = PaddedSequences(pairs.map(\.source), padding: padding)
    target = PaddedSequences(pairs.map(\.target), padding: padding)
  }
}

/// True at the first `lengths[b]` places of row b, bool (B, T).
///
/// - Parameter length: T; by default the largest of the lengths.
public func sequenceMask(_ lengths: [Int], length: Int? = nil) -> Tensor {
  let longest = lengths.max() ?? 0
  let length = length ?? longest
  check(
    longest <= length && (lengths.min() ?? 0) >= 0, "sequenceMask",
    "lengths must be between 0 and \(length), found \(lengths)")
  return Tensor.arange(length).unsqueeze(0) .< Tensor(lengths).unsqueeze(1)
}
