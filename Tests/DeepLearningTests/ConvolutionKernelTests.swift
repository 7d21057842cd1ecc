import Testing

@testable import DeepLearning
@testable import Tensors

/// The fast ways through convolution and pooling against the general ones, on shapes drawn at random.
@Suite struct ConvolutionKernelTests {
  /// Numbers for one shape.
  private final class Draw {
    let generator: Generator
    init(_ seed: Int) { generator = Generator(seed: UInt64(seed)) }

    func number(_ range: ClosedRange<Int>) -> Int {
      Tensor.randint(range.lowerBound, range.upperBound + 1, [1], generator: generator).integers[0]
    }

    /// Narrow and wide, with and without padding, stride and dilation; now and then behind as much padding as before.
    func axis() -> SlidingAxis {
      while true {
        let (size, kernel, padding) = (number(1...40), number(1...5), number(0...3))
        let (stride, dilation) = (max(1, number(-2...3)), max(1, number(-1...2)))
        let behind = max(0, padding + number(-1...1))
        let steps = size + padding + behind - (kernel - 1) * dilation - 1
        if steps >= 0 {
          return SlidingAxis(
            size: size, kernel: kernel, stride: stride, padding: padding, dilation: dilation,
            outputs: steps / stride + 1)
        }
      }
    }

    func shape() -> ConvolutionShape {
      let groups = max(1, number(-1...3))
      return ConvolutionShape(
        batch: number(1...19), inChannels: groups * number(1...7), outChannels: groups * number(1...20),
        groups: groups, rows: axis(), columns: axis())
    }

    func numbers(_ shape: [Int]) -> Tensor { Tensor.randn(shape, generator: generator) }
  }

  /// Each of the three, if it can be a sum of shifted images, is the same as by products with the unfolded image.
  @Test(arguments: 0..<60)
  func shiftsAndProducts(_ seed: Int) {
    let draw = Draw(seed)
    let s = draw.shape()
    let (x, w, b, g) = (
      draw.numbers(s.inShape), draw.numbers(s.weightShape), draw.numbers([s.outChannels]),
      draw.numbers(s.outShape)
    )
    func expectSame(
      _ shape: [Int], sumsOf count: Int, _ what: String, _ fast: (UnsafeMutablePointer<Float>) -> Void,
      _ general: (UnsafeMutablePointer<Float>) -> Void
    ) {
      // Begun as NaN, so that a number that is not written shows.
      let (a, b) = (Tensor.full(shape, Double.nan), Tensor.full(shape, Double.nan))
      fast(a.pointer())
      general(b.pointer())
      let error = (a - b).abs().max().item() / Double(count).squareRoot()
      #expect(error < 1e-5, "\(what), \(s)")
    }
    if let fast = ShiftedConvolution(s) {
      expectSame(s.outShape, sumsOf: s.inPerGroup * s.taps, "forward") {
        fast.run(x.pointer(), w.pointer(), bias: b.pointer(), into: $0)
      } _: {
        convolveByProduct(x.pointer(), w.pointer(), bias: b.pointer(), into: $0, s)
      }
    }
    if let fast = ShiftedConvolution(transposing: s) {
      expectSame(s.inShape, sumsOf: s.outPerGroup * s.taps, "gradient for the input") {
        fast.run(g.pointer(), w.pointer(), bias: nil, into: $0)
      } _: {
        convolveInputByProduct(g.pointer(), w.pointer(), bias: nil, into: $0, s)
      }
    }
    if let fast = ShiftedWeightGradient(s) {
      expectSame(s.weightShape, sumsOf: s.outPlane * s.batch, "gradient for the weight") {
        fast.run(x.pointer(), g.pointer(), into: $0)
      } _: {
        convolveWeightByProduct(x.pointer(), g.pointer(), into: $0, s)
      }
    }
  }

  /// Which kinds of convolution are sums of shifted images, so that the test above cannot pass by having nothing to do.
  @Test func whatIsASumOfShiftedImages() {
    func shape(stride: Int = 1, padding: Int = 1) -> ConvolutionShape {
      let axis = SlidingAxis(
        size: 28, kernel: 3, stride: stride, padding: padding, dilation: 1,
        outputs: (28 + 2 * padding - 3) / stride + 1)
      return ConvolutionShape(batch: 2, inChannels: 3, outChannels: 4, groups: 1, rows: axis, columns: axis)
    }
    #expect(ShiftedConvolution(shape())?.isFaster == true)
    #expect(ShiftedConvolution(transposing: shape())?.isFaster == true)
    #expect(ShiftedWeightGradient(shape())?.isFaster == true)
    #expect(ShiftedConvolution(shape(stride: 2)) != nil)
    #expect(ShiftedConvolution(transposing: shape(stride: 2)) == nil)
    #expect(ShiftedWeightGradient(shape(stride: 2)) != nil)
    // More padding than the kernel reaches: outputs would overlap.
    #expect(ShiftedConvolution(shape(padding: 3)) == nil)
  }

  /// The largest of 2 × 2 and its gradient, with equal numbers and NaN, as the pooling of any windows has them.
  @Test(arguments: [2, 3, 5, 9, 16, 17, 31, 33, 48], [DType.float32, .float64])
  func poolingByTwo(_ width: Int, _ dtype: DType) {
    let generator = Generator(seed: 4)
    let digits = Tensor.randint(0, 4, [3, 2, 5, width], generator: generator).to(dtype)
    let x = `where`(digits .== 3, Tensor(Double.nan, dtype: dtype), digits).requiresGrad_()
    let y = maxPool2d(x, 2)
    let g = Tensor.randn(y.shape, dtype: dtype, generator: generator)
    y.backward(g)
    let gradient = x.grad!
    x.grad = nil
    let expected = maxPool2dWithIndices(x, 2).values
    expected.backward(g)
    // As text, in which NaN equals NaN.
    #expect(y.numbers.description == expected.numbers.description)
    #expect(gradient.numbers == x.grad!.numbers)
  }
}
