import Dispatch
import Synchronization

/// Goes through a data set in batches.
///
///     let loader = DataLoader(train, batchSize: 64, shuffle: true)
///     for epoch in 1...10 {
///       for (images, labels) in loader {    // (64, 1, 28, 28) and (64)
///         ...
///       }
///     }
///
/// Each `for` is an epoch: every example once, in an order of its own where `shuffle` is set. After
/// `manualSeed(s)` the batches are those of PyTorch's DataLoader after `torch.manual_seed(s)`, and so is
/// every random number that is drawn afterwards.
///
/// Examples that are tensors, or pairs of tensors, are stacked along a new first dimension. Others are put
/// together by a closure, `collate:`. A batch carries no history: no gradients flow into the data.
///
/// Random numbers: an epoch draws two seeds from `Generator.default`, or from `generator` where one is given:
/// one for the transforms and, where it shuffles, one for the order. While a batch is made,
/// `Generator.default` is a generator that began with the first, as it is in PyTorch's worker process with
/// `num_workers=1`: a random transform draws the same numbers with `prefetch` and without, and whatever the
/// loop's body draws.
///
/// With `prefetch` the data set and its transforms run on another thread than the loop's body; what they
/// share with it they must not change.
public struct DataLoader<Batch>: Sequence {
  public let dataset: any Dataset
  public let batchSize: Int
  /// Whether each epoch has a new order.
  public let shuffle: Bool
  /// Whether a last batch that is shorter than the others is left out.
  public let dropLast: Bool
  /// How many batches are made ahead, on another thread; 0 makes each when it is asked for.
  public let prefetch: Int
  private let generator: Generator?
  private let makeBatch: ([Int]) throws -> Batch

  /// In a sequence the name would stand for its iterators, as it did in the first Swift.
  public typealias Generator = Tensors.Generator

  /// Batches of a data set whose examples are tensors.
  ///
  /// - Parameters:
  ///   - dataset: Where the examples come from.
  ///   - batchSize: Examples in a batch, at least 1.
  ///   - shuffle: Whether each epoch has a new order.
  ///   - dropLast: Whether to leave out a last batch that is shorter than the others.
  ///   - generator: The source of the order; by default `Generator.default`.
  ///   - prefetch: How many batches to make ahead, on another thread.
  public init<Data: Dataset>(
    _ dataset: Data, batchSize: Int = 1, shuffle: Bool = false, dropLast: Bool = false,
    generator: Generator? = nil, prefetch: Int = 0
  ) where Data.Example == Tensor, Batch == Tensor {
    self.init(dataset, batchSize, shuffle, dropLast, generator, prefetch) { indices in
      try dataset.batch(at: indices) ?? stack(indices.map { try dataset[$0] })
    }
  }

  /// Batches of a data set whose examples are pairs of tensors, such as inputs and targets.
  public init<Data: Dataset>(
    _ dataset: Data, batchSize: Int = 1, shuffle: Bool = false, dropLast: Bool = false,
    generator: Generator? = nil, prefetch: Int = 0
  ) where Data.Example == (Tensor, Tensor), Batch == (Tensor, Tensor) {
    self.init(dataset, batchSize, shuffle, dropLast, generator, prefetch) { indices in
      try dataset.batch(at: indices) ?? stackPairs(indices.map { try dataset[$0] })
    }
  }

  /// Batches of a data set of images with labels.
  public init<Data: Dataset>(
    _ dataset: Data, batchSize: Int = 1, shuffle: Bool = false, dropLast: Bool = false,
    generator: Generator? = nil, prefetch: Int = 0
  ) where Data.Example == (image: Tensor, label: Tensor), Batch == (Tensor, Tensor) {
    self.init(dataset, batchSize, shuffle, dropLast, generator, prefetch) { indices in
      try dataset.batch(at: indices) ?? stackPairs(indices.map { try dataset[$0] })
    }
  }

  /// Batches of any data set.
  ///
  ///     DataLoader(sentences, batchSize: 8, collate: { padded($0) })
  ///
  /// - Parameter collate: Makes a batch of its examples.
  public init<Data: Dataset>(
    _ dataset: Data, batchSize: Int = 1, shuffle: Bool = false, dropLast: Bool = false,
    generator: Generator? = nil, prefetch: Int = 0, collate: @escaping ([Data.Example]) throws -> Batch
  ) {
    self.init(dataset, batchSize, shuffle, dropLast, generator, prefetch) { indices in
      try collate(indices.map { try dataset[$0] })
    }
  }

  private init(
    _ dataset: any Dataset, _ batchSize: Int, _ shuffle: Bool, _ dropLast: Bool, _ generator: Generator?,
    _ prefetch: Int, makeBatch: @escaping ([Int]) throws -> Batch
  ) {
    check(batchSize >= 1, "DataLoader", "a batch needs at least 1 example, not \(batchSize)")
    check(prefetch >= 0, "DataLoader", "cannot make \(prefetch) batches ahead")
    check(dataset.count > 0, "DataLoader", "the data set has no examples")
    self.dataset = dataset
    self.batchSize = batchSize
    self.shuffle = shuffle
    self.dropLast = dropLast
    self.generator = generator
    self.prefetch = prefetch
    self.makeBatch = makeBatch
  }

