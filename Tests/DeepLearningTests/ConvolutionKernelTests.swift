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

    /// Few channels, and now and then more than fit into the vectors of one tile.
    func shape() -> ConvolutionShape {
      let groups = max(1, number(-1...3))
      return ConvolutionShape(
        batch: number(1...19), inChannels: groups * max(number(1...7), number(-250...70)),
        outChannels: groups * max(number(1...20), number(-100...150)), groups: groups, rows: axis(),
        columns: axis())
    }

    func numbers(_ shape: [Int]) -> Tensor { Tensor.randn(shape, generator: generator) }
  }

  /// Each of the three, with the channels in the vectors and, if it can be that, as a sum of shifted images, is the same as by
  /// products with the unfolded image.
  @Test(arguments: 0..<90)
  func channelsShiftsAndProducts(_ seed: Int) {
    let draw = Draw(seed)
    let s = draw.shape()
    let (x, w, g) = (draw.numbers(s.inShape), draw.numbers(s.weightShape), draw.numbers(s.outShape))
    let (b, c) = (draw.numbers([s.outChannels]), draw.numbers([s.inChannels]))
    typealias Way = (_ result: UnsafeMutablePointer<Float>) -> Void
    func expectSame(
      _ shape: [Int], sumsOf count: Int, _ what: String, shifts: Way?, channels: @escaping Way, products: Way
    ) {
      // Begun as NaN, so that a number that is not written shows.
      func result(_ way: Way) -> Tensor {
        let result = Tensor.full(shape, Double.nan)
        way(result.pointer())
        return result
      }
      let expected = result(products)
      for (name, way) in [("shifts", shifts), ("channels", channels)] {
        guard let way else { continue }
        let error = (result(way) - expected).abs().max().item() / Double(count).squareRoot()
        #expect(error < 1e-5, "\(what) by \(name), \(s)")
      }
    }
    let shifted = (
      y: ShiftedConvolution(s), x: ShiftedConvolution(transposing: s), w: ShiftedWeightGradient(s)
    )
    expectSame(
      s.outShape, sumsOf: s.inPerGroup * s.taps, "forward",
      shifts: shifted.y.map { way in { way.run(x.pointer(), w.pointer(), bias: b.pointer(), into: $0) } },
      channels: { ChannelConvolution(s).run(x.pointer(), w.pointer(), bias: b.pointer(), into: $0) },
      products: { convolveByProduct(x.pointer(), w.pointer(), bias: b.pointer(), into: $0, s) })
    expectSame(
      s.inShape, sumsOf: s.outPerGroup * s.taps, "gradient for the input",
      shifts: shifted.x.map { way in { way.run(g.pointer(), w.pointer(), bias: c.pointer(), into: $0) } },
      channels: {
        ChannelConvolution(transposing: s).run(g.pointer(), w.pointer(), bias: c.pointer(), into: $0)
      },
      products: { convolveInputByProduct(g.pointer(), w.pointer(), bias: c.pointer(), into: $0, s) })
    expectSame(
      s.weightShape, sumsOf: s.outPlane * s.batch, "gradient for the weight",
      shifts: shifted.w.map { way in { way.run(x.pointer(), g.pointer(), into: $0) } },
      channels: { ChannelWeightGradient(s).run(x.pointer(), g.pointer(), into: $0) },
      products: { convolveWeightByProduct(x.pointer(), g.pointer(), into: $0, s) })
  }

  /// Of 441 places of the kernel that 49 outputs have, 80 read the zeros around an image of 7 × 7: two rows of outputs and two
  /// columns read only two thirds of the kernel. Six images fill tiles of six rows with any part of the outputs. In wide
  /// images only what lies above and below is left out.
  @Test func zerosAroundImagesAreLeftOut() {
    func plan(_ size: Int, padding: Int, images: Int, tileRows: Int) -> (images: Int, taps: Int, regions: Int)
    {
      let axis = SlidingAxis(
        size: size, kernel: 3, stride: 1, padding: padding, dilation: 1, outputs: size + 2 * padding - 2)
      let shape = ConvolutionShape(
        batch: images, inChannels: 8, outChannels: 8, groups: 1, rows: axis, columns: axis)
      let plan = ChannelLayout(shape).plan(images: images, tileRows: tileRows)
      let regions = plan.regions.flatMap { $0 }
      return (plan.images, regions.reduce(0) { $0 + $1.outputs * $1.taps }, regions.count)
    }
    #expect(plan(7, padding: 1, images: 32, tileRows: 6) == (6, 361, 9))
    #expect(plan(28, padding: 1, images: 32, tileRows: 4) == (1, 784 * 9 - 2 * 28 * 3, 3))
    #expect(plan(28, padding: 0, images: 32, tileRows: 4).taps == 26 * 26 * 9)
  }

  /// The transpose of a matrix within a wider one, of whole tiles and of parts, writes its own numbers and no others.
  @Test(arguments: [(1, 1), (16, 16), (17, 33), (40, 5), (5, 40)])
  func tilesOfTheTranspose(_ rows: Int, _ columns: Int) {
    let x = Tensor.randn([rows, columns + 3], generator: Generator(seed: 2))
    let y = Tensor.full([columns, rows + 2], 7)
    transposeTiles(
      x.pointer(), rows: rows, columns: columns, pitch: columns + 3, into: y.pointer(), pitch: rows + 2)
    #expect(y.narrow(1, 0, rows).numbers == x.narrow(1, 0, columns).T.numbers)
    #expect(y.narrow(1, rows, 2).numbers.allSatisfy { $0 == 7 })
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

  /// The largest of 2 × 2 or 1 × 2 and its gradient, with equal numbers and NaN, as the pooling of any windows has them.
  @Test(arguments: [2, 3, 5, 9, 16, 17, 31, 33, 48], [DType.float32, .float64])
  func poolingByTwo(_ width: Int, _ dtype: DType) {
    let generator = Generator(seed: 4)
    func expectSame(
      _ shape: [Int], _ pooling: (Tensor) -> Tensor, _ expected: (Tensor) -> (values: Tensor, indices: Tensor)
    ) {
      let digits = Tensor.randint(0, 4, shape, generator: generator).to(dtype)
      let x = `where`(digits .== 3, Tensor(Double.nan, dtype: dtype), digits).requiresGrad_()
      let y = pooling(x)
      let g = Tensor.randn(y.shape, dtype: dtype, generator: generator)
      y.backward(g)
      let gradient = x.grad!
      x.grad = nil
      let expected = expected(x).values
      expected.backward(g)
      // As text, in which NaN equals NaN.
      #expect(y.numbers.description == expected.numbers.description)
      #expect(gradient.numbers == x.grad!.numbers)
    }
    expectSame([3, 2, 5, width]) {
      maxPool2d($0, 2)
    } _: {
      maxPool2dWithIndices($0, 2)
    }
    expectSame([3, 2, width]) {
      maxPool1d($0, 2)
    } _: {
      maxPool1dWithIndices($0, 2)
    }
  }
}
