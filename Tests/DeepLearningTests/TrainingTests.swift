import Testing

@testable import DeepLearning
@testable import Prose
@testable import Tensors

#if canImport(Glibc)
  import Glibc
#endif

@Suite struct TrainingTests {
  // MARK: - Accuracy and confusion

  @Test func accuracyCountsWhatIsRight() {
    let logits = Tensor([[1.0, 2, 0], [0, 0.5, 0.2], [3, 1, 2], [0, 0, 1]])
    #expect(accuracy(logits, Tensor([1, 2, 0, 2])) == 0.75)
    #expect(accuracy(logits, Tensor([0, 0, 1, 1])) == 0)
    // A class for each of two pixels of two images.
    let pixels = Tensor([[[0.0, 5], [1, 2]], [[9, 9], [8, 10]]])
    #expect(accuracy(pixels, Tensor([[1, 0], [0, 0]])) == 0.75)
  }

  private static var confusion: ConfusionMatrix {
    var matrix = ConfusionMatrix(classNames: ["shirt", "boot", "bag", "coat"])
    matrix.update(Tensor([0, 0, 1, 1, 2]), Tensor([0, 1, 1, 1, 0]))
    matrix.update(Tensor([[0.0, 0, 1, 0], [0, 3, 1, 0]]), Tensor([2, 1]))
    return matrix
  }

  @Test func confusionIsCountedByBatches() {
    let matrix = Self.confusion
    #expect(matrix.counts == [[1, 0, 1, 0], [1, 3, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]])
    #expect(matrix.count == 7)
    #expect(matrix.accuracy == 5.0 / 7)
    #expect(matrix.precision == [0.5, 1, 0.5, 0])
    #expect(matrix.recall == [0.5, 0.75, 1, 0])
    expectClose(matrix.f1, [0.5, 6.0 / 7, 2.0 / 3, 0], within: 1e-15)
    #expect(matrix.normalized == [[0.5, 0, 0.5, 0], [0.25, 0.75, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]])
    #expect(ConfusionMatrix(classCount: 2).accuracy == 0)
  }

