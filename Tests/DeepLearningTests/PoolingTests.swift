import Testing

@testable import DeepLearning
@testable import Tensors

/// Pooling, resizing and padding against numbers of PyTorch or worked out by hand.
@Suite struct PoolingTests {
  static let ramp = Tensor.arange(20).to(.float32).reshape(1, 1, 4, 5)
  private let nan = Double.nan

  private func expectSame(
    _ a: [Double], _ b: [Double], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let isSame = a.count == b.count && zip(a, b).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
    #expect(isSame, "\(a) is not \(b)", sourceLocation: sourceLocation)
  }

  // MARK: - The largest

  /// Among equal numbers the first counts, among several NaN the last.
  @Test func equalNumbersAndNaN() {
    let x = Tensor([[1, 3, 3, 0], [3, 2, nan, 1], [0, 0, 5, 5], [0, 0, 5, nan]]).reshape(1, 1, 4, 4)
    let apart = maxPool2dWithIndices(x, 2)
    expectSame(apart.values.numbers, [3, nan, 0, nan])
    #expect(apart.indices.integers == [1, 6, 8, 15])
    let overlapping = maxPool2dWithIndices(x, 3, stride: 1, padding: 1)
    expectSame(
      overlapping.values.numbers, [3, nan, nan, nan, 3, nan, nan, nan, 3, nan, nan, nan, 0, 5, nan, nan])
    #expect(overlapping.indices.integers == [1, 6, 6, 6, 1, 6, 6, 6, 4, 6, 15, 15, 8, 10, 15, 15])
    let nothing = maxPool2dWithIndices(Tensor.full([1, 2, 2], -Double.infinity), 2)
    #expect(nothing.values.numbers == [-.infinity] && nothing.indices.integers == [0])
  }

  /// The gradient goes where the index points, also if no index was asked for, and overlapping windows add up.
  @Test func theGradientGoesToTheFirstOfEqualNumbers() {
    let x = Tensor([[1.0, 3, 3, 0], [3, 2, 1, 0], [0, 0, 5, 5], [0, 0, 5, 5]]).reshape(1, 4, 4)
      .requiresGrad_()
    maxPool2d(x, 2).backward(Tensor([[1.0, 2], [3, 4]]).unsqueeze(0))
    #expect(x.grad!.numbers == [0, 1, 2, 0, 0, 0, 0, 0, 3, 0, 4, 0, 0, 0, 0, 0])
    x.grad = nil
    maxPool2d(x, 3, stride: 1).backward(Tensor([[1.0, 2], [3, 4]]).unsqueeze(0))
    #expect(x.grad!.numbers == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0])
  }

