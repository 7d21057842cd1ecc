import Foundation
import Testing

@testable import Datasets
@testable import DeepLearning
@testable import Tensors

@Suite struct DecodingTests {
  // MARK: - Sampling

  /// `torch.manual_seed(3); torch.multinomial(p, 20, replacement=True)` of PyTorch 2.15.
  @Test func drawsWhatPyTorchDraws() {
    let p = Tensor([0.1, 0.25, 0.05, 0.4, 0.2], dtype: .float64)
    let drawn = sample(from: p.log().expand(20, 5), generator: Generator(seed: 3))
    #expect(drawn.dtype == .int64)
    #expect(drawn.integers == [0, 1, 3, 1, 3, 3, 1, 3, 3, 3, 1, 3, 3, 1, 4, 0, 1, 3, 4, 1])
  }

  private func frequencies(_ drawn: Tensor, classes: Int) -> [Double] {
    let all = drawn.integers
    return (0..<classes).map { c in Double(all.count { $0 == c }) / Double(all.count) }
  }

  @Test(arguments: [0.5, 1, 3]) func temperatureDividesTheLogits(temperature: Double) {
    let logits = Tensor([2.0, 0.5, -1, -.infinity])
    let drawn = sample(
      from: logits.expand(20_000, 4), temperature: temperature, generator: Generator(seed: 1))
    let expected = (logits / temperature).softmax(dim: 0).numbers
    expectClose(frequencies(drawn, classes: 4), expected, within: 0.01)
    #expect(!drawn.integers.contains(3))
  }

