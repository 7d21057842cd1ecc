import DeepLearning
import Foundation
import Testing

/// The random streams against PyTorch 2.15 on the CPU: exact, but for normal float32 numbers, which
/// may differ in the last two digits.
struct RandomTests {
  /// `rng.json` holds what PyTorch returns after `torch.manual_seed(0)` for calls made one after another, so each
  /// of them must draw neither more nor fewer numbers than PyTorch does. The default generator is the whole
  /// process's, so that the test takes a process of its own.
  @Test func referenceCallsInTheirOrder() async {
    await #expect(processExitsWith: .success) {
      let reference = try ReferenceCalls()
      manualSeed(0)
      try reference.expect("rand(5)", .rand(5))
      try reference.expect("randn(5)", .randn(5), within: 1e-7)
      try reference.expect("randn(20)", .randn(20), within: 1e-6)
      try reference.expect("randn(4, 8)", .randn(4, 8), within: 1e-6)
      try reference.expect("randint(0, 10, (10,))", .randint(0, 10, [10]))
      try reference.expect("randperm(10)", .randperm(10))
      try reference.expect("randperm(1000)[:8]", Tensor.randperm(1000)[..<8])
      try reference.expect("empty((), int64).random_()", Tensor.zeros([], dtype: .int64).random_())

      let linear = Linear(6, 4)
      try reference.expect("Linear(6, 4).weight", linear.weight)
      try reference.expect("Linear(6, 4).bias", #require(linear.bias))
      func uniform(_ bound: Double, _ shape: Int...) -> Tensor {
        Init.uniform_(Tensor.zeros(shape), -bound, bound)
      }
      let convolution = Conv2d(2, 3, 3)
      try reference.expect("Conv2d(2, 3, 3).weight", convolution.weight)
      try reference.expect("Conv2d(2, 3, 3).bias", #require(convolution.bias))
      try reference.expect("Embedding(5, 4).weight", Embedding(5, 4).weight, within: 1e-6)
      for (name, tensor) in LSTM(3, 4).namedParameters() {
        try reference.expect("LSTM(3, 4).\(name)", tensor)
      }

      func weight() -> Tensor { Tensor.empty(4, 6) }
      try reference.expect("init.xavier_uniform_(empty(4, 6))", Init.xavierUniform_(weight()))
      try reference.expect("init.xavier_normal_(empty(4, 6))", Init.xavierNormal_(weight()), within: 1e-6)
      try reference.expect("init.kaiming_uniform_(empty(4, 6))", Init.kaimingUniform_(weight()))
      try reference.expect("init.kaiming_normal_(empty(4, 6))", Init.kaimingNormal_(weight()), within: 1e-6)
      try reference.expect("init.orthogonal_(empty(4, 6))", Init.orthogonal_(weight()), within: 1e-6)

      let loader = DataLoader(TensorDataset(Tensor.arange(20)), batchSize: 5, shuffle: true)
      let epoch = "DataLoader(arange(20), batch_size=5, shuffle=True), epoch 1"
      try reference.expect(epoch, stack(Array(loader)))
      try reference.expect("the same loader, epoch 2", stack(Array(loader)))
      #expect(reference.isAtEnd)
    }
  }

  @Test func sizesAroundSixteen() {
    let g = Generator(seed: 42)
    let expected: [(Int, [Float], [Double], Float, Double)] = [
      (
        15, [0.33669036626815796, -0.9889599084854126], [0.9579717939599753, 0.5263369393957674],
        0.00406193733215332, 0.09645649886080687
      ),
      (
        16, [0.5743160843849182, -0.012685478664934635], [1.1842890137404458, 1.1021034856912364],
        0.6114743947982788, 0.12093450137576389
      ),
      (
        17, [-0.4249436855316162, -0.906094491481781], [-0.09287318729238316, -1.2609592964755483],
        0.8352123498916626, 0.9695769187767155
      ),
      (
        31, [1.7060457468032837, -0.33197471499443054], [0.38131542509896527, 1.6910258884569183],
        0.4537861943244934, 0.5335282433512495
      ),
    ]
    for (count, normal, normal64, uniform, uniform64) in expected {
      let floats = g.floats(count) { $0.fillNormal($1) }
      #expect(floats[0].isNear(normal[0]) && floats[count - 1].isNear(normal[1]))
      let doubles = g.doubles(count) { $0.fillNormal($1) }
      #expect(doubles[0].isNear(normal64[0]) && doubles[count - 1].isNear(normal64[1]))
      #expect(g.floats(count) { $0.fillUniform($1) }.last == uniform)
      #expect(g.doubles(count) { $0.fillUniform($1) }.last == uniform64)
    }
  }

  @Test func boundsAndDistributions() {
    let g = Generator(seed: 7)
    #expect(
      g.floats(3) { $0.fillUniform($1, from: -0.3, to: 0.6) }
        == [0.18143029510974884, -0.12107713520526886, 0.29329052567481995])
    #expect(
      g.doubles(2) { $0.fillUniform($1, from: -0.3, to: 0.6) }
        == [-0.07038984557709582, 0.0604424243539151])
    let few = g.floats(3) { $0.fillNormal($1, mean: 0.1, std: 0.7) }
    #expect(few == [1.3400455713272095, 0.40093567967414856, -0.7483454942703247])
    let many = g.floats(16) { $0.fillNormal($1, mean: 0.1, std: 0.7) }
    #expect(many[0].isNear(-0.12433383613824844) && many[1].isNear(-1.0078651905059814))
    #expect(g.integers(5) { $0.fillIntegers($1, in: -3..<10) } == [7, 0, 2, 9, -2])
    #expect(g.integers(3) { $0.fillIntegers($1, in: 0..<1 << 28) } == [54_046_903, 3_275_888, 21_019_837])
    #expect(
      g.integers(2) { $0.fillIntegers($1, in: -(1 << 62)..<1 << 62) }
        == [3_691_737_562_385_117_474, -363_347_669_784_020_791])
    #expect(g.permutation(8) == [6, 0, 4, 5, 3, 7, 2, 1])
    #expect(
      g.floats(8) { $0.fillBernoulli($1, probability: 0.3) } == [0, 1, 0, 0, 0, 0, 1, 1])
    #expect(
      g.floats(8) {
        $1.update(repeating: 0.3)
        $0.replaceByBernoulli($1)
      } == [0, 0, 0, 0, 1, 0, 0, 0])
    #expect(
      g.doubles(8) {
        $1.update(repeating: 0.3)
        $0.replaceByBernoulli($1)
      } == [1, 1, 0, 0, 1, 1, 0, 0])
  }

  @Test func aLongStreamOfABigSeed() {
    let g = Generator(seed: 123_456_789_012)
    let normal = g.floats(100_003) { $0.fillNormal($1) }
    let expected: [Int: Float] = [
      0: -0.3533598780632019, 50_000: 0.12741436064243317, 99_986: 0.5242348313331604,
      99_987: -0.1565893292427063, 100_002: 0.0506458580493927,
    ]
    for (i, value) in expected { #expect(normal[i].isNear(value), "element \(i)") }
    let order = g.permutation(100_003)
    #expect([0, 1, 50_000, 100_002].map { order[$0] } == [77_955, 56_420, 51_829, 33_807])
    #expect(order.sorted() == Array(0..<100_003))
  }

  /// The second number of a Box–Muller pair waits for the next single draw, whatever comes between.
  @Test func theSpareNormalNumberWaits() {
    let g = Generator(seed: 1)
    #expect(g.nextNormal().isNear(0.6613521715704522))
    _ = g.floats(3) { $0.fillUniform($1) }
    #expect(g.floats(20) { $0.fillNormal($1) }[0].isNear(-1.6090962886810303))
    #expect(g.nextNormal().isNear(0.2669240982925188))
    g.manualSeed(1)
    #expect(g.nextNormal().isNear(0.6613521715704522))
  }

  @Test func oneByOneEqualsAFill() {
    let (a, b) = (Generator(seed: 9), Generator(seed: 9))
    #expect(
      (0..<5).map { _ in a.nextUniform(in: -1..<2) } == b.doubles(5) { $0.fillUniform($1, from: -1, to: 2) })
    #expect((0..<5).map { _ in a.nextNormal(mean: 1) } == b.doubles(5) { $0.fillNormal($1, mean: 1) })
    #expect((0..<700).map { _ in a.nextInt(in: 3..<9) } == b.integers(700) { $0.fillIntegers($1, in: 3..<9) })
    let c = a.copy()
    #expect(a.random64() == c.random64())
    #expect(a.initialSeed == 9)
  }

  @Test func nothingIsDrawnForNothing() {
    let (a, b) = (Generator(seed: 9), Generator(seed: 9))
    _ = a.floats(0) { $0.fillNormal($1) }
    #expect(a.permutation(0) == [])
    #expect(a.permutation(1) == [0])
    #expect(a.random() == b.random())
  }
}

