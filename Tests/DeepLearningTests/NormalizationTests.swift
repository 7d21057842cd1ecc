import Testing

@testable import DeepLearning
@testable import Tensors

/// The normalizing layers: what they remember, and what they do in training and in evaluation. Values and gradients of
/// the operations under them are compared with PyTorch in ParityTests.
@Suite struct NormalizationTests {
  static let sequences = Tensor([
    [[1.0, 2, 4], [3, 5, 0]],
    [[0, -1, 2], [7, 1, 1]],
  ])

  // MARK: - Batch normalization

  /// The first channel is 1 2 4 0 −1 2: mean 4/3, Σ (x − mean)² = 46/3, over 6 and over 5.
  @Test func runningStatisticsTakeTheUnbiasedVariance() {
    let layer = BatchNorm1d(2)
    let y = layer(Self.sequences).detach()
    expectClose(layer.runningMean!.numbers, [0.1 * 4 / 3, 0.1 * 17 / 6], within: 1e-7)
    expectClose(layer.runningVar!.numbers, [0.9 + 0.1 * 46 / 15, 0.9 + 0.1 * 221 / 30], within: 1e-6)
    #expect(layer.numBatchesTracked!.integers == [1])
    expectClose(y.mean(dims: [0, 2]).numbers, [0, 0], within: 1e-6)
    expectClose(y.variance(dims: [0, 2], unbiased: false).numbers, [1, 1], within: 1e-4)
    expectClose(y[0, 0].numbers, [-0.2085140, 0.4170280, 1.6681120], within: 1e-6)
  }

  @Test func momentum() {
    let layer = BatchNorm1d(2, momentum: 0.3, affine: false)
    _ = layer(Self.sequences)
    _ = layer(Self.sequences * 2 + 1)
    expectClose(layer.runningMean!.numbers, [0.21 * 4 / 3 + 0.3 * 11 / 3, 0.21 * 17 / 6 + 0.3 * 20 / 3])
    expectClose(
      layer.runningVar!.numbers,
      [46.0 / 15, 221.0 / 30].map { 0.49 + 0.21 * $0 + 0.3 * 4 * $0 }, within: 1e-5)
  }

  /// Without a momentum the running statistics are the mean of those of all batches.
  @Test func cumulativeStatistics() {
    let layer = BatchNorm1d(2, momentum: nil)
    let x = Tensor([[1.0, 2], [3, 5]])
    _ = layer(x)
    _ = layer(2 * x + 1)
    #expect(layer.runningMean!.numbers == [3.5, 5.75])
    #expect(layer.runningVar!.numbers == [5, 11.25])
    #expect(layer.numBatchesTracked!.integers == [2])
  }

  @Test func evaluationTakesTheRunningStatistics() {
    let layer = BatchNorm1d(2)
    let x = Tensor([[1.0, 2], [3, 5]])
    _ = layer(x)
    _ = layer(2 * x + 1)
    let before = layer.stateDict().map { $0.tensor.numbers }
    let y = layer.eval()(x)
    expectClose(y.detach().numbers, [0.2392, 0.5097, 1.7340, 2.2374], within: 5e-5)
    #expect(layer.stateDict().map { $0.tensor.numbers } == before, "nothing is remembered in evaluation")
    // An example is treated alike whatever its company: alone, and twice.
    #expect(layer(x[0..<1]).detach().numbers == y[0].detach().numbers)
    #expect(layer(cat([x, x]))[2].detach().numbers == y[0].detach().numbers)
  }

  @Test func evaluationWithoutStatisticsTakesTheBatchs() {
    let layer = BatchNorm1d(2, trackRunningStats: false).eval()
    expectClose(layer(Tensor([[1.0, 2], [3, 5]])).detach().numbers, [-1, -1, 1, 1], within: 1e-5)
    #expect(layer.buffers().isEmpty)
  }

  /// Statistics are moved by a copy of what is learned, and take no part in the graph.
  @Test func runningStatisticsHaveNoHistory() {
    let layer = BatchNorm1d(2)
    let x = Self.sequences.requiresGrad_()
    defer { x.requiresGrad_(false) }
    layer(x).square().sum().backward()
    #expect(!layer.runningMean!.requiresGrad && layer.runningMean!.isLeaf)
    #expect(layer.weight!.grad != nil && x.grad != nil)
    x.grad = nil
  }

  /// A large mean and a deviation of one: what a sum of squares has left of digits would not suffice.
  @Test(arguments: [[64, 3], [7, 3, 29]])
  func farFromZero(_ shape: [Int]) {
    let noise = Tensor.randn(shape, generator: Generator(seed: 4))
    let near = batchNorm(noise, nil, nil, training: true)
    let far = batchNorm(noise + 4096, nil, nil, training: true)
    // Adding 4096 rounds the noise itself to a two thousandth.
    #expect((near - far).abs().max().item() < 2e-3)
  }

  @Test func anEmptyBatchLeavesTheStatistics() {
    let layer = BatchNorm2d(3)
    #expect(layer(Tensor.zeros(0, 3, 2, 2)).shape == [0, 3, 2, 2])
    #expect(layer.runningMean!.numbers == [0, 0, 0] && layer.runningVar!.numbers == [1, 1, 1])
  }

