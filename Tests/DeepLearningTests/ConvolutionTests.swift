import Testing

@testable import DeepLearning
@testable import Tensors

/// Convolutions against numbers worked out by hand, against loops, and against PyTorch.
@Suite struct ConvolutionTests {
  // MARK: - By hand

  /// A ramp 1 … 25 rises by 5 from row to row, which the horizontal Sobel kernel weighs with 8 in all; by columns it
  /// rises by 1.
  @Test func edgesOfARamp() {
    let ramp = Tensor.arange(1, 26).to(.float32).reshape(1, 1, 5, 5)
    let sobel = Tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]).reshape(1, 1, 3, 3)
    #expect(equal(conv2d(ramp, sobel), .full([1, 1, 3, 3], 8)))
    #expect(equal(conv2d(ramp, sobel.transpose(2, 3)), .full([1, 1, 3, 3], 40)))
    // The convolution of mathematics flips the kernel: its sign turns.
    #expect(equal(conv2d(ramp, sobel.flip(2, 3)), .full([1, 1, 3, 3], -8)))
  }

  static let image = Tensor([
    [[2.0, 1, 0, 0], [0, 0, 2, 1], [0, 2, 0, 1], [2, 1, 0, 1]],
    [[2, 2, 0, 0], [0, 0, 2, 1], [0, 0, 2, 0], [0, 1, 0, 1]],
    [[2, 1, 0, 0], [0, 0, 2, 1], [2, 0, 0, 0], [0, 1, 0, 1]],
  ])
  static let kernel = Tensor([
    [[1.0, 0, 0], [0, -2, 0], [0, 0, -1]], [[1, 2, 0], [2, 0, -1], [0, -1, 1]],
    [[0, 0, -2], [0, 1, 2], [-2, 2, 0]],
  ]).unsqueeze(0)

  @Test(arguments: [DType.float32, .float64])
  func anImageOfThreeColors(_ dtype: DType) {
    let y = conv2d(
      Self.image.to(dtype), Self.kernel.to(dtype), Tensor([2.0], dtype: dtype), padding: .same
    ).relu()
    #expect(y.shape == [1, 4, 4])
    #expect(y.numbers == [0, 5, 8, 0, 6, 10, 1, 5, 4, 0, 2, 11, 0, 1, 11, 3])
    #expect(maxPool2d(y, 2).numbers == [10, 8, 4, 11])
    #expect(avgPool2d(y, 2).numbers == [5.25, 3.5, 1.25, 6.75])
  }

  /// An even kernel is padded by one more behind than before.
  @Test func paddingLikeTheInput() {
    let x = Tensor([1.0, 2, 3, 4]).reshape(1, 1, 4)
    let w = Tensor([1.0, 10]).reshape(1, 1, 2)
    #expect(conv1d(x, w, padding: .same).numbers == [21, 32, 43, 4])
    #expect(conv1d(x, w, padding: .same, dilation: 2).numbers == [20, 31, 42, 3])
    #expect(conv1d(x, w, padding: .valid).numbers == [21, 32, 43])
    #expect(conv1d(x[0], w, padding: [1]).numbers == [10, 21, 32, 43, 4])
    let image = Tensor.ones(2, 3, 7, 6)
    let kernels = Tensor.ones(4, 3, 4, 5)
    #expect(conv2d(image, kernels, padding: .same, dilation: [1, 2]).shape == [2, 4, 7, 6])
  }

  @Test func transposed() {
    let x = Tensor([[0.0, 1], [5, 6]]).reshape(1, 1, 2, 2)
    let w = Tensor([[0.0, 1], [2, 3]]).reshape(1, 1, 2, 2)
    #expect(
      convTranspose2d(x, w, stride: 2, outputPadding: 1).numbers == [
        0, 0, 0, 1, 0, 0, 0, 2, 3, 0, 0, 5, 0, 6, 0, 10, 15, 12, 18, 0, 0, 0, 0, 0, 0,
      ])
    let y = convTranspose1d(Tensor([[1.0, 2]]), Tensor([1.0, 10, 100]).reshape(1, 1, 3), Tensor([7.0]))
    #expect(y.shape == [1, 4])
    #expect(y.numbers == [8, 19, 127, 207])
  }

  // MARK: - Against loops

  struct Setting: Sendable, CustomTestStringConvertible {
    var batch = 2
    var inputs = 3
    var outputs = 4
    var size = [9, 8]
    var kernel = [3, 3]
    var stride = [1, 1]
    var padding = [0, 0]
    var dilation = [1, 1]
    var groups = 1

    var testDescription: String {
      "\(batch)×\(inputs)×\(size) to \(outputs), kernel \(kernel), stride \(stride), padding \(padding), "
        + "dilation \(dilation), groups \(groups)"
    }

    func convolve(_ x: Tensor, _ w: Tensor, _ b: Tensor?) -> Tensor {
      conv2d(x, w, b, stride: stride, padding: padding, dilation: dilation, groups: groups)
    }
  }

  /// Shapes that take different ways through the kernels: few and many channels, narrow and wide images, one image
  /// and many, borders of every kind.
  static let settings: [Setting] = [
    .init(),
    .init(inputs: 1, outputs: 1, size: [3, 3]),
    .init(batch: 4, inputs: 3, outputs: 6, size: [32, 32], kernel: [5, 5]),
    .init(batch: 5, inputs: 6, outputs: 16, size: [14, 14], kernel: [5, 5]),
    .init(batch: 3, inputs: 16, outputs: 32, size: [28, 28], padding: [1, 1]),
    .init(batch: 1, inputs: 17, outputs: 35, size: [7, 19], padding: [1, 1]),
    .init(batch: 2, inputs: 8, outputs: 64, size: [8, 8], padding: [1, 1]),
    .init(batch: 1, inputs: 2, outputs: 3, size: [40, 70], kernel: [3, 5], padding: [1, 2]),
    .init(batch: 1, inputs: 1, outputs: 8, size: [28, 28], kernel: [7, 7], padding: [3, 3]),
    .init(size: [12, 13], stride: [2, 2], padding: [1, 1]),
    .init(inputs: 8, outputs: 16, size: [28, 28], stride: [2, 2], padding: [1, 1]),
    .init(inputs: 16, outputs: 16, size: [20, 20], stride: [1, 2], padding: [2, 1]),
    .init(size: [12, 13], padding: [2, 3], dilation: [2, 3]),
    .init(inputs: 4, outputs: 6, padding: [1, 1], groups: 2),
    .init(inputs: 8, outputs: 8, size: [16, 16], padding: [1, 1], groups: 8),
    .init(inputs: 24, outputs: 33, size: [10, 10], kernel: [1, 1]),
    .init(inputs: 24, outputs: 32, size: [10, 10], kernel: [1, 1], stride: [2, 2]),
    .init(size: [5, 4], kernel: [5, 4], padding: [0, 0]),
    .init(size: [2, 3], kernel: [5, 7], padding: [2, 3]),
    .init(size: [6, 6], kernel: [2, 2], padding: [3, 2]),
    .init(batch: 1, inputs: 3, outputs: 2, size: [1, 200], kernel: [1, 9], padding: [0, 4]),
    .init(batch: 1, inputs: 300, outputs: 5, size: [30, 30], padding: [1, 1]),
    .init(batch: 0),
  ]

  /// The sum as the formula has it.
  private func looped(_ x: Tensor, _ w: Tensor, _ s: Setting) -> [Double] {
    let (a, b) = (x.toArray(of: Double.self), w.toArray(of: Double.self))
    let (height, width) = (s.size[0], s.size[1])
    func outputs(_ d: Int) -> Int {
      let extent = s.dilation[d] * (s.kernel[d] - 1) + 1
      return (s.size[d] + 2 * s.padding[d] - extent) / s.stride[d] + 1
    }
    let out = [outputs(0), outputs(1)]
    let perGroup = s.inputs / s.groups
    var y: [Double] = []
    for n in 0..<s.batch {
      for k in 0..<s.outputs {
        let first = k / (s.outputs / s.groups) * perGroup
        for i in 0..<out[0] {
          for j in 0..<out[1] {
            var sum = 0.0
            for c in 0..<perGroup {
              for r in 0..<s.kernel[0] {
                let h = i * s.stride[0] + r * s.dilation[0] - s.padding[0]
                if h < 0 || h >= height { continue }
                for q in 0..<s.kernel[1] {
                  let v = j * s.stride[1] + q * s.dilation[1] - s.padding[1]
                  if v < 0 || v >= width { continue }
                  let pixel = ((n * s.inputs + first + c) * height + h) * width + v
                  let weight = ((k * perGroup + c) * s.kernel[0] + r) * s.kernel[1] + q
                  sum += a[pixel] * b[weight]
                }
              }
            }
            y.append(sum)
          }
        }
      }
    }
    return y
  }

  /// Values against loops. The gradients are checked by what defines them: the convolution is linear, so that
  /// ⟨g, x ∗ w⟩ = ⟨∂x, x⟩ = ⟨∂w, w⟩, for other x and w than those that the gradients were taken at, too.
  @Test(arguments: settings)
  func sizes(_ s: Setting) {
    for (dtype, tolerance) in [(DType.float64, 1e-12), (.float32, 2e-6)] {
      let generator = Generator(seed: 3)
      func random(_ shape: [Int]) -> Tensor { Tensor.randn(shape, dtype: dtype, generator: generator) }
      let x = random([s.batch, s.inputs] + s.size).requiresGrad_()
      let w = random([s.outputs, s.inputs / s.groups] + s.kernel).requiresGrad_()
      let b = random([s.outputs]).requiresGrad_()
      let y = s.convolve(x, w, b)
      let scale = Double(w.count / s.outputs).squareRoot()
      let expected = Tensor(looped(x, w, s), shape: y.shape, dtype: .float64) + b.detach().reshape(-1, 1, 1)
      #expect(relativeError(y.detach(), expected, floor: scale) < tolerance, "\(dtype)")

      let g = random(y.shape)
      y.backward(g)
      let (otherX, otherW) = (random(x.shape), random(w.shape))
      func inner(_ a: Tensor, _ b: Tensor) -> Double { (a.to(.float64) * b.to(.float64)).sum().item() }
      let size = scale * Double(max(1, y.count)).squareRoot()
      noGrad {
        let forX = inner(g, s.convolve(otherX, w, nil)) - inner(x.grad!, otherX)
        let forW = inner(g, s.convolve(x, otherW, nil)) - inner(w.grad!, otherW)
        #expect(abs(forX) < tolerance * size, "\(dtype), gradient for the input: \(forX)")
        #expect(abs(forW) < tolerance * size, "\(dtype), gradient for the weight: \(forW)")
        #expect(
          relativeError(b.grad!, g.to(.float64).sum(dims: [0, 2, 3]), floor: 1) < 10 * tolerance,
          "\(dtype), gradient for the bias")
      }
    }
  }

  /// A convolution is a product with the unfolded image, and its gradient for the image the fold of another.
  @Test func productWithTheUnfolding() {
    let x = Tensor.randn([2, 3, 7, 6], dtype: .float64).requiresGrad_()
    let w = Tensor.randn([4, 3, 3, 2], dtype: .float64)
    let columns = unfold(x, [3, 2], padding: 1, stride: [1, 2])
    #expect(columns.shape == [2, 18, 28])
    let y = conv2d(x, w, stride: [1, 2], padding: 1)
    #expect(w.flatten(1).matmul(columns).reshape(y.shape).allClose(y, relative: 1e-12, absolute: 1e-12))
    let g = Tensor.randn(y.shape, dtype: .float64)
    let folded = fold(
      w.flatten(1).T.matmul(g.reshape(2, 4, 28)), outputSize: [7, 6], [3, 2], padding: 1, stride: [1, 2])
    y.backward(g)
    #expect(folded.allClose(x.grad!, relative: 1e-12, absolute: 1e-12))
  }

  /// Where patches do not overlap, fold undoes unfold; elsewhere every number comes back as often as it was read.
  @Test func foldCountsWhatItCovers() {
    let x = Tensor.randn(2, 3, 4, 6)
    #expect(equal(fold(unfold(x, 2, stride: 2), outputSize: [4, 6], 2, stride: 2), x))
    let counts = fold(unfold(Tensor.ones(1, 3, 3), 2), outputSize: 3, 2)
    #expect(counts.numbers == [1, 2, 1, 2, 4, 2, 1, 2, 1])
  }

  /// A convolution whose unfolding would take half a gigabyte gets by with a few megabytes.
  @Test func theUnfoldingIsNeverMadeAsAWhole() async {
    await #expect(processExitsWith: .success) {
      let x = Tensor.ones([1, 16, 1_000_000]).requiresGrad_()
      let w = Tensor.ones(4, 16, 9).requiresGrad_()
      let used = MemoryStatistics.current.bytesInUse
      let y = conv1d(x, w, padding: 4)
      #expect(y[0, 1, 500].item() == 144.0 && y[0, 0, 0].item() == 80.0)
      y.backward(Tensor.ones(like: y))
      #expect(w.grad![2, 3].numbers == [4, 3, 2, 1, 0, 1, 2, 3, 4].map { 1e6 - $0 })
      let held = MemoryStatistics.current.bytesInUse + MemoryStatistics.current.bytesHeld - used
      // y, its gradient, and x's.
      #expect(held < (4 + 4 + 16) * 4_000_000 * 5 / 4 + (64 << 20))
    }
  }

  // MARK: - Layers

  /// After `torch.manual_seed(4)`. The default generator is the whole process's, hence a process of its own.
  @Test func layersBeginAsInPyTorch() async {
    await #expect(processExitsWith: .success) {
      manualSeed(4)
      let expected: [(ConvolutionModule, shape: [Int], weight: [Double], bias: [Double])] = [
        (
          Conv1d(2, 2, 2), [2, 2, 2],
          [
            0.0596386194, 0.0590924025, -0.408543169, -0.289996803, -0.492805421, -0.461038113, 0.49289459,
            0.413113117,
          ], [0.11857903, 0.474388659]
        ),
        (
          Conv2d(4, 2, [1, 2], groups: 2), [2, 2, 1, 2],
          [
            -0.181087852, -0.285171747, 0.426260412, -0.0264827609, 0.0949457884, 0.295581281, 0.263484418,
            -0.286297262,
          ], [-0.193368435, -0.461446524]
        ),
        (
          ConvTranspose1d(3, 2, 2), [3, 2, 2],
          [
            0.0220290422, -0.179257631, 0.107378364, 0.0232619047, 0.42626822, 0.0430634022, 0.250572383,
            0.157775879, 0.443614423, -0.207853973, 0.41748935, 0.358624041,
          ], [-0.199559808, 0.306487858]
        ),
        (
          ConvTranspose2d(2, 4, [2, 1], groups: 2), [2, 2, 2, 1],
          [
            0.462248206, -0.282711506, -0.195026278, 0.342051387, 0.40315944, 0.131898761, 0.153542042,
            0.370333731,
          ], [0.438190579, -0.316227317, -0.205668032, 0.420984268]
        ),
      ]
      for (layer, shape, weight, bias) in expected {
        #expect(layer.weight.shape == shape)
        expectClose(layer.weight.numbers, weight, within: 1e-9)
        expectClose(layer.bias!.numbers, bias, within: 1e-9)
      }
    }
  }

  @Test func layersPrintAsInPyTorch() {
    let expected: [(Module, String)] = [
      (Conv2d(3, 6, 5), "Conv2d(3, 6, kernel_size=(5, 5), stride=(1, 1))"),
      (
        Conv2d(
          4, 8, [3, 5], stride: [2, 1], padding: [1, 2], dilation: 2, groups: 4, bias: false,
          paddingMode: .reflect),
        "Conv2d(4, 8, kernel_size=(3, 5), stride=(2, 1), padding=(1, 2), dilation=(2, 2), groups=4, bias=False, "
          + "padding_mode=reflect)"
      ),
      (Conv2d(1, 2, 3, padding: .same), "Conv2d(1, 2, kernel_size=(3, 3), stride=(1, 1), padding=same)"),
      (Conv2d(1, 2, 3, padding: .valid), "Conv2d(1, 2, kernel_size=(3, 3), stride=(1, 1), padding=valid)"),
      (Conv1d(2, 4, 3, padding: 1), "Conv1d(2, 4, kernel_size=(3,), stride=(1,), padding=(1,))"),
      (
        ConvTranspose2d(3, 2, 4, stride: 2, padding: 1, outputPadding: 1),
        "ConvTranspose2d(3, 2, kernel_size=(4, 4), stride=(2, 2), padding=(1, 1), output_padding=(1, 1))"
      ),
      (
        ConvTranspose1d(4, 2, 3, groups: 2, dilation: 2),
        "ConvTranspose1d(4, 2, kernel_size=(3,), stride=(1,), dilation=(2,), groups=2)"
      ),
      (Unfold(3), "Unfold(kernel_size=3, dilation=1, padding=0, stride=1)"),
      (
        Fold(outputSize: [4, 5], 2, stride: 2),
        "Fold(output_size=(4, 5), kernel_size=2, dilation=1, padding=0, stride=2)"
      ),
    ]
    for (layer, text) in expected { #expect("\(layer)" == text) }
  }

  @Test func layersCompute() {
    let x = Tensor.randn(2, 4, 8, 9)
    let layer = Conv2d(4, 6, [3, 2], stride: [1, 2], padding: 1, dilation: 2, groups: 2)
    #expect(
      equal(
        layer(x),
        conv2d(x, layer.weight, layer.bias, stride: [1, 2], padding: 1, dilation: 2, groups: 2)))
    #expect(layer.namedParameters().map(\.name) == ["weight", "bias"])
    #expect(layer.parameterCount == 6 * 2 * 3 * 2 + 6)
    #expect(Conv2d(4, 6, 3, bias: false).parameterCount == 6 * 4 * 9)

    let sequences = Tensor.randn(2, 4, 9)
    let narrow = Conv1d(4, 2, 3, stride: 2, padding: 1, dilation: 2, groups: 2)
    #expect(
      equal(
        narrow(sequences),
        conv1d(sequences, narrow.weight, narrow.bias, stride: 2, padding: 1, dilation: 2, groups: 2)))

    let larger = ConvTranspose2d(4, 6, 3, stride: 2, padding: 1, outputPadding: 1, groups: 2)
    #expect(larger(x).shape == [2, 6, 16, 18])
    let longer = ConvTranspose1d(4, 6, 3, stride: 2, padding: 1, outputPadding: 1, groups: 2)
    #expect(longer(sequences).shape == [2, 6, 18])
    #expect(equal(Unfold(3, padding: 1, stride: 2)(x), unfold(x, 3, padding: 1, stride: 2)))
    #expect(equal(Fold(outputSize: [8, 9], 1)(x.flatten(2)), x))
  }

  /// Values of PyTorch for a kernel 0 … 8 and bias 1 on a 4 × 5 ramp.
  @Test func paddingModes() {
    let x = Tensor.arange(20).to(.float32).reshape(1, 1, 4, 5)
    let expected: [(PaddingMode, [Double])] = [
      (
        .reflect,
        [
          151, 145, 163, 199, 235, 241, 223, 301, 295, 313, 349, 385, 391, 373, 481, 475, 493, 529, 565, 571,
          553, 451, 445, 463, 499, 535, 541, 523,
        ]
      ),
      (
        .replicate,
        [
          106, 121, 148, 184, 220, 241, 250, 271, 286, 313, 349, 385, 406, 415, 451, 466, 493, 529, 565, 586,
          595, 526, 541, 568, 604, 640, 661, 670,
        ]
      ),
      (
        .circular,
        [
          226, 202, 193, 229, 265, 226, 202, 346, 322, 313, 349, 385, 346, 322, 526, 502, 493, 529, 565, 526,
          502, 286, 262, 253, 289, 325, 286, 262,
        ]
      ),
    ]
    for (mode, numbers) in expected {
      let layer = Conv2d(1, 1, 3, padding: [1, 2], paddingMode: mode)
      noGrad {
        layer.weight.copy_(Tensor.arange(9).to(.float32).reshape(1, 1, 3, 3))
        layer.bias!.fill_(1)
      }
      #expect(layer(x).shape == [1, 1, 4, 7])
      #expect(layer(x).numbers == numbers, "\(mode)")
    }
    let sequence = Tensor([[1.0, 2, 3]])
    let sum = Conv1d(1, 1, 3, padding: .same, bias: false, paddingMode: .circular)
    noGrad { _ = sum.weight.copy_(Tensor([1.0, 10, 100]).reshape(1, 1, 3)) }
    #expect(sum(sequence).numbers == [213, 321, 132])
  }
}