extension Generator {
  fileprivate func floats(
    _ count: Int, _ fill: (Generator, UnsafeMutableBufferPointer<Float>) -> Void
  ) -> [Float] {
    var values = [Float](repeating: 0, count: count)
    values.withUnsafeMutableBufferPointer { fill(self, $0) }
    return values
  }

  fileprivate func doubles(
    _ count: Int, _ fill: (Generator, UnsafeMutableBufferPointer<Double>) -> Void
  ) -> [Double] {
    var values = [Double](repeating: 0, count: count)
    values.withUnsafeMutableBufferPointer { fill(self, $0) }
    return values
  }

  fileprivate func integers(
    _ count: Int, _ fill: (Generator, UnsafeMutableBufferPointer<Int>) -> Void
  ) -> [Int] {
    var values = [Int](repeating: 0, count: count)
    values.withUnsafeMutableBufferPointer { fill(self, $0) }
    return values
  }

  fileprivate func permutation(_ count: Int) -> [Int] {
    integers(count) { $0.fillPermutation($1) }
  }
}

extension Float {
  fileprivate func isNear(_ other: Float) -> Bool { abs(self - other) <= 4 * max(ulp, other.ulp) }
}

extension Double {
  fileprivate func isNear(_ other: Double) -> Bool { abs(self - other) <= 4 * max(ulp, other.ulp) }
}