  /// Number of batches in an epoch.
  public var count: Int { batchCount(dataset.count) }

  private func batchCount(_ examples: Int) -> Int {
    examples / batchSize + (dropLast || examples % batchSize == 0 ? 0 : 1)
  }

  public var underestimatedCount: Int { count }

  public func makeIterator() -> Iterator { Iterator(self) }

  /// One epoch.
  public final class Iterator: IteratorProtocol {
    private let loader: DataLoader
    private let workshop: Workshop
    private let exampleCount: Int
    private let batchCount: Int
    /// Where each example of the epoch stands in the data set; drawn when the first batch is asked for.
    private var order: [Int]?
    private var hasEnded = false
    /// Number of batches handed out.
    private var position = 0
    /// Batches that are being made, the next one first.
    private var ordered: [Order] = []
    /// How many have been ordered so far.
    private var orderedCount = 0

    fileprivate init(_ loader: DataLoader) {
      self.loader = loader
      exampleCount = loader.dataset.count
      batchCount = loader.batchCount(exampleCount)
      let seed = (loader.generator ?? .default).nextSeed()
      workshop = Workshop(seed: seed, loader.makeBatch)
    }

    deinit { workshop.close() }

    /// The next batch, or nil at the end of the epoch.
    ///
    /// A `for` loop cannot catch; what the data set throws ends the program with one line. See ``tryNext()``.
    public func next() -> Batch? {
      do { return try tryNext() } catch { fail("DataLoader", "batch \(position - 1): \(error)") }
    }

    /// The next batch, or nil at the end of the epoch; throws what the data set threw while it was made. The
    /// call after that goes on with the batch after that.
    public func tryNext() throws -> Batch? {
      if order == nil {
        order = makeOrder()
        for _ in 0..<Swift.min(loader.prefetch, batchCount) { makeAhead() }
      }
      guard position < batchCount else {
        endOrder()
        return nil
      }
      let indices = indices(ofBatch: position)
      if indices.count < loader.batchSize { endOrder() }
      position += 1
      guard loader.prefetch > 0 else { return try workshop.make(indices) }
      makeAhead()
      return try ordered.removeFirst().wait()
    }

    /// Orders the batch after those that are ordered already.
    private func makeAhead() {
      guard orderedCount < batchCount else { return }
      ordered.append(workshop.order(indices(ofBatch: orderedCount)))
      orderedCount += 1
    }

    private func indices(ofBatch number: Int) -> [Int] {
      let start = number * loader.batchSize
      return Array(order![start..<start + Swift.min(loader.batchSize, exampleCount - start)])
    }

    private func makeOrder() -> [Int] {
      guard loader.shuffle else { return Array(0..<exampleCount) }
      let generator = loader.generator ?? Generator(seed: Generator.default.nextSeed())
      return generator.permutation(exampleCount)
    }

    /// When PyTorch's sampler has come to the end of its order it draws another one, of which it needs
    /// nothing. From a generator of one's own these numbers are missing afterwards.
    private func endOrder() {
      if !hasEnded, loader.shuffle, let generator = loader.generator {
        _ = generator.permutation(exampleCount)
      }
      hasEnded = true
    }
  }
}

extension DataLoader {
  /// Makes the batches of an epoch, one after another.
  ///
  /// Nothing waits here for a loop that has been left: only the batches that were ordered are under way, and
  /// those not begun are given up.
  fileprivate final class Workshop: @unchecked Sendable {
    private let generator: Generator
    private let makeBatch: ([Int]) throws -> Batch
    private let queue = DispatchQueue(label: "DataLoader")
    private let isClosed = Atomic(false)

    init(seed: UInt64, _ makeBatch: @escaping ([Int]) throws -> Batch) {
      generator = Generator(seed: seed)
      self.makeBatch = makeBatch
    }

    /// Makes a batch here and now.
    func make(_ indices: [Int]) throws -> Batch {
      try noGrad {
        try Generator.$current.withValue(generator) { try makeBatch(indices) }
      }
    }

    /// Makes a batch on the queue's thread, after those ordered before.
    func order(_ indices: [Int]) -> Order {
      let order = Order()
      queue.async { [self] in
        if !isClosed.load(ordering: .relaxed) { order.deliver(Result { try make(indices) }) }
      }
      return order
    }

    func close() { isClosed.store(true, ordering: .relaxed) }
  }

  /// A batch that is being made.
  fileprivate final class Order: @unchecked Sendable {
    private let isDelivered = DispatchSemaphore(value: 0)
    private var result: Result<Batch, any Error>?

    func deliver(_ result: Result<Batch, any Error>) {
      self.result = result
      isDelivered.signal()
    }

    func wait() throws -> Batch {
      isDelivered.wait()
      return try result!.get()
    }
  }
}

private func stackPairs(_ pairs: [(Tensor, Tensor)]) -> (Tensor, Tensor) {
  (stack(pairs.map(\.0)), stack(pairs.map(\.1)))
}
