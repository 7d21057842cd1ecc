import Testing

@testable import DeepLearning
@testable import Tensors

/// What is done to images, on one of 5 × 5 pixels whose results were computed on paper, and against torchvision.
@Suite struct ImageTransformTests {
  static let image = Tensor([
    [0.0, 1, 0, 2, 0],
    [3, 5, 1, 0, 4],
    [0, 8, 9, 6, 2],
    [7, 0, 4, 3, 1],
    [2, 6, 0, 5, 8],
  ])

  struct Change: Sendable, CustomTestStringConvertible {
    let name: String
    let expected: [[Double]]
    let change: @Sendable (Tensor) -> Tensor
    var testDescription: String { name }

    init(_ name: String, _ expected: [[Double]], _ change: @escaping @Sendable (Tensor) -> Tensor) {
      self.name = name
      self.expected = expected
      self.change = change
    }
  }

  static let changes: [Change] = [
    Change(
      "in a mirror",
      [[0, 2, 0, 1, 0], [4, 0, 1, 5, 3], [2, 6, 9, 8, 0], [1, 3, 4, 0, 7], [8, 5, 0, 6, 2]]
    ) { horizontalFlip($0) },
    Change("a part", [[9, 6], [4, 3], [0, 5]]) { crop($0, top: 2, left: 2, height: 3, width: 2) },
    Change("a part beyond the corner", [[0, 0, 0], [2, 0, 0], [0, 4, 0]]) {
      crop($0, top: -1, left: 3, height: 3, width: 3)
    },
    Change("a part beyond the corner, edge", [[2, 0, 0], [2, 0, 0], [0, 4, 4]]) {
      crop($0, top: -1, left: 3, height: 3, width: 3, fill: .edge)
    },
    Change(
      "one to the right and one up",
      [[0, 3, 5, 1, 0], [0, 0, 8, 9, 6], [0, 7, 0, 4, 3], [0, 2, 6, 0, 5], [0, 0, 0, 0, 0]]
    ) { translate($0, x: 1, y: -1) },
    Change(
      "one to the right and one up, edge",
      [[3, 3, 5, 1, 0], [0, 0, 8, 9, 6], [7, 7, 0, 4, 3], [2, 2, 6, 0, 5], [2, 2, 6, 0, 5]]
    ) { translate($0, x: 1, y: -1, fill: .edge) },
    Change(
      "half a pixel to the right",
      [
        [0, 0.5, 0.5, 1, 1], [1.5, 4, 3, 0.5, 2], [0, 4, 8.5, 7.5, 4], [3.5, 3.5, 2, 3.5, 2],
        [1, 4, 3, 2.5, 6.5],
      ]
    ) { translate($0, x: 0.5) },
    Change(
      "half a pixel down, edge",
      [
        [0, 1, 0, 2, 0], [1.5, 3, 0.5, 1, 2], [1.5, 6.5, 5, 3, 3], [3.5, 4, 6.5, 4.5, 1.5],
        [4.5, 3, 2, 4, 4.5],
      ]
    ) { translate($0, y: 0.5, fill: .edge) },
    Change("far away", [[Double]](repeating: [0, 0, 0, 0, 0], count: 5)) { translate($0, x: -1e30) },
    Change(
      "a quarter turn",
      [[0, 4, 2, 1, 8], [2, 0, 6, 3, 5], [0, 1, 9, 4, 0], [1, 5, 8, 0, 6], [0, 3, 0, 7, 2]]
    ) { rotate($0, degrees: 90) },
    Change(
      "half a turn",
      [[8, 5, 0, 6, 2], [1, 3, 4, 0, 7], [2, 6, 9, 8, 0], [4, 0, 1, 5, 3], [0, 2, 0, 1, 0]]
    ) { rotate($0, degrees: 180) },
    Change(
      "twice as wide",
      [[1, 0.5, 0, 1, 2], [5, 3, 1, 0.5, 0], [8, 8.5, 9, 7.5, 6], [0, 2, 4, 3.5, 3], [6, 3, 0, 2.5, 5]]
    ) { stretch($0, x: 2) },
    Change(
      "half as high",
      [[0, 0, 0, 0, 0], [0, 1, 0, 2, 0], [0, 8, 9, 6, 2], [2, 6, 0, 5, 8], [0, 0, 0, 0, 0]]
    ) { stretch($0, y: 0.5) },
    Change(
      "a pixel a row to the left",
      [[0, 0, 0, 1, 0], [0, 3, 5, 1, 0], [0, 8, 9, 6, 2], [0, 4, 3, 1, 0], [0, 5, 8, 0, 0]]
    ) { shear($0, x: 45) },
    Change(
      "a pixel a column up",
      [[0, 0, 0, 0, 2], [0, 1, 1, 6, 1], [0, 5, 9, 3, 8], [3, 8, 4, 5, 0], [0, 0, 0, 0, 0]]
    ) { shear($0, y: 45) },
    Change(
      "a quarter turn the other way, a pixel to the right",
      [[0, 2, 7, 0, 3], [0, 6, 0, 8, 5], [0, 0, 4, 9, 1], [0, 5, 3, 6, 0], [0, 8, 1, 2, 4]]
    ) { affine($0, angle: 90, translate: (1, 0)) },
    Change(
      "a lens that bends nothing",
      [[0, 1, 0, 2, 0], [3, 5, 1, 0, 4], [0, 8, 9, 6, 2], [7, 0, 4, 3, 1], [2, 6, 0, 5, 8]]
    ) { lensDistortion($0, k: 0) },
  ]

