import Testing

@testable import DeepLearning
@testable import Tensors

/// Dropout, embedding and the bilinear layer, against PyTorch and against what they promise.
@Suite struct LayerTests {
  // MARK: - Dropout

  @Test func dropoutScalesWhatIsLeft() {
    let (n, p) = (100_000, 0.3)
    let y = dropout(.ones(n), p: p, generator: Generator(seed: 11))
    let values = Set(y.numbers)
    #expect(values == [0, Double(1 / Float(1 - p))])
    // Each element has mean 1 and variance p / (1 − p).
    let standardError = (p / (1 - p) / Double(n)).squareRoot()
    #expect(abs(y.to(.float64).mean().item() - 1) < 3 * standardError)
  }

  @Test func dropoutDrawsPyTorchsMasks() {
    let few = dropout(.ones(10), p: 0.4, generator: Generator(seed: 3))
    #expect(few.toArray() == [1, 1, 0, 1, 0, 0, 1, 1, 1, 0].map { $0 * 1.6666666269302368 })
    for dtype in [DType.float32, .float64] {
      let many = dropout(.ones([5000], dtype: dtype), p: 0.4, generator: Generator(seed: 3))
      #expect((many .!= 0).to(.int64).sum().item() == 3059)
    }
  }

  @Test func dropoutGivesTheGradientOfWhatIsLeft() {
    let x = Tensor.ones([50], requiresGrad: true)
    let y = dropout(x, p: 0.5, generator: Generator(seed: 2))
    y.sum().backward()
    #expect(x.grad!.numbers == y.detach().numbers)
  }

  @Test func dropoutInEvaluationIsTheIdentity() {
    let layer = Dropout(0.9, generator: Generator(seed: 0))
    let x = Tensor.randn(20)
    #expect(!equal(layer(x), x))
    #expect(layer.eval()(x) === x)
    #expect(dropout(x, p: 0.9, training: false) === x)
    #expect(!equal(layer.train()(x), x))
  }

  @Test func dropoutOfNothingAndOfEverything() {
    let generator = Generator(seed: 5)
    let x = Tensor.randn(4, 3)
    #expect(dropout(x, p: 0, generator: generator) === x)
    #expect(equal(dropout(x, p: 1, generator: generator), .zeros(4, 3)))
    #expect(dropout(.zeros(0, 3), generator: generator).shape == [0, 3])
    #expect(generator.random() == Generator(seed: 5).random(), "neither draws a number")
  }

  /// A generator among the properties is no obstacle to looking for parameters.
  @Test func dropoutWithItsOwnGenerator() {
    let layer = Dropout(0.5, generator: Generator(seed: 4))
    #expect(Sequential(layer).parameters().isEmpty)
    let x = Tensor.ones(2, 30)
    #expect(equal(layer(x), dropout(x, generator: Generator(seed: 4))))
  }

  /// The masks that PyTorch draws after `torch.manual_seed(3)`, a number for each channel.
  @Test func dropoutOfChannels() {
    let kept = [[1.0, 1, 0, 1], [0, 0, 1, 1], [1, 0, 1, 1]]
    let mask = Tensor(kept) / Tensor(0.6)
    let generator = Generator(seed: 3)
    let images = dropout2d(.ones(3, 4, 2, 5), p: 0.4, generator: generator)
    #expect(equal(images, mask.reshape(3, 4, 1, 1).expand(3, 4, 2, 5)))
    expectClose(Tensor.rand(2, generator: generator).numbers, [0.1809, 0.1877], within: 5e-5)
    let sequences = dropout1d(.ones(3, 4, 5), p: 0.4, generator: Generator(seed: 3))
    #expect(equal(sequences, mask.reshape(3, 4, 1).expand(3, 4, 5)))
    let one = dropout1d(.ones(6, 5), p: 0.4, generator: Generator(seed: 3))
    #expect(one[.all, 0].numbers.map { $0 > 0 } == [true, true, false, true, false, false])
    let many = dropout2d(.ones([50, 40, 3, 3], dtype: .float64), p: 0.4, generator: Generator(seed: 3))
    #expect((many .!= 0).to(.int64).sum().item() == 10_890)
  }

  @Test func dropoutOfChannelsAsLayers() {
    let (x, sequence) = (Tensor.randn(2, 3, 4, 4), Tensor.randn(2, 3, 4))
    let (images, sequences) = (
      Dropout2d(0.5, generator: Generator(seed: 2)), Dropout1d(0.5, generator: Generator(seed: 2))
    )
    #expect(equal(images(x), dropout2d(x, generator: Generator(seed: 2))))
    #expect(equal(sequences(sequence), dropout1d(sequence, generator: Generator(seed: 2))))
    #expect(images.eval()(x) === x && sequences.eval()(sequence) === sequence)
    #expect("\(images) \(sequences)" == "Dropout2d(p=0.5, inplace=False) Dropout1d(p=0.5, inplace=False)")
  }

