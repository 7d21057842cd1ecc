/// Sequences of different lengths without what fills them up: the first steps of all, then the second steps of those
/// that have one, and so on. Made by ``packPaddedSequence(_:_:batchFirst:)``, taken by ``RNN``, ``LSTM`` and ``GRU``.
public struct PackedSequence {
  /// (sum of the lengths, features…): the steps below one another, each with the longest sequences first
  public let data: Tensor
  /// How many sequences have a first step, a second, …
  public let batchSizes: [Int]
  /// Which place in the batch the longest sequence had, the second longest, …
  public let sortedIndices: [Int]

  init(data: Tensor, batchSizes: [Int], sortedIndices: [Int]) {
    self.data = data
    self.batchSizes = batchSizes
    self.sortedIndices = sortedIndices
  }

  /// The same steps with other features, one row for each of `data`'s.
  func with(_ data: Tensor) -> PackedSequence {
    PackedSequence(data: data, batchSizes: batchSizes, sortedIndices: sortedIndices)
  }

  /// How many sequences there are.
  public var count: Int { sortedIndices.count }

  /// At which place among the sorted each sequence of the batch stands.
  public var unsortedIndices: [Int] {
    var places = [Int](repeating: 0, count: count)
    for (place, index) in sortedIndices.enumerated() { places[index] = place }
    return places
  }

  /// The length of each sequence, in the order of the batch.
  public var lengths: [Int] {
    unsortedIndices.map { place in batchSizes.count { $0 > place } }
  }

  /// The row of `data` with which each step begins.
  fileprivate var starts: [Int] {
    var start = 0
    return batchSizes.map { size in
      defer { start += size }
      return start
    }
  }
}

/// Leaves out what a batch of sequences was filled up with.
///
///     let packed = packPaddedSequence(embedded, lengths, batchFirst: true)
///     let (outputs, last) = gru(packed)                       // last: each sequence's own last step
///     let (padded, _) = padPackedSequence(outputs, batchFirst: true)
///
/// - Parameters:
///   - input: (length, batch, features…), or (batch, length, features…) with `batchFirst`.
///   - lengths: How many steps of each sequence count, at least 1. In any order: the sequences are sorted here, and the
///     states that a recurrent network gives back are in the order of the batch again.
public func packPaddedSequence(_ input: Tensor, _ lengths: [Int], batchFirst: Bool = false) -> PackedSequence
{
  check(
    input.rank >= 2, "packPaddedSequence",
    "needs a batch of sequences, (length, batch, …) or (batch, length, …) with batchFirst, found "
      + describe(input.shape))
  let (length, batch) =
    batchFirst ? (input.shape[1], input.shape[0]) : (input.shape[0], input.shape[1])
  check(
    lengths.count == batch, "packPaddedSequence",
    "\(lengths.count) lengths for the \(batch) sequences of \(describe(input.shape))")
  for (i, own) in lengths.enumerated() {
    check(
      own >= 1 && own <= length, "packPaddedSequence",
      "sequence \(i) has length \(own), which is not within 1 … \(length)")
  }
  // Sorting by place where lengths are equal makes the order certain.
  let order = lengths.indices.sorted { (lengths[$1], $0) < (lengths[$0], $1) }
  let batchSizes = (0..<(lengths.max() ?? 0)).map { t in lengths.count { $0 > t } }
  let rows = batchSizes.enumerated().flatMap { t, size in
    order[..<size].map { batchFirst ? $0 * length + t : t * batch + $0 }
  }
  let data = input.reshape([length * batch] + input.shape[2...]).indexSelect(0, Tensor(rows))
  return PackedSequence(data: data, batchSizes: batchSizes, sortedIndices: order)
}

/// The same for lengths in a tensor of `int64`, as a batch of a loader has them.
public func packPaddedSequence(
  _ input: Tensor, _ lengths: Tensor, batchFirst: Bool = false
) -> PackedSequence {
  check(
    lengths.dtype == .int64 && lengths.rank == 1, "packPaddedSequence",
    "the lengths must be a vector of int64, found shape \(describe(lengths.shape)) of \(lengths.dtype)")
  return packPaddedSequence(input, lengths.toArray(of: Int.self), batchFirst: batchFirst)
}

/// The sequences filled up to one length again, in the order of the batch, and their own lengths.
///
/// - Parameters:
///   - paddingValue: What they are filled up with.
///   - totalLength: The length to fill up to; without it, that of the longest.
/// - Returns: (length, batch, features…), or (batch, length, features…) with `batchFirst`.
public func padPackedSequence(
  _ sequence: PackedSequence, batchFirst: Bool = false, paddingValue: Double = 0, totalLength: Int? = nil
) -> (output: Tensor, lengths: [Int]) {
  let (lengths, places, starts) = (sequence.lengths, sequence.unsortedIndices, sequence.starts)
  let longest = sequence.batchSizes.count
  let length = totalLength ?? longest
  check(
    length >= longest, "padPackedSequence",
    "the longest sequence has \(longest) steps, more than the total length \(length)")
  let (data, batch) = (sequence.data, sequence.count)
  // One row more, which stands for "nothing here".
  let features = Array(data.shape[1...])
  let filler = Tensor.full([1] + features, paddingValue, dtype: data.dtype)
  let padding = data.shape[0]
  func row(_ t: Int, _ b: Int) -> Int { t < lengths[b] ? starts[t] + places[b] : padding }
  let rows =
    batchFirst
    ? (0..<batch).flatMap { b in (0..<length).map { row($0, b) } }
    : (0..<length).flatMap { t in (0..<batch).map { row(t, $0) } }
  let leading = batchFirst ? [batch, length] : [length, batch]
  let output = cat([data, filler]).indexSelect(0, Tensor(rows)).reshape(leading + features)
  return (output, lengths)
}