  @Test(arguments: changes)
  func isExact(_ change: Change) {
    for (dtype, tolerance) in [(DType.float64, 1e-12), (.float32, 1e-5)] {
      let image = Self.image.to(dtype)
      let expected = change.expected.flatMap(\.self)
      let gray = change.change(image)
      #expect(gray.shape == [change.expected.count, change.expected[0].count] && gray.dtype == dtype)
      expectClose(gray.numbers, expected, within: tolerance)
      // With channels each is treated alike; one that is laid out by columns is read right.
      let colored = change.change(stack([image * 3, image.T.contiguous().T, image.flip(-1)]))
      #expect(colored.shape == [3] + gray.shape)
      expectClose(colored[0].numbers, expected.map { 3 * $0 }, within: 3 * tolerance)
      expectClose(colored[1].numbers, expected, within: tolerance)
      expectClose(colored[2].numbers, change.change(image.flip(-1)).numbers, within: tolerance)
      expectClose(change.change(image.T.contiguous().T).numbers, expected, within: tolerance)
    }
  }

  /// One pixel to the left of the center, r = 1/2.5, and the one diagonally above it, r² = 2/2.5².
  @Test func lensesBend() {
    let barrel = lensDistortion(Self.image, k: 0.5)
    // x = 2 − 1.08: 0.08 of the pixel at 0 and 0.92 of that at 1.
    expectClose([barrel[2, 1].item()], [0.08 * 0 + 0.92 * 8], within: 1e-5)
    // x = y = 2 − 1.16
    let (upper, lower) = (0.16 * 0 + 0.84 * 1, 0.16 * 3 + 0.84 * 5)
    expectClose([barrel[1, 1].item()], [0.16 * upper + 0.84 * lower], within: 1e-5)
    // x = 2 + 1.32 · 2 is 0.64 beyond the border.
    expectClose([barrel[2, 4].item()], [0.36 * 2], within: 1e-5)
    expectClose([lensDistortion(Self.image, k: 0.5, fill: .edge)[2, 4].item()], [2], within: 1e-5)
    // x = 2 − 0.92
    let pincushion = lensDistortion(Self.image, k: -0.5)
    expectClose([pincushion[2, 1].item()], [0.92 * 8 + 0.08 * 9], within: 1e-5)
    expectClose([pincushion[2, 2].item()], [9], within: 1e-5)
  }

  /// An image that is wider than high, with an even side: its center lies between two columns.
  private static let wide = Tensor((0..<30).map { Double($0 * 7 % 11) }, shape: [1, 5, 6], dtype: .float32)

  /// torchvision 0.29: `F.affine(x, 20, [1, -1], 1.3, [15.0, -10.0], BILINEAR)` and `F.rotate(x, 30, BILINEAR)`.
  @Test func agreesWithTorchvision() {
    let bent = affine(Self.wide, angle: 20, translate: (1, -1), scale: 1.3, shear: (15, -10))
    expectClose(
      bent.numbers,
      [
        5.01207160949707, 4.359475612640381, 3.9518327713012695, 5.236772537231445, 4.193055152893066,
        8.405147552490234, 4.278308868408203, 1.2291889190673828, 5.837324142456055, 8.845837593078613,
        6.744097709655762, 5.46248722076416, 8.097573280334473, 6.803187370300293, 7.407225608825684,
        5.715550422668457, 4.0238752365112305, 2.3321990966796875, 2.549610137939453, 4.445019245147705,
        4.2769389152526855, 3.0652260780334473, 2.103475570678711, 2.6777286529541016, 0.0, 0.0,
        0.9147325158119202, 4.3945207595825195, 7.197559833526611, 5.604557991027832,
      ], within: 1e-4)
    expectClose(
      rotate(Self.wide, degrees: 30).numbers,
      [
        0.1015971451997757, 2.2824647426605225, 9.696150779724121, 5.23205041885376, 0.925713062286377,
        1.5613192319869995, 5.166439533233643, 3.428203582763672, 5.200962066650391, 5.500000476837158,
        3.943660259246826, 6.873236656188965, 6.331329345703125, 4.24879789352417, 7.666265487670898,
        5.767950057983398, 1.303847312927246, 5.07651948928833, 6.485744953155518, 3.964101791381836,
        5.736860275268555, 6.035898208618164, 3.5981621742248535, 7.372125625610352, 2.0216426849365234,
        4.232050895690918, 5.452162742614746, 6.290621280670166, 1.4522507190704346, 0.11945925652980804,
      ], within: 1e-4)
  }

