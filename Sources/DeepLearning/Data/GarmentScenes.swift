/// Pictures of two things side by side, each with a caption that a grammar makes: "a bag left of a sandal".
///
///     let train = GarmentScenes(try FashionMNIST(train: true), heldOut: false, count: 10_000)
///     let test = GarmentScenes(try FashionMNIST(train: false), heldOut: true, count: 1_000)
///     train[0].image      // (1, 28, 56)
///     train[0].caption    // "trousers left of a dress"
///
/// Both halves are images of the data set, chosen at random. Two of the same class make "two bags". Of the ordered
/// pairs of different classes about a fifth is held out: no scene shows one of them unless `heldOut` is set, and
/// then all do, so that each half is familiar and their combination is not. Without Fashion-MNIST the same is made
/// of ``StrokeDigits``: "a three left of an eight".
///
/// One seed always gives the same scenes; a smaller set is the beginning of a larger one.
public struct GarmentScenes: Dataset {
  /// What a scene shows, by the labels of its halves.
  public struct Halves: Sendable, Hashable {
    public let left: Int
    public let right: Int
  }

  /// The data set that the halves come from.
  public let base: ImageDataset
  public let halves: [Halves]
  public let captions: [String]
  /// Where the halves of each scene stand in `base`.
  private let places: [(left: Int, right: Int)]

  /// - Parameters:
  ///   - base: Fashion-MNIST or ``StrokeDigits``.
  ///   - heldOut: Whether to show the combinations that are held out, or the others.
  ///   - count: Number of scenes.
  ///   - classes: The labels that occur, at least two; by default all but the shirts of Fashion-MNIST, which are
  ///     too easily taken for coats, pullovers and T-shirts.
  ///   - seed: Another seed gives other scenes, and holds out other combinations.
  public init(
    _ base: ImageDataset, heldOut: Bool, count: Int, classes: [Int]? = nil, seed: UInt64 = 0
  ) {
    let words = SceneWords(base)
    let classes = classes ?? base.classes.indices.filter { base.classes[$0] != "Shirt" }
    check(count >= 0, "GarmentScenes", "cannot make \(count) scenes")
    check(
      Set(classes).count >= 2 && classes.allSatisfy(base.classes.indices.contains), "GarmentScenes",
      "needs two labels of \(base.name) or more, found \(classes)")
    let examples = Dictionary(grouping: base.labels.indices) { base.labels[$0] }
    for label in classes {
      check(examples[label] != nil, "GarmentScenes", "\(base.name) has no image of label \(label)")
    }
    let shift = Int(seed % 5)
    let choices = classes.indices.flatMap { left in
      classes.indices.filter { right in
        heldOut == (left != right && (left + 2 * right + shift) % 5 == 0)
      }.map { Halves(left: classes[left], right: classes[$0]) }
    }
    check(!choices.isEmpty, "GarmentScenes", "of the labels \(classes) no combination is held out")
    let generator = Generator(seed: 2 * seed &+ (heldOut ? 2 : 1))
    func pick<Element>(_ elements: [Element]) -> Element {
      elements[generator.nextInt(in: 0..<elements.count)]
    }
    var halves: [Halves] = []
    var places: [(left: Int, right: Int)] = []
    for _ in 0..<count {
      halves.append(pick(choices))
      places.append((pick(examples[halves.last!.left]!), pick(examples[halves.last!.right]!)))
    }
    self.base = base
    self.halves = halves
    self.places = places
    captions = halves.map(words.caption)
  }

  public var count: Int { captions.count }

  public subscript(index: Int) -> (image: Tensor, caption: String) {
    checkIndex(index, "GarmentScenes")
    return (images(at: [index])[0], captions[index])
  }

  /// The pictures of some scenes, (n, C, H, 2 W), float32 in [0, 1].
  public func images(at indices: [Int]) -> Tensor {
    for index in indices { checkIndex(index, "GarmentScenes") }
    let halves = [indices.map { places[$0].left }, indices.map { places[$0].right }]
    return cat(halves.map { base.scaledImages(at: $0) }, dim: 3)
  }
}

/// How captions name things.
private struct SceneWords {
  private let one: [String]
  private let two: [String]

  init(_ base: ImageDataset) {
    if base.classes == FashionMNIST.classes {
      one = [
        "a t-shirt", "trousers", "a pullover", "a dress", "a coat", "a sandal", "a shirt", "a sneaker",
        "a bag",
        "a boot",
      ]
      two = [
        "two t-shirts", "two pairs of trousers", "two pullovers", "two dresses", "two coats", "two sandals",
        "two shirts", "two sneakers", "two bags", "two boots",
      ]
    } else {
      let names = base.classes.count == 10 ? Self.digits : base.classes.map { $0.lowercased() }
      one = names.map { ("aeiou".contains($0.first ?? " ") ? "an " : "a ") + $0 }
      two = names.map { "two " + englishWithS($0) }
    }
  }

  private static let digits = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
  ]

  func caption(_ halves: GarmentScenes.Halves) -> String {
    halves.left == halves.right ? two[halves.left] : "\(one[halves.left]) left of \(one[halves.right])"
  }
}