  // MARK: - Embedding

  @Test func embeddingTakesRows() {
    let layer = Embedding(4, 3)
    let y = layer(Tensor([[1, 0], [3, 1]]))
    #expect(y.shape == [2, 2, 3])
    #expect(equal(y[1, 0], layer.weight[3]) && equal(y[0, 0], y[1, 1]))
    #expect(layer(Tensor(2)).shape == [3])
    #expect(layer.numEmbeddings == 4 && layer.embeddingDim == 3 && layer.paddingIndex == nil)
  }

  /// Values and gradient of PyTorch: the row of the padding is read like any other and never learned.
  @Test(arguments: [DType.float32, .float64])
  func embeddingWithPadding(_ dtype: DType) {
    let weight = (Tensor.arange(12).to(dtype) / 10).reshape(4, 3).requiresGrad_()
    let y = embedding(Tensor([[1, 0, 1], [3, 2, 1]]), weight, paddingIndex: 1)
    expectClose(
      y.numbers,
      [0.3, 0.4, 0.5, 0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.9, 1, 1.1, 0.6, 0.7, 0.8, 0.3, 0.4, 0.5], within: 1e-7)
    (y * Tensor.arange(18).to(dtype).reshape(2, 3, 3)).sum().backward()
    #expect(weight.grad!.numbers == [3, 4, 5, 0, 0, 0, 12, 13, 14, 9, 10, 11])
  }

  @Test func thePaddingStaysZeroInTraining() {
    let layer = Embedding(5, 2, paddingIndex: -1)
    #expect(layer.paddingIndex == 4)
    let others = layer.weight[..<4].detach().clone()
    let optimizer = SGD(layer.parameters(), lr: 0.5)
    for _ in 0..<3 {
      optimizer.zeroGrad()
      (layer(Tensor([0, 1, 2, 3, 4, 4])) - 1).square().sum().backward()
      optimizer.step()
    }
    #expect(equal(layer.weight[4], .zeros(2)))
    #expect(!(layer.weight[..<4].detach() .== others).any())
  }

  // MARK: - Bilinear

  @Test func bilinearIsASumOfProducts() {
    let layer = Bilinear(2, 3, 2)
    let (x1, x2) = (Tensor.randn(4, 5, 2), Tensor.randn(4, 5, 3))
    let y = layer(x1, x2)
    #expect(y.shape == [4, 5, 2])
    let (a, b) = (x1[3, 1], x2[3, 1])
    for k in 0..<2 {
      let expected = a.matmul(layer.weight[k]).matmul(b) + layer.bias![k]
      #expect(y[3, 1, k].allClose(expected, relative: 1e-5, absolute: 1e-6))
    }
    #expect(layer.in1Features == 2 && layer.in2Features == 3 && layer.outFeatures == 2)
    #expect(layer.namedParameters().map(\.name) == ["weight", "bias"])
    #expect(Bilinear(2, 3, 2, bias: false).parameters().count == 1)
  }

  // MARK: - First values

  /// After `torch.manual_seed(3)`. The default generator is the whole process's, hence a process of its own.
  @Test func layersBeginAsInPyTorch() async {
    await #expect(processExitsWith: .success) {
      manualSeed(3)
      let layer = Bilinear(2, 3, 2)
      #expect(layer.weight.shape == [2, 2, 3])
      expectClose(
        layer.weight.numbers,
        [
          -0.7010772228240967, -0.5578091740608215, -0.3028644621372223, -0.6689868569374084,
          -0.04014335572719574, -0.6220895051956177, 0.38447636365890503, 0.3446429371833801,
          0.13353174924850464, 0.5485121607780457, -0.06925216317176819, 0.42354369163513184,
        ], within: 0)
      expectClose(layer.bias!.numbers, [-0.4951997399330139, -0.13934414088726044], within: 0)
      let y = layer(
        Tensor([[1.0, 2.0], [-1.0, 0.5]]), Tensor([[0.5, -1.0, 2.0], [1.0, 1.0, -2.0]]))
      expectClose(
        y.numbers, [-3.9707162380218506, 2.356505870819092, 0.4254821538925171, -0.7853136658668518],
        within: 1e-6)

      manualSeed(3)
      let embedding = Embedding(4, 3, paddingIndex: -3)
      expectClose(
        embedding.weight.numbers,
        [
          0.8032760620117188, 0.17483338713645935, 0.08897809684276581, 0, 0, 0, 0.3374950885772705,
          1.0111159086227417, -1.435179352760315, 0.9774317741394043, 0.5220499634742737, 1.2379167079925537,
        ])
    }
  }
}
