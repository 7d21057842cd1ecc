import Foundation
import Synchronization
import Testing

@testable import Datasets
@testable import DeepLearning
@testable import Tensors

/// Orders, seeds and what is left of the generators: all the numbers here were printed by PyTorch 2.15.
@Suite struct DataLoaderTests {
  private static let eleven = Tensor.arange(11)

  // MARK: - PyTorch's order and random numbers

  private func batches(_ loader: DataLoader<Tensor>) -> [[Int]] { loader.map { $0.integers } }

  @Test(arguments: [(4, false), (4, true), (11, false), (1, false)], [0, 2])
  func shufflesLikePyTorch(form: (batchSize: Int, dropLast: Bool), prefetch: Int) {
    func expected(_ order: [Int]) -> [[Int]] {
      let all = stride(from: 0, to: 11, by: form.batchSize).map {
        Array(order[$0..<min($0 + form.batchSize, 11)])
      }
      return form.dropLast ? all.filter { $0.count == form.batchSize } : all
    }
    let global = Generator(seed: 3)
    Generator.$current.withValue(global) {
      let loader = DataLoader(
        TensorDataset(Self.eleven), batchSize: form.batchSize, shuffle: true, dropLast: form.dropLast,
        prefetch: prefetch)
      #expect(batches(loader) == expected([1, 4, 6, 0, 5, 9, 3, 2, 10, 8, 7]))
      #expect(loader.count == expected(Array(0..<11)).count)
      #expect(global.nextSeed() == 5_366_245_355_481_424_840)
    }
    // With a generator of one's own, the default one is left alone.
    let own = Generator(seed: 5)
    global.manualSeed(3)
    Generator.$current.withValue(global) {
      let loader = DataLoader(
        TensorDataset(Self.eleven), batchSize: form.batchSize, shuffle: true, dropLast: form.dropLast,
        generator: own, prefetch: prefetch)
      #expect(batches(loader) == expected([0, 6, 10, 9, 5, 2, 3, 7, 1, 8, 4]))
    }
    #expect(own.nextSeed() == 4_398_447_080_453_503_003)
    #expect(global.nextSeed() == 937_055_941_807_507_096)
  }