/// The calls recorded in `rng.json`, in their order, and what they returned.
private final class ReferenceCalls {
  /// Integers are decoded as integers: the largest do not survive as `Double`.
  private enum Values {
    case floats([Float])
    case integers([Int])
  }

  private struct Call: Decodable {
    var call: String
    var shape: [Int]
    var values: Values

    enum Keys: String, CodingKey { case call, value, dtype, shape, data }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Keys.self)
      call = try container.decode(String.self, forKey: .call)
      let tensor = try container.nestedContainer(keyedBy: Keys.self, forKey: .value)
      shape = try tensor.decode([Int].self, forKey: .shape)
      let isInteger = try tensor.decode(String.self, forKey: .dtype) == "int64"
      values =
        isInteger
        ? .integers(try tensor.decode([Int].self, forKey: .data))
        : .floats(try tensor.decode([Float].self, forKey: .data))
    }
  }

  private var remaining: ArraySlice<Call>

  init() throws {
    let url = try #require(Bundle.module.url(forResource: "Fixtures/rng", withExtension: "json"))
    remaining = try JSONDecoder().decode([Call].self, from: Data(contentsOf: url))[...]
  }

  var isAtEnd: Bool { remaining.isEmpty }

  /// Asserts that `name` is the next call, and that it returned `tensor`.
  func expect(
    _ name: String, _ tensor: Tensor, within tolerance: Float = 0,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let next = remaining.popFirst()
    let call = try #require(next, sourceLocation: location)
    try #require(call.call == name, sourceLocation: location)
    #expect(tensor.shape == call.shape, "\(name)", sourceLocation: location)
    switch call.values {
    case .integers(let expected):
      #expect(tensor.toArray(of: Int.self) == expected, "\(name)", sourceLocation: location)
    case .floats(let expected):
      let found = tensor.toArray()
      #expect(
        zip(found, expected).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) },
        "\(name): \(found), not \(expected)", sourceLocation: location)
    }
  }
}