  @Test func topKLeavesTheOthersOut() {
    let logits = Tensor([1.0, 3, 2, 2, 0])
    let drawn = sample(from: logits.expand(20_000, 5), topK: 3, generator: Generator(seed: 2))
    let kept = Tensor([3.0, 2, 2]).softmax(dim: 0).numbers
    expectClose(
      frequencies(drawn, classes: 5), [0, kept[0], kept[1], kept[2], 0], within: 0.01)
    // Of equal ones only the first are among the k.
    #expect(
      Set(sample(from: Tensor.zeros(500, 4), topK: 2, generator: Generator(seed: 3)).integers) == [0, 1])
    #expect(sample(from: Tensor([[0.0, 1], [3, 2]]), topK: 1).integers == [1, 0])
  }

  @Test func coldSamplesAreTheLikeliest() {
    let logits = Tensor.randn([6, 4, 9], generator: Generator(seed: 4))
    let likeliest = logits.argmax(dim: -1).integers
    #expect(sample(from: logits, temperature: 0).integers == likeliest)
    let cold = sample(from: logits * 1000, temperature: 1e-300)
    #expect(cold.shape == [6, 4] && cold.integers == likeliest)
    #expect(sample(from: Tensor([-.infinity, -1e30, -.infinity])).integers == [1])
  }

  @Test func theSameSeedDrawsTheSame() {
    let logits = Tensor.zeros(50, 30)
    let draws = [7, 7, 8].map { sample(from: logits, generator: Generator(seed: $0)).integers }
    #expect(draws[0] == draws[1] && draws[0] != draws[2])
  }

  // MARK: - The worked tree

  private static let words = ["START", "END", "he", "i", "hit", "struck", "was", "got", "me", "a"]

  /// The probabilities that the tree does not name are spread thin over many other tokens.
  private static let tree: [String: [String: Double]] = [
    "": ["he": -0.7, "i": -0.9],
    "he": ["hit": -1.0, "struck": -2.2],
    "i": ["was": -0.7, "got": -0.9],
    "he hit": ["me": -0.8, "a": -1.1],
    "i was": ["hit": -1.3, "struck": -2.2],
  ]

  /// Log-probabilities after each of some beginnings, which are the state.
  private static func step(_ beginnings: [[Int]]) -> Tensor {
    let rest = 200
    let rows = beginnings.map { beginning in
      let known = tree[beginning.map { words[$0] }.joined(separator: " ")] ?? [:]
      let left = 1 - known.values.reduce(0) { $0 + exp($1) }
      return (0..<words.count + rest).map { token in
        token < words.count ? known[words[token]] ?? -.infinity : log(left / Double(rest))
      }
    }
    return Tensor(rows, dtype: .float64)
  }

  private func searchTree(width: Int, length: Int) -> [(text: String, score: Double)] {
    let found = beamSearch(
      from: [[Int]](), start: 0, end: 1, width: width, maximumLength: length, lengthNormalization: 0
    ) { tokens, beginnings in
      // The first step has nothing to remember.
      let now = beginnings.isEmpty ? [[]] : zip(beginnings, tokens.integers).map { $0 + [$1] }
      return (Self.step(now), now)
    } select: { beginnings, rows in
      rows.integers.map { beginnings[$0] }
    }
    #expect(found.allSatisfy { !$0.isFinished && $0.score == $0.logProbability })
    return found.map { ($0.tokens.map { Self.words[$0] }.joined(separator: " "), $0.logProbability) }
  }

  @Test func theWorkedTree() {
    let steps: [[(String, Double)]] = [
      [("he", -0.7), ("i", -0.9)],
      [("i was", -1.6), ("he hit", -1.7)],
      [("he hit me", -2.5), ("he hit a", -2.8)],
    ]
    for (i, expected) in steps.enumerated() {
      let found = searchTree(width: 2, length: i + 1)
      #expect(found.map(\.text) == expected.map(\.0))
      expectClose(found.map(\.score), expected.map(\.1), within: 1e-12)
    }
    // One hypothesis never comes to know of "i was".
    #expect(searchTree(width: 1, length: 2).map(\.text) == ["he hit"])
  }

  // MARK: - Against all sequences

  /// A random model whose state is the number of its node in a full tree of V branches.
  private struct RandomTree {
    let classes: Int
    let length: Int
    let table: Tensor

    init(classes: Int, length: Int, seed: UInt64) {
      (self.classes, self.length) = (classes, length)
      let nodes = (0..<length).reduce(0) { sum, _ in sum * classes + 1 }
      table = (2 * Tensor.randn([nodes, classes], dtype: .float64, generator: Generator(seed: seed)))
        .logSoftmax(dim: 1)
    }

    /// From the token read last and the node before it. The start, −1, leads to the root.
    func step(_ tokens: Tensor, _ nodes: Tensor) -> (Tensor, Tensor) {
      let now = zip(tokens.integers, nodes.integers).map { $0 < 0 ? 0 : $1 * classes + 1 + $0 }
      return (table.indexSelect(0, Tensor(now)), Tensor(now))
    }

    /// Every sequence that ends with `end`, or has the full length.
    func all(end: Int, alpha: Double) -> [Hypothesis] {
      func extend(_ tokens: [Int], _ node: Int, _ sum: Double) -> [Hypothesis] {
        (0..<classes).flatMap { token -> [Hypothesis] in
          let total = sum + table[node, token].item()
          let score = total / pow(Double(tokens.count + 1), alpha)
          if token == end {
            return [Hypothesis(tokens: tokens, logProbability: total, isFinished: true, score: score)]
          }
          if tokens.count + 1 == length {
            return [
              Hypothesis(tokens: tokens + [token], logProbability: total, isFinished: false, score: score)
            ]
          }
          return extend(tokens + [token], node * classes + 1 + token, total)
        }
      }
      return extend([], 0, 0).sorted { $0.score > $1.score }
    }

    func beam(end: Int?, width: Int, alpha: Double) -> [Hypothesis] {
      beamSearch(
        from: Tensor([0]), start: -1, end: end, width: width, maximumLength: length,
        lengthNormalization: alpha, step: step
      ) { $0.indexSelect(0, $1) }
    }
  }

  @Test(arguments: [0, 0.6, 1], [1, 2, 3, 4] as [UInt64])
  func aBeamOfAllIsExhaustive(alpha: Double, seed: UInt64) {
    let model = RandomTree(classes: 4, length: 4, seed: seed)
    let all = model.all(end: 0, alpha: alpha)
    #expect(all.count == 1 + 3 + 9 + 27 + 81)
    let found = model.beam(end: 0, width: all.count, alpha: alpha)
    #expect(found.map(\.tokens) == all.map(\.tokens))
    #expect(found.map(\.isFinished) == all.map(\.isFinished))
    expectClose(found.map(\.score), all.map(\.score), within: 1e-12)
    // All that ends and all that is cut off together are everything that can happen.
    expectClose([found.reduce(0) { $0 + exp($1.logProbability) }], [1], within: 1e-12)
  }

  @Test func widerBeamsFindMore() {
    var better = 0
    for seed in 1...40 as ClosedRange<UInt64> {
      let model = RandomTree(classes: 5, length: 5, seed: seed)
      let scores = [1, 2, 8, 700].map { model.beam(end: 0, width: $0, alpha: 0)[0].logProbability }
      #expect(scores[3] >= scores.max()! - 1e-12)
      if scores[2] > scores[0] + 1e-9 { better += 1 }
    }
    #expect(better > 5)
  }

  @Test(arguments: [0, 1] as [Double]) func aBeamOfOneIsGreedy(alpha: Double) {
    for seed in 1...30 as ClosedRange<UInt64> {
      let model = RandomTree(classes: 4, length: 6, seed: seed)
      let greedy = greedySearch(
        from: Tensor([0]), start: [-1], end: 0, maximumLength: 6, step: model.step)
      let beam = model.beam(end: 0, width: 1, alpha: alpha)
      #expect(beam.count == 1 && greedy == beam.map(\.tokens))
    }
  }

  /// Tokens 0 (the end), 1 and 2. To end at once has probability 0.5; "1" goes on with 0.4 and then ends
  /// with 0.9; "2" has 0.1 and never ends.
  private func chain(width: Int, alpha: Double, length: Int = 3) -> [Hypothesis] {
    let table = Tensor(
      [[0.5, 0.4, 0.1], [0.9, 0.06, 0.04], [0, 0.1, 0.9]] as [[Double]], dtype: .float64
    ).log()
    return beamSearch(
      from: Tensor([0]), start: 0, end: 0, width: width, maximumLength: length, lengthNormalization: alpha
    ) { tokens, _ in
      (table.indexSelect(0, tokens), tokens)
    } select: {
      $0.indexSelect(0, $1)
    }
  }

  @Test func lengthsAreMadeComparable() {
    let bySum = chain(width: 2, alpha: 0)
    #expect(bySum.map(\.tokens) == [[], [1]])
    expectClose(bySum.map(\.score), [log(0.5), log(0.36)], within: 1e-12)
    let byMean = chain(width: 2, alpha: 1)
    #expect(byMean.map(\.tokens) == [[1], []] && byMean.allSatisfy(\.isFinished))
    expectClose(byMean.map(\.score), [log(0.36) / 2, log(0.5)], within: 1e-12)
    expectClose(byMean.map(\.logProbability), [log(0.36), log(0.5)], within: 1e-12)
  }

  @Test func whatIsCutOffCompetes() {
    let found = chain(width: 9, alpha: 0, length: 1)
    #expect(found.map(\.tokens) == [[], [1], [2]])
    #expect(found.map(\.isFinished) == [true, false, false])
    #expect(chain(width: 3, alpha: 0, length: 0).map(\.tokens) == [[]])
  }

  // MARK: - Batches

  @Test func rowsOfABatchEndOneByOne() {
    // Each row counts up from its start; 5 is the end.
    let next = oneHot(Tensor([1, 2, 3, 4, 5, 1]), classes: 6, dtype: .float32)
    var steps = 0
    let rows = greedySearch(from: 0, start: [2, 4, 0, 5], end: 5, maximumLength: 4) { tokens, count in
      steps += 1
      #expect(tokens.shape == [4] && count == steps - 1)
      #expect(!isGradEnabled)
      return (next.indexSelect(0, tokens), count + 1)
    }
    #expect(rows == [[3, 4], [], [1, 2, 3, 4], [1, 2, 3, 4]] && steps == 4)
    // Once all have ended no more steps are made.
    steps = 0
    _ = greedySearch(from: (), start: [3, 4], end: 5, maximumLength: 100) { tokens, _ in
      steps += 1
      return (next.indexSelect(0, tokens), ())
    }
    #expect(steps == 2)
    let endless = greedySearch(from: (), start: [3], maximumLength: 5) { tokens, _ in
      (next.indexSelect(0, tokens), ())
    }
    #expect(endless == [[4, 5, 1, 2, 3]])
  }

  @Test func sequencesAreSampled() {
    let model = RandomTree(classes: 3, length: 5, seed: 9)
    func write(_ seed: UInt64, temperature: Double = 1, topK: Int? = nil) -> [[Int]] {
      sampleSequences(
        from: Tensor.zeros([200], dtype: .int64), start: Array(repeating: -1, count: 200), end: 0,
        maximumLength: 5, temperature: temperature, topK: topK, generator: Generator(seed: seed),
        step: model.step)
    }
    #expect(write(1) == write(1) && write(1) != write(2))
    // Endings at once are as frequent as they are probable.
    let first = exp(model.table[0, 0].item())
    expectClose([Double(write(1).count { $0.isEmpty }) / 200], [first], within: 0.12)
    let greedy = greedySearch(from: Tensor([0]), start: [-1], end: 0, maximumLength: 5, step: model.step)
    #expect(Set(write(1, temperature: 0)) == Set(greedy))
    #expect(Set(write(1, topK: 1)) == Set(greedy))
  }

  @Test func whatTheStepThrowsIsPassedOn() {
    struct Refusal: Error {}
    #expect(throws: Refusal.self) {
      try greedySearch(from: (), start: [0], maximumLength: 1) { _, _ in throw Refusal() }
    }
    #expect(throws: Refusal.self) {
      try beamSearch(from: (), start: 0, width: 1, maximumLength: 1) { _, _ in
        throw Refusal()
      } select: { s, _ in
        s
      }
    }
  }
}