  @Test func aValueThatIsNotANumberShows() {
    let x = Tensor([[1.0, 2], [.nan, 3], [0, 1]])
    let y = batchNorm(x, nil, nil, training: true)
    #expect(y[.all, 0].numbers.allSatisfy(\.isNaN) && y[.all, 1].numbers.allSatisfy { !$0.isNaN })
  }

  // MARK: - Layer and group normalization

  @Test func layerNormTreatsExamplesAlone() {
    let layer = LayerNorm(4)
    let x = Tensor.randn(3, 4, generator: Generator(seed: 1)) * 5 + 2
    let y = layer(x).detach()
    expectClose(y.mean(dim: 1).numbers, [0, 0, 0], within: 1e-6)
    expectClose(y.variance(dim: 1, unbiased: false).numbers, [1, 1, 1], within: 1e-4)
    #expect(layer(x[1..<2]).detach().numbers == y[1].numbers, "whatever stands beside it")
    #expect(layer.eval()(x).detach().numbers == y.numbers, "in evaluation as in training")
  }

  @Test func layerNormOverTwoDimensions() {
    let y = LayerNorm([2, 3])(Tensor([[[0.0, 1, 2], [3, 4, 5]]])).detach()
    let deviation = (35.0 / 12).squareRoot()
    expectClose(y.numbers, (0..<6).map { (Double($0) - 2.5) / deviation }, within: 1e-5)
  }

  @Test func groupNormIsLayerNormOfEachGroup() {
    let x = Tensor.randn(2, 6, 5, generator: Generator(seed: 2))
    let whole = groupNorm(x, 1)
    expectClose(whole.numbers, layerNorm(x, [6, 5]).numbers)
    let groups = groupNorm(x, 3)
    for g in 0..<3 {
      expectClose(groups.narrow(1, 2 * g, 2).numbers, layerNorm(x.narrow(1, 2 * g, 2), [2, 5]).numbers)
    }
  }

  /// Large enough for both cores, and the same as the formula.
  @Test(arguments: [[600, 130], [40, 10, 7, 13], [3, 5, 5000]])
  func largeInputs(_ shape: [Int]) {
    let generator = Generator(seed: 3)
    let x = (Tensor.randn(shape, generator: generator) * 3 - 1).requiresGrad_()
    let cotangent = Tensor.randn(shape, generator: generator)
    func agree(_ y: Tensor, over dims: [Int], _ name: Comment) {
      let v = x.detach().to(.float64)
      let centered = v - v.mean(dims: dims, keepDim: true)
      let inverse = (centered.square().mean(dims: dims, keepDim: true) + 1e-5).rsqrt()
      #expect((y.detach().to(.float64) - centered * inverse).abs().max().item() < 1e-5, name)
      x.grad = nil
      (y * cotangent).sum().backward()
      let (g, xhat) = (cotangent.to(.float64), centered * inverse)
      let expected =
        inverse * (g - g.mean(dims: dims, keepDim: true) - xhat * (g * xhat).mean(dims: dims, keepDim: true))
      #expect((x.grad!.to(.float64) - expected).abs().max().item() < 1e-5, name)
    }
    let inner = Array(1..<shape.count)
    agree(batchNorm(x, nil, nil, training: true), over: shape.indices.filter { $0 != 1 }, "batch")
    agree(layerNorm(x, Array(shape[1...])), over: inner, "layer")
    agree(groupNorm(x, 1), over: inner, "group")
  }

  // MARK: - As PyTorch has them

  @Test func namesAndText() {
    #expect(
      BatchNorm2d(2).stateDict().names == [
        "weight", "bias", "running_mean", "running_var", "num_batches_tracked",
      ])
    #expect(BatchNorm1d(2, affine: false).stateDict().names.count == 3)
    #expect(LayerNorm(2).stateDict().names == ["weight", "bias"])
    #expect(LayerNorm(2, bias: false).stateDict().names == ["weight"])
    #expect(GroupNorm(1, 2, affine: false).stateDict().isEmpty)
    #expect(
      "\(BatchNorm1d(3))"
        == "BatchNorm1d(3, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)")
    #expect(
      "\(BatchNorm2d(3, momentum: nil, affine: false, trackRunningStats: false))"
        == "BatchNorm2d(3, eps=1e-05, momentum=None, affine=False, bias=False, track_running_stats=False)")
    #expect("\(LayerNorm([3, 4]))" == "LayerNorm((3, 4), eps=1e-05, elementwise_affine=True, bias=True)")
    #expect("\(LayerNorm(5, bias: false))".contains("((5,), eps=1e-05, elementwise_affine=True, bias=False)"))
    #expect("\(GroupNorm(2, 4, eps: 1e-3))" == "GroupNorm(2, 4, eps=0.001, affine=True, bias=True)")
  }

  @Test func stateRoundTrip() throws {
    let layer = BatchNorm1d(2)
    _ = layer(Self.sequences)
    let other = BatchNorm1d(2).eval()
    try other.loadStateDict(layer.stateDict())
    #expect(equal(other(Self.sequences), layer.eval()(Self.sequences)))
    #expect(other.numBatchesTracked!.dtype == .int64)
  }
}