  @Test func drawsOneSeedWithoutShuffling() {
    let global = Generator(seed: 3)
    let own = Generator(seed: 5)
    Generator.$current.withValue(global) {
      #expect(
        batches(DataLoader(TensorDataset(Self.eleven), batchSize: 4))
          == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10]])
      _ = batches(DataLoader(TensorDataset(Self.eleven), batchSize: 4, generator: own))
    }
    #expect(global.nextSeed() == 3_839_649_608_876_091_011)
    #expect(own.nextSeed() == 6_838_803_925_648_402_109)
  }

  @Test(arguments: [4, 11]) func whatIsDrawnWhenTheLoopIsLeftEarly(batchSize: Int) {
    let own = Generator(seed: 5)
    for batch in DataLoader(
      TensorDataset(Self.eleven), batchSize: batchSize, shuffle: true, generator: own, prefetch: 2)
    {
      #expect(batch.integers == Array([0, 6, 10, 9, 5, 2, 3, 7, 1, 8, 4].prefix(batchSize)))
      break
    }
    #expect(own.nextSeed() == 4_905_134_244_493_838_960)
  }

  /// The seed of the order is drawn with the first batch, not when the iterator is made.
  @Test func drawsTheOrderLate() {
    let global = Generator(seed: 3)
    Generator.$current.withValue(global) {
      let iterator = DataLoader(TensorDataset(Self.eleven), batchSize: 4, shuffle: true).makeIterator()
      #expect(global.nextSeed() == 3_839_649_608_876_091_011)
      #expect(iterator.next()?.integers == [9, 4, 8, 7])
      #expect(global.nextSeed() == 199_733_986_212_078_357)
    }
  }

  /// Two epochs of a data set that draws random numbers, as PyTorch's loader gives them with one worker
  /// process.
  @Test(arguments: [0, 1, 2, 9]) func randomDataSetsAreReproducible(prefetch: Int) {
    struct Noisy: Dataset {
      let count = 7
      subscript(index: Int) -> Tensor { Tensor.rand([]) + Float(10 * index) }
    }
    let global = Generator(seed: 3)
    Generator.$current.withValue(global) {
      let loader = DataLoader(Noisy(), batchSize: 3, shuffle: true, prefetch: prefetch)
      var epochs: [[Float]] = []
      for _ in 0..<2 { epochs.append(loader.flatMap { $0.toArray() }) }
      #expect(
        epochs == [
          [30.287607, 20.68629, 50.602047, 40.694935, 10.936009, 0.7469896, 60.55828],
          [30.948828, 10.645603, 60.531853, 0.32574821, 20.607742, 40.04722, 50.515644],
        ])
      #expect(global.nextSeed() == 7_248_591_967_756_700_307)
    }
  }

  /// What the loop's body draws from the default generator does not reach the data set, nor the other way
  /// round.
  @Test(arguments: [0, 2]) func theBodyDrawsFromItsOwnStream(prefetch: Int) {
    let noisy = TensorDataset(Self.eleven)
    Generator.$current.withValue(Generator(seed: 3)) {
      var drawn: [UInt64] = []
      for _ in DataLoader(
        noisy, batchSize: 4, prefetch: prefetch,
        collate: { rows in
          _ = Generator.default.nextSeed()
          return stack(rows)
        })
      {
        drawn.append(Generator.default.nextSeed())
      }
      let expected = Generator(seed: 3)
      _ = expected.nextSeed()
      #expect(drawn == (0..<3).map { _ in expected.nextSeed() })
    }
  }

  @Test func splitsLikePyTorch() {
    func indices(_ count: Int, _ fractions: [Double], _ seed: UInt64) -> [[Int]] {
      randomSplit(TensorDataset(Tensor.arange(count)), fractions, generator: Generator(seed: seed)).map(
        \.indices)
    }
    #expect(indices(11, [0.8, 0.2], 4) == [[10, 5, 6, 8, 1, 7, 0, 4, 3], [2, 9]])
    #expect(indices(11, [0.8, 0.2], 42) == [[6, 8, 9, 2, 1, 10, 0, 7, 3], [5, 4]])
    #expect(indices(13, [0.5, 0.3, 0.2], 4) == [[6, 7, 10, 0, 1, 5, 8], [11, 2, 3, 4], [9, 12]])
    #expect(
      indices(13, Array(repeating: 0.1, count: 10), 42)
        == [[5, 12], [11, 7], [4, 1], [2], [9], [8], [10], [6], [3], [0]])
    let counted = randomSplit(TensorDataset(Self.eleven), [3, 8], generator: Generator(seed: 42))
    #expect(counted.map(\.indices) == [[6, 8, 9], [2, 1, 10, 0, 7, 3, 5, 4]])
    let global = Generator(seed: 4)
    _ = Generator.$current.withValue(global) { randomSplit(TensorDataset(Self.eleven), [3, 8]) }
    #expect(global.nextSeed() == 3_986_147_714_822_242_044)
  }

  // MARK: - Kinds of data sets

  private let digits = StrokeDigits(train: true, count: 150)

  @Test func imagesInBatches() {
    let loader = DataLoader(digits, batchSize: 64)
    #expect(loader.count == 3 && loader.dataset.count == 150 && loader.underestimatedCount == 3)
    var start = 0
    for (images, labels) in loader {
      let count = min(64, 150 - start)
      #expect(images.shape == [count, 1, 28, 28] && labels.shape == [count] && labels.dtype == .int64)
      #expect(images.toArray() == digits.images[start..<start + count].toArray())
      #expect(labels.integers == Array(digits.labels[start..<start + count]))
      start += count
    }
    #expect(start == 150)
  }

  /// Gathered at once or one by one, on one core or two: the same numbers.
  @Test func theShortWayGivesTheSame() throws {
    let order = Generator(seed: 1).permutation(1000).map { $0 % 150 }
    let batch = try #require(digits.batch(at: order))
    #expect(batch.image.toArray() == stack(order.map { digits[$0].image }).toArray())
    #expect(batch.label.integers == order.map { digits.labels[$0] })
    let part = Subset(Subset(digits, order), 10..<20)
    #expect(try part.batch(at: [3, 0])?.label.integers == [order[13], order[10]].map { digits.labels[$0] })
    #expect(try Int(part[4].label.item()) == digits.labels[order[14]])
  }

  @Test func transformsInBatches() throws {
    let set = StrokeDigits(
      train: true, count: 30,
      transform: Compose([Normalize(mean: [0.5], std: [0.25]), Lambda { $0.flatten() }]),
      targetTransform: Lambda { oneHot($0, classes: 10, dtype: .float32) })
    let plain = StrokeDigits(train: true, count: 30)
    let onlyTargets = StrokeDigits(train: true, count: 30, targetTransform: Lambda { $0 * 2 })
    for (images, labels) in DataLoader(set, batchSize: 30, prefetch: 2) {
      #expect(images.shape == [30, 784] && labels.shape == [30, 10])
      #expect(images.toArray() == plain.images.toArray().map { ($0 - 0.5) / 0.25 })
      #expect(labels.argmax(dim: 1).integers == plain.labels)
    }
    for (images, labels) in DataLoader(onlyTargets, batchSize: 30) {
      #expect(images.shape == [30, 1, 28, 28] && labels.integers == plain.labels.map { 2 * $0 })
    }
  }

  @Test func tensorsSideBySide() throws {
    let x = Tensor.arange(24).reshape([8, 3]).to(.float32)
    let y = Tensor.arange(8)
    let set = TensorDataset(x, y)
    #expect(set.count == 8 && set[2].0.numbers == [6, 7, 8] && set[2].1.item() == 2)
    for (x, y) in DataLoader(set, batchSize: 8, shuffle: true) {
      #expect(x[.all, 0].integers == (y * 3).integers)
      #expect(y.integers.sorted() == Array(0..<8) && y.shape == [8])
    }
    // A transposed view is gathered row by row, not copied whole for every batch.
    let turned = TensorDataset(Tensor.arange(24).reshape([3, 8]).transpose(0, 1))
    #expect(turned.batch(at: [0]) == nil)
    #expect(Array(DataLoader(turned, batchSize: 7))[1].integers == [7, 15, 23])
    let both = ConcatDataset([set, TensorDataset(x + 100, y)])
    #expect(both.count == 16)
    #expect(try both[7].0.numbers == [21, 22, 23])
    #expect(try both[8].0.numbers == [100, 101, 102])
    #expect(DataLoader(both, batchSize: 5).map { $0.1.count } == [5, 5, 5, 1])
  }

  @Test func dataSetsOfOnesOwn() {
    struct Squares: Dataset {
      let count = 5
      subscript(index: Int) -> (Tensor, Tensor) { (Tensor(Float(index)), Tensor(index * index)) }
    }
    struct Words: Dataset {
      let count = 3
      subscript(index: Int) -> String { ["one", "two", "three"][index] }
    }
    for (x, y) in DataLoader(Squares(), batchSize: 5) {
      #expect(x.numbers == [0, 1, 2, 3, 4] && x.dtype == .float32 && y.integers == [0, 1, 4, 9, 16])
    }
    let words = DataLoader(Words(), batchSize: 2, prefetch: 1) { $0.joined(separator: " ") }
    #expect(Array(words) == ["one two", "three"])
  }

  /// No batch drags a graph behind it, made on this thread or on another.
  @Test(arguments: [0, 2]) func batchesHaveNoHistory(prefetch: Int) {
    let x = Tensor.ones(4, 2, requiresGrad: true)
    let loader = DataLoader(TensorDataset(x * 2), batchSize: 2, prefetch: prefetch)
    #expect(loader.allSatisfy { !$0.requiresGrad && $0.isLeaf })
    let doubled = DataLoader(TensorDataset(x), batchSize: 2, prefetch: prefetch) { stack($0) * 2 }
    #expect(doubled.allSatisfy { !$0.requiresGrad && $0.isLeaf })
    #expect(isGradEnabled)
  }

  @Test(arguments: [0, 2, Int.max]) func batchesLargerThanTheDataSet(prefetch: Int) {
    for size in [12, .max] {
      let loader = DataLoader(TensorDataset(Self.eleven), batchSize: size, prefetch: prefetch)
      #expect(loader.count == 1 && batches(loader) == [Array(0..<11)])
      let full = DataLoader(TensorDataset(Self.eleven), batchSize: size, dropLast: true, prefetch: prefetch)
      #expect(full.count == 0 && batches(full) == [])
    }
  }

  // MARK: - Making batches ahead

  /// Counts what is fetched, and by which thread; notes when it dies.
  private final class Watched: Dataset {
    let count: Int
    let fetched = Mutex<[Int]>([])
    let onDeath: @Sendable () -> Void

    init(count: Int, onDeath: @escaping @Sendable () -> Void = {}) {
      self.count = count
      self.onDeath = onDeath
    }

    deinit { onDeath() }

    subscript(index: Int) -> Tensor {
      fetched.withLock { $0.append(index) }
      return Tensor(index)
    }
  }

  @Test func noMoreThanTwoAhead() {
    let set = Watched(count: 100)
    let iterator = DataLoader(set, batchSize: 1, prefetch: 2).makeIterator()
    #expect(set.fetched.withLock { $0.isEmpty })
    for i in 0..<10 {
      #expect(iterator.next()?.integers == [i])
      Thread.sleep(forTimeInterval: 0.002)
      #expect((i + 1...i + 3).contains(set.fetched.withLock { $0.count }))
    }
    // Given time, the thread does get two ahead.
    for _ in 0..<1000 where set.fetched.withLock({ $0.count }) < 12 { Thread.sleep(forTimeInterval: 0.005) }
    #expect(set.fetched.withLock { $0 } == Array(0..<12))
  }

  /// Nothing is left of a loop that is broken off: neither the data set nor a thread that holds it.
  @Test func leavingEarlyLeavesNothingBehind() {
    let isDead = DispatchSemaphore(value: 0)
    do {
      let set = Watched(count: 1000) { isDead.signal() }
      for batch in DataLoader(set, batchSize: 2, prefetch: 2) where batch.integers[0] == 6 { break }
      #expect((8...14).contains(set.fetched.withLock { $0.count }))
    }
    #expect(isDead.wait(timeout: .now() + 20) == .success)
  }

  @Test(arguments: [0, 2]) func errorsReachTheLoop(prefetch: Int) throws {
    let iterator = DataLoader(Subset(FaultyDataset(), 0..<6), batchSize: 2, prefetch: prefetch).makeIterator()
    #expect(try iterator.tryNext()?.integers == [0, 1])
    let error = #expect(throws: DataError.self) { try iterator.tryNext() }
    #expect(error?.file == "3.png")
    #expect(try iterator.tryNext()?.integers == [4, 5])
    #expect(try iterator.tryNext() == nil)
  }

  // MARK: - Transforms

  @Test func transforms() {
    let bytes = Tensor([[[0, 51], [102, 255]]])
    let expected: [Float] = [0, 51, 102, 255]
    #expect(ToTensor()(bytes).toArray() == expected.map { $0 / 255 })
    let image = Tensor.rand(3, 2, 2, generator: Generator(seed: 1))
    #expect(ToTensor()(image) === image)
    let normalize = Normalize(mean: [0.1, 0.2, 0.3], std: [1, 2, 4])
    for c in 0..<3 {
      let (mean, std) = (Float(normalize.mean[c]), Float(normalize.std[c]))
      #expect(normalize(image)[c].toArray() == image[c].toArray().map { ($0 - mean) / std })
    }
    #expect(
      "\(Compose([ToTensor(), Normalize(mean: [0.5], std: [0.5]), Lambda { $0 }]))"
        == "Compose(\n    ToTensor()\n    Normalize(mean=[0.5], std=[0.5])\n    Lambda()\n)")
  }
}

/// Numbers, of which one cannot be read.
struct FaultyDataset: Dataset {
  let count = 6
  subscript(index: Int) -> Tensor {
    get throws {
      if index == 3 {
        throw DataError(.truncated, file: "3.png", expected: "an image", found: "half of one")
      }
      return Tensor(index)
    }
  }
}