  @Test func dilationAndTheLastWindow() {
    let (values, indices) = maxPool2dWithIndices(
      Self.ramp, 2, stride: 2, padding: 1, dilation: 2, ceilMode: true)
    #expect(values.shape == [1, 1, 3, 3])
    #expect(values.numbers == [6, 8, 8, 16, 18, 18, 16, 18, 18])
    #expect(indices.integers == [6, 8, 8, 16, 18, 18, 16, 18, 18])
    #expect(maxPool2d(Self.ramp, 3, ceilMode: true).numbers == [12, 14, 17, 19])
    #expect(maxPool2d(Self.ramp, 3).numbers == [12])
    let sequence = Tensor([[3.0, 1, 4, 1, 5, 9, 2]])
    #expect(maxPool1d(sequence, 3).numbers == [4, 9])
    #expect(maxPool1d(sequence, 3, stride: 2).numbers == [4, 5, 9])
    #expect(
      maxPool1dWithIndices(sequence.unsqueeze(0), 2, padding: 1, ceilMode: true).indices.integers == [
        0, 2, 4, 5,
      ])
  }

  /// Widths around the number of lanes of a vector, and planes enough for several cores.
  @Test(arguments: [2, 3, 15, 16, 17, 30, 32, 33, 34, 64, 65, 66])
  func manyWidths(_ width: Int) {
    let x = Tensor.randn([7, 5, 6, width], generator: Generator(seed: 8)).requiresGrad_()
    let y = maxPool2d(x, 2)
    let windows = x.detach()[.ellipsis, 0..<6, 0..<width / 2 * 2].reshape(7, 5, 3, 2, width / 2, 2)
    #expect(equal(y.detach(), windows.amax(dims: [3, 5])))
    let g = Tensor.randn(y.shape, generator: Generator(seed: 9))
    y.backward(g)
    // Every gradient arrives once, at a number that is its window's largest.
    let arrived = x.grad![.ellipsis, 0..<6, 0..<width / 2 * 2].reshape(7, 5, 3, 2, width / 2, 2)
    #expect(equal(arrived.sum(dims: [3, 5]), g))
    #expect(equal((x.grad! .!= 0).to(.float32).sum(), Tensor(Double(g.count)).to(.float32)))
    #expect(((x.grad! .== 0) .| (x.detach() .>= -100)).all())
    let held = `where`(arrived .!= 0, windows, Tensor(-100.0).to(.float32)).amax(dims: [3, 5])
    #expect(equal(held, y.detach()))
  }

  // MARK: - Averages

  @Test func averagesAtTheEdge() {
    expectClose(
      avgPool2d(Self.ramp, 3, stride: 2, padding: 1, ceilMode: true).numbers,
      [1.33333337, 3, 2.66666675, 7, 12, 9, 5.16666651, 8.5, 6.16666651])
    expectClose(
      avgPool2d(Self.ramp, 3, stride: 2, padding: 1, ceilMode: true, countIncludePad: false).numbers,
      [3, 4.5, 6, 10.5, 12, 13.5, 15.5, 17, 18.5])
    #expect(avgPool1d(Tensor([[1.0, 2, 3, 4, 5]]), 2).numbers == [1.5, 3.5])
    #expect(avgPool1d(Tensor([[1.0, 2, 3, 4, 5]]), 3, stride: 1, padding: 1).numbers == [1, 2, 3, 4, 3])
  }

  @Test func windowsThatFitAnySize() {
    #expect(adaptiveAvgPool2d(Self.ramp, [3, 2]).numbers == [3.5, 5.5, 8.5, 10.5, 13.5, 15.5])
    #expect(adaptiveAvgPool2d(Self.ramp[0], 1).numbers == [9.5])
    #expect(adaptiveAvgPool1d(Tensor([[1.0, 2, 3, 4, 5]]), 2).numbers == [2, 4])
    #expect(adaptiveMaxPool2d(Self.ramp, [3, 2]).numbers == [7, 9, 12, 14, 17, 19])
    #expect(adaptiveMaxPool1d(Tensor([[1.0, 2, 3, 4, 5]]), 2).numbers == [3, 5])
    // To more numbers than there are.
    #expect(adaptiveAvgPool1d(Tensor([[1.0, 2]]), 3).numbers == [1, 1.5, 2])
  }

  // MARK: - Another size

  @Test func nearest() {
    #expect(
      interpolate(Self.ramp, size: [7, 3]).numbers == [
        0, 1, 3, 0, 1, 3, 5, 6, 8, 5, 6, 8, 10, 11, 13, 10, 11, 13, 15, 16, 18,
      ])
    let larger = interpolate(Self.ramp, scaleFactor: 1.5)
    #expect(larger.shape == [1, 1, 6, 7])
    #expect(larger[0, 0, 2].numbers == [5, 5, 6, 7, 7, 8, 9])
    #expect(larger[0, 0, 4].numbers == [10, 10, 11, 12, 12, 13, 14])
    #expect(interpolate(Tensor([[[1.0, 2]]]), scaleFactor: 2).numbers == [1, 1, 2, 2])
  }

  @Test func betweenNumbers() {
    let larger = interpolate(Self.ramp, scaleFactor: 1.5, mode: .bilinear)
    #expect(larger.shape == [1, 1, 6, 7])
    expectClose(
      larger[0, 0, 0].numbers, [0, 0.5, 1.16666675, 1.83333337, 2.5, 3.16666675, 3.83333349], within: 2e-6)
    expectClose(
      larger[0, 0, 3].numbers, [9.16666698, 9.66666698, 10.333334, 11.000001, 11.666667, 12.333334, 13],
      within: 2e-6)
    let aligned = interpolate(Self.ramp, size: [3, 7], mode: .bilinear, alignCorners: true)
    for i in 0..<3 {
      let row = (0..<7).map { 7.5 * Double(i) + Double($0) * 2 / 3 }
      expectClose(aligned[0, 0, i].numbers, row, within: 2e-6)
    }
    #expect(
      interpolate(Self.ramp[0, 0, 0...0].unsqueeze(0), size: 8, mode: .linear).numbers == [
        0, 0.4375, 1.0625, 1.6875, 2.3125, 2.9375, 3.5625, 4,
      ])
  }

  // MARK: - Padding

  @Test func paddingModes() {
    let x = Tensor([[1.0, 2, 3]])
    #expect(x.pad([2, 1], mode: .reflect).numbers == [3, 2, 1, 2, 3, 2])
    #expect(x.pad([2, 1], mode: .replicate).numbers == [1, 1, 1, 2, 3, 3])
    #expect(x.pad([2, 1], mode: .circular).numbers == [2, 3, 1, 2, 3, 1])
    #expect(x.pad([2, 1], mode: .zeros).numbers == [0, 0, 1, 2, 3, 0])
    #expect(x.pad([0, 0, 1, 0], mode: .replicate).numbers == [1, 2, 3, 1, 2, 3])
    #expect(x.pad([0, 0], mode: .reflect) === x)
  }

  // MARK: - Layers

  @Test func layersPrintAsInPyTorch() {
    let expected: [(Module, String)] = [
      (MaxPool2d(2), "MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)"),
      (
        MaxPool2d([2, 3], stride: [2, 1], padding: 1, ceilMode: true),
        "MaxPool2d(kernel_size=(2, 3), stride=(2, 1), padding=1, dilation=1, ceil_mode=True)"
      ),
      (MaxPool1d(3, stride: 2), "MaxPool1d(kernel_size=3, stride=2, padding=0, dilation=1, ceil_mode=False)"),
      (AvgPool2d(2), "AvgPool2d(kernel_size=2, stride=2, padding=0)"),
      (AvgPool2d(3, stride: [2, 1], padding: 1), "AvgPool2d(kernel_size=3, stride=(2, 1), padding=1)"),
      (AvgPool1d(2), "AvgPool1d(kernel_size=(2,), stride=(2,), padding=(0,))"),
      (AdaptiveAvgPool2d(1), "AdaptiveAvgPool2d(output_size=1)"),
      (AdaptiveAvgPool2d([2, 3]), "AdaptiveAvgPool2d(output_size=(2, 3))"),
      (AdaptiveAvgPool1d(4), "AdaptiveAvgPool1d(output_size=4)"),
      (AdaptiveMaxPool2d([2, 2]), "AdaptiveMaxPool2d(output_size=(2, 2))"),
      (AdaptiveMaxPool1d(2), "AdaptiveMaxPool1d(output_size=2)"),
      (Upsample(scaleFactor: 2), "Upsample(scale_factor=2.0, mode='nearest')"),
      (Upsample(size: [4, 5], mode: .bilinear), "Upsample(size=(4, 5), mode='bilinear')"),
      (ZeroPad2d(1), "ZeroPad2d((1, 1, 1, 1))"),
      (ZeroPad2d(1, 2, 3, 4), "ZeroPad2d((1, 2, 3, 4))"),
      (ConstantPad2d(2, value: 0.5), "ConstantPad2d(padding=(2, 2, 2, 2), value=0.5)"),
      (ReflectionPad2d(1), "ReflectionPad2d((1, 1, 1, 1))"),
      (ReplicationPad2d(2), "ReplicationPad2d((2, 2, 2, 2))"),
      (CircularPad2d(1), "CircularPad2d((1, 1, 1, 1))"),
    ]
    for (layer, text) in expected {
      #expect("\(layer)" == text)
      #expect(layer.parameters().isEmpty)
    }
  }

  @Test func layersCompute() {
    let x = Tensor.randn(2, 3, 6, 7)
    let sequences = x[0]
    #expect(
      equal(
        MaxPool2d(3, stride: 2, padding: 1, dilation: 2, ceilMode: true)(x),
        maxPool2d(x, 3, stride: 2, padding: 1, dilation: 2, ceilMode: true)))
    #expect(
      equal(
        MaxPool1d(3, stride: 2, padding: 1, ceilMode: true)(sequences),
        maxPool1d(sequences, 3, stride: 2, padding: 1, ceilMode: true)))
    #expect(
      equal(
        AvgPool2d(3, stride: [2, 1], padding: 1, ceilMode: true, countIncludePad: false)(x),
        avgPool2d(x, 3, stride: [2, 1], padding: 1, ceilMode: true, countIncludePad: false)))
    #expect(
      equal(
        AvgPool1d(3, padding: 1, countIncludePad: false)(sequences),
        avgPool1d(sequences, 3, padding: 1, countIncludePad: false)))
    #expect(AdaptiveAvgPool2d([2, 3])(x).shape == [2, 3, 2, 3])
    #expect(AdaptiveAvgPool1d(4)(sequences).shape == [3, 6, 4])
    #expect(AdaptiveMaxPool2d(2)(x).shape == [2, 3, 2, 2])
    #expect(AdaptiveMaxPool1d(2)(sequences).shape == [3, 6, 2])
    #expect(
      equal(
        Upsample(scaleFactor: 2, mode: .bilinear, alignCorners: true)(x),
        interpolate(x, size: [12, 14], mode: .bilinear, alignCorners: true)))
    #expect(ZeroPad2d(1, 2, 3, 4)(x).shape == [2, 3, 13, 10])
    #expect(equal(ConstantPad2d(1, value: 5)(x), x.pad([1, 1, 1, 1], value: 5)))
    #expect(equal(ReflectionPad2d(2)(x), x.pad([2, 2, 2, 2], mode: .reflect)))
    #expect(equal(ReplicationPad2d(2)(x), x.pad([2, 2, 2, 2], mode: .replicate)))
    #expect(equal(CircularPad2d(2)(x), x.pad([2, 2, 2, 2], mode: .circular)))
  }
}