  /// The same numbers are drawn in the same order: after `torch.manual_seed(5)` torchvision printed these.
  @Test func drawsAsTorchvision() {
    func afterSeed5(_ body: (Generator) -> Void) {
      let generator = Generator(seed: 5)
      Generator.$current.withValue(generator) { body(generator) }
    }
    afterSeed5 { _ in
      let transform = RandomAffine(degrees: 10, translate: (0.3, 0.2), scale: 0.8...1.2, shear: 5)
      let drawn = [
        affine(
          Self.wide, angle: 6.605037689208984, translate: (-1, 1), scale: 1.127970814704895,
          shear: (4.2010345458984375, 0)),
        affine(
          Self.wide, angle: -7.66709566116333, translate: (-1, 0), scale: 0.8133058547973633,
          shear: (4.941847324371338, 0)),
      ]
      for expected in drawn { expectClose(transform(Self.wide).numbers, expected.numbers, within: 1e-5) }
      expectClose(Tensor.rand(1).numbers, [0.6064286], within: 1e-7)
    }
    afterSeed5 { _ in
      let crop = RandomCrop(4, padding: 2)
      let parts = (0..<3).map { _ in crop(Self.wide)[0] }
      #expect(equal(parts[0], Tensor([[4.0, 0, 7, 0], [2, 9, 5, 0], [0, 0, 0, 0], [0, 0, 0, 0]])))
      #expect(equal(parts[1], Tensor([[0.0, 0, 0, 0], [7, 3, 10, 6], [5, 1, 8, 4], [3, 10, 6, 2]])))
      #expect(equal(parts[2], Tensor([[0.0, 0, 7, 3], [0, 9, 5, 1], [0, 7, 3, 10], [0, 5, 1, 8]])))
      expectClose(Tensor.rand(1).numbers, [0.1643915], within: 1e-7)
    }
    afterSeed5 { _ in
      let flip = RandomHorizontalFlip()
      let isAsBefore = (0..<12).map { _ in equal(flip(Self.wide), Self.wide) }
      #expect(
        isAsBefore == [true, false, true, true, true, false, false, true, false, true, true, true])
    }
    afterSeed5 { _ in
      let turned = rotate(Self.wide, degrees: 26.420150756835938)
      expectClose(RandomRotation(40)(Self.wide).numbers, turned.numbers, within: 1e-5)
    }
  }

  @Test func theOthersDrawFromTheirRanges() {
    let generator = Generator(seed: 8)
    Generator.$current.withValue(generator) {
      let numbers = Tensor.rand(3).numbers
      generator.manualSeed(8)
      let stretched = RandomStretch(x: 0.5...1.5, y: 1...3)(Self.image)
      let expected = stretch(Self.image, x: 0.5 + numbers[0], y: 1 + 2 * numbers[1])
      expectClose(stretched.numbers, expected.numbers, within: 1e-4)
      let bent = RandomLensDistortion(k: -1...1, fill: .edge)(Self.image)
      let expectedBent = lensDistortion(Self.image, k: 2 * numbers[2] - 1, fill: .edge)
      expectClose(bent.numbers, expectedBent.numbers, within: 1e-4)
    }
    #expect(equal(RandomHorizontalFlip(p: 0)(Self.image), Self.image))
    #expect(equal(RandomHorizontalFlip(p: 1)(Self.image), Self.image.flip(-1)))
    #expect(RandomAffine(degrees: 0)(Self.image).allClose(Self.image))
    // One place only: nothing is drawn.
    let one = Generator(seed: 1)
    Generator.$current.withValue(one) { #expect(equal(RandomCrop(5)(Self.image), Self.image)) }
    #expect(one.random() == Generator(seed: 1).random())
  }

  /// The loader seeds them: the same seed gives the same images with and without prefetching, every epoch others.
  @Test func theLoaderAppliesThem() throws {
    let plain = StrokeDigits(train: true, count: 40)
    let set = StrokeDigits(
      train: true, count: 40,
      transform: Compose([RandomAffine(degrees: 20, translate: (0.1, 0.1)), RandomHorizontalFlip()]))
    func epochs(prefetch: Int) -> [Tensor] {
      let loader = DataLoader(set, batchSize: 40, generator: Generator(seed: 3), prefetch: prefetch)
      return (0..<2).map { _ in Array(loader)[0].0 }
    }
    let (without, with) = (epochs(prefetch: 0), epochs(prefetch: 2))
    #expect(equal(without[0], with[0]) && equal(without[1], with[1]))
    #expect(without[0].shape == plain.images.shape)
    #expect(!equal(without[0], without[1]) && !equal(without[0], plain.images))
  }

  @Test func transformsSayWhatTheyAre() {
    #expect("\(RandomCrop(28, padding: 2))" == "RandomCrop(size=28, padding=2)")
    #expect("\(RandomAffine(degrees: 10, shear: 5))" == "RandomAffine(degrees=10.0, shear=5.0)")
    #expect(
      "\(RandomAffine(degrees: 10, translate: (0.1, 0.2), scale: 0.9...1.1))"
        == "RandomAffine(degrees=10.0, translate=(0.1, 0.2), scale=0.9...1.1)")
  }
}