  @Test func confusionIsATable() {
    #expect(
      Self.confusion.description == """
        true \\ predicted  shirt   boot    bag   coat  recall
        shirt                 1      0      1      0   0.500
        boot                  1      3      0      0   0.750
        bag                   0      0      1      0   1.000
        coat                  0      0      0      0   0.000
        precision         0.500  1.000  0.500  0.000   0.714
        """)
  }

  // MARK: - Running averages

  @Test func runningAverageAgreesWithTensors() {
    let x = Tensor.randn(1000, generator: Generator(seed: 1)).to(.float64) * 3 + 7
    var one = RunningAverage()
    for value in x.numbers { one.add(value) }
    var batches = RunningAverage()
    for part in x.split(64) { batches.add(part) }
    batches.add(Tensor.zeros(0))
    for average in [one, batches] {
      #expect(average.count == 1000)
      expectClose(
        [average.mean, average.std(), average.variance(unbiased: false)],
        [x.mean().item(), x.std().item(), x.variance(unbiased: false).item()], within: 1e-11)
    }
  }

  @Test func aValueCountsAsOftenAsItIsToldTo() {
    var weighted = RunningAverage()
    var repeated = RunningAverage()
    for (value, count) in [(2.0, 64), (3.5, 64), (-1, 7), (100, 0)] {
      weighted.add(value, count: count)
      for _ in 0..<count { repeated.add(value) }
    }
    #expect(weighted.count == 135)
    expectClose([weighted.mean, weighted.std()], [repeated.mean, repeated.std()], within: 1e-12)
  }

  @Test func largeMeansLoseNoDigits() {
    var average = RunningAverage()
    for value in [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16] { average.add(value) }
    #expect(average.mean == 1e9 + 10 && average.variance() == 30)
  }

  @Test func averagesOfTooLittleAreNotNumbers() {
    var average = RunningAverage()
    #expect(average.mean.isNaN && average.std(unbiased: false).isNaN)
    average.add(3)
    #expect(average.mean == 3 && average.std().isNaN && average.std(unbiased: false) == 0)
    average.add(.nan)
    #expect(average.mean.isNaN)
  }

  // MARK: - Losses that are not finite

  @Test func theWatchStopsTraining() throws {
    var watch = LossWatch()
    for (step, loss) in [2.3, 2.2, 2.1, 2.25].enumerated() {
      let noted = try watch.check(loss, step: step)
      #expect(noted == loss)
    }
    let atOnce = try #require(throws: TrainingError.self) { try watch.check(Tensor(-Double.nan), step: 4) }
    #expect(atOnce.stopped.step == 4 && atOnce.stopped.loss.isNaN)
    #expect(atOnce.lastGood.map(\.step) == [1, 2, 3] && atOnce.lastGood.map(\.loss) == [2.2, 2.1, 2.25])
    #expect(
      atOnce.description.hasPrefix(
        "the loss is nan at step 4; the last good ones: 2.2 (step 1), 2.1 (step 2), 2.25 (step 3); it came at once"
      ))
    try watch.check(1e9, step: 4)
    let growing = try #require(throws: TrainingError.self) { try watch.check(.infinity, step: 5) }
    #expect(growing.hint == "it was growing: lower the learning rate, or clip the gradients")
    var fresh = LossWatch()
    let first = try #require(throws: TrainingError.self) { try fresh.check(-.infinity, step: 0) }
    #expect(
      first.description
        == "the loss is -inf at step 0; no step before had a good one; check the data for NaN and the first weights for their size"
    )
  }

  /// A learning rate that is far too high: the watch stops before the weights are lost.
  @Test func divergingTrainingKeepsItsWeights() throws {
    let w = Tensor([1.0, 1.0], requiresGrad: true)
    let optimizer = SGD([w], lr: 3)
    var watch = LossWatch()
    let error = try #require(throws: TrainingError.self) {
      for step in 0..<1000 {
        optimizer.zeroGrad()
        let loss = w.square().sum()
        try watch.check(loss, step: step)
        loss.backward()
        optimizer.step()
      }
    }
    #expect(error.hint.contains("lower the learning rate"))
    #expect(w.numbers.allSatisfy { $0.isFinite })
  }

  // MARK: - Progress

  private func show<Elements: Sequence>(
    _ elements: Elements, isTerminal: Bool = false, _ body: (ProgressSequence<Elements>) -> Void
  ) -> String {
    var out = ""
    let console = Console(isTerminal: isTerminal, write: { out += $0 }, complain: { _ in })
    body(
      ProgressSequence(
        base: elements, label: "epoch 1", count: elements.underestimatedCount,
        output: StandardProgressOutput(console)))
    return out
  }

  @Test func inAPipeLinesDependOnTheCountAlone() {
    #expect(
      show(0..<200) { for _ in $0 {} }
        == "epoch 1: 50 of 200\nepoch 1: 100 of 200\nepoch 1: 150 of 200\n")
    #expect(show(0..<99) { for _ in $0 {} } == "")
    // A loop that prints lines of its own needs no others.
    #expect(
      show(0..<200) { steps in for i in steps where i % 40 == 39 { steps.print("loss at \(i)") } }
        == "loss at 39\nloss at 79\nloss at 119\nloss at 159\nloss at 199\n")
    #expect(show(sequence(first: 0) { $0 < 300 ? $0 + 1 : nil }) { for _ in $0 {} } == "")
  }

  @Test func onATerminalABarShowsRateAndTime() {
    let out = show(0..<4, isTerminal: true) { steps in
      for i in steps {
        if i == 2 { steps.print("line") }
        usleep(160_000)
      }
    }
    #expect(out.contains(#/\repoch 1  ━{12}─{12}  2\/4  \[[0-9.]+(\/s| s each), 1 s left\]\u{1B}\[K/#))
    #expect(out.contains("\r\u{1B}[Kline\n") && out.hasSuffix("\r\u{1B}[K"))
  }

  @Test func aLoopThatIsLeftTakesItsBarAlong() {
    let out = show(0..<4, isTerminal: true) { steps in
      for i in steps {
        if i == 2 { break }
        usleep(160_000)
      }
    }
    #expect(out.contains("2/4") && out.hasSuffix("\r\u{1B}[K"))
  }

  @Test func paceIsReadable() {
    #expect(ProgressMeter.pace(done: 0, count: 10, seconds: 1) == "")
    #expect(ProgressMeter.pace(done: 300, count: 1000, seconds: 1) == "300/s, 3 s left")
    #expect(ProgressMeter.pace(done: 20, count: 200, seconds: 10) == "2/s, 1 min 30 s left")
    #expect(ProgressMeter.pace(done: 1, count: 1000, seconds: 3.25) == "3.2 s each, 54 min 07 s left")
    #expect(ProgressMeter.pace(done: 1, count: 3601, seconds: 2) == "2 s each, 2 h 00 min left")
    #expect(ProgressMeter.pace(done: 30, count: 0, seconds: 2) == "15/s")
  }
}
