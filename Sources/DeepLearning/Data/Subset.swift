/// Some examples of a data set, in an order of their own.
///
///     let firstHundred = Subset(train, 0..<100)
///     let (image, label) = try firstHundred[0]    // throws what the data set throws
public struct Subset<Base: Dataset>: Dataset {
  public let dataset: Base
  /// Where each example of the subset stands in `dataset`.
  public let indices: [Int]

  public init(_ dataset: Base, _ indices: some Sequence<Int>) {
    self.dataset = dataset
    self.indices = Array(indices)
    let count = dataset.count
    for index in self.indices where index < 0 || index >= count {
      fail("Subset", "the index \(index) is outside the data set, which has \(count) examples")
    }
  }

  public var count: Int { indices.count }

  public subscript(index: Int) -> Base.Example {
    get throws {
      checkIndex(index, "Subset")
      return try dataset[indices[index]]
    }
  }

  public func batch(at indices: [Int]) throws -> Base.Example? {
    try dataset.batch(at: indices.map { self.indices[$0] })
  }
}

/// Deals the examples of a data set out at random into parts of the given fractions, which add up to 1.
///
///     let parts = randomSplit(train, [0.9, 0.1])    // 54,000 and 6,000 of 60,000
///
/// Each part has its fraction of the examples rounded down; those left over go to the parts in turn, one
/// each, from the first on. Order and sizes are those of `torch.utils.data.random_split`.
public func randomSplit<Base: Dataset>(
  _ dataset: Base, _ fractions: [Double], generator: Generator = .default
) -> [Subset<Base>] {
  check(
    fractions.allSatisfy { 0...1 ~= $0 } && abs(fractions.reduce(0, +) - 1) < 1e-9, "randomSplit",
    "the fractions must be between 0 and 1 and add up to 1, found \(fractions)")
  var counts = fractions.map { Int(Double(dataset.count) * $0) }
  for i in 0..<dataset.count - counts.reduce(0, +) { counts[i % counts.count] += 1 }
  return randomSplit(dataset, counts, generator: generator)
}

/// Deals the examples of a data set out at random into parts of the given sizes, which add up to its own.
///
///     let parts = randomSplit(train, [50_000, 10_000], generator: Generator(seed: 42))
public func randomSplit<Base: Dataset>(
  _ dataset: Base, _ counts: [Int], generator: Generator = .default
) -> [Subset<Base>] {
  check(
    counts.allSatisfy { $0 >= 0 } && counts.reduce(0, +) == dataset.count, "randomSplit",
    "parts of \(counts) examples do not add up to the \(dataset.count) of the data set")
  let order = generator.permutation(dataset.count)
  var start = 0
  return counts.map { count in
    defer { start += count }
    return Subset(dataset, order[start..<start + count])
  }
}

/// Data sets one after another.
public struct ConcatDataset<Base: Dataset>: Dataset {
  public let datasets: [Base]

  public init(_ datasets: [Base]) {
    check(!datasets.isEmpty, "ConcatDataset", "needs at least one data set")
    self.datasets = datasets
  }

  public var count: Int { datasets.reduce(0) { $0 + $1.count } }

  public subscript(index: Int) -> Base.Example {
    get throws {
      checkIndex(index, "ConcatDataset")
      var rest = index
      var part = 0
      while rest >= datasets[part].count {
        rest -= datasets[part].count
        part += 1
      }
      return try datasets[part][rest]
    }
  }
}

extension Generator {
  /// A random order of 0 ..< count.
  func permutation(_ count: Int) -> [Int] {
    [Int](unsafeUninitializedCapacity: count) { buffer, initialized in
      fillPermutation(UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
      initialized = count
    }
  }
}
