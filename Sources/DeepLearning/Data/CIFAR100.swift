/// 60,000 color pictures, 32 × 32, in a hundred classes, which fall into twenty coarse ones of five each:
/// 50,000 to train on and 10,000 to test with.
///
///     let train = try CIFAR100(root: "data", train: true)
///     train.classes[train.labels[0]]
///     CIFAR100.coarseClasses[train.coarseLabels[0]]
///
/// The binary form is read, `cifar-100-binary.tar.gz` as it is distributed or the folder `cifar-100-binary`
/// that it unpacks to.
///
/// Source: A. Krizhevsky, "Learning multiple layers of features from tiny images", University of Toronto,
/// 2009.
public final class CIFAR100: ImageDataset {
  public static let classes = [
    "apple", "aquarium_fish", "baby", "bear", "beaver", "bed", "bee", "beetle", "bicycle", "bottle",
    "bowl", "boy", "bridge", "bus", "butterfly", "camel", "can", "castle", "caterpillar", "cattle",
    "chair", "chimpanzee", "clock", "cloud", "cockroach", "couch", "crab", "crocodile", "cup", "dinosaur",
    "dolphin", "elephant", "flatfish", "forest", "fox", "girl", "hamster", "house", "kangaroo", "keyboard",
    "lamp", "lawn_mower", "leopard", "lion", "lizard", "lobster", "man", "maple_tree", "motorcycle",
    "mountain",
    "mouse", "mushroom", "oak_tree", "orange", "orchid", "otter", "palm_tree", "pear", "pickup_truck",
    "pine_tree",
    "plain", "plate", "poppy", "porcupine", "possum", "rabbit", "raccoon", "ray", "road", "rocket",
    "rose", "sea", "seal", "shark", "shrew", "skunk", "skyscraper", "snail", "snake", "spider",
    "squirrel", "streetcar", "sunflower", "sweet_pepper", "table", "tank", "telephone", "television", "tiger",
    "tractor",
    "train", "trout", "tulip", "turtle", "wardrobe", "whale", "willow_tree", "wolf", "woman", "worm",
  ]

  public static let coarseClasses = [
    "aquatic_mammals", "fish", "flowers", "food_containers", "fruit_and_vegetables",
    "household_electrical_devices", "household_furniture", "insects", "large_carnivores",
    "large_man-made_outdoor_things", "large_natural_outdoor_scenes", "large_omnivores_and_herbivores",
    "medium_mammals", "non-insect_invertebrates", "people", "reptiles", "small_mammals", "trees",
    "vehicles_1",
    "vehicles_2",
  ]

  /// The coarse class of each picture, as plain numbers.
  public let coarseLabels: [Int]

  static let mirrors = ["https://www.cs.toronto.edu/~kriz/", "https://cave.cs.toronto.edu/kriz/"]
  static let place = CIFARFiles.Place(
    folder: "cifar-100-binary", archive: "cifar-100-binary.tar",
    remote: RemoteFiles(
      name: "CIFAR-100", folders: ["cifar-100"], mirrors: mirrors,
      checksums: ["cifar-100-binary.tar.gz": "03b5dce01913d631647c71ecec9e9cb8"]))

  /// Reads the training or the test part.
  ///
  /// - Parameters:
  ///   - root: A folder to look in first; then come `$DEEPLEARNING_DATA`, `./data` and `/usr/share/datasets`.
  ///   - train: Whether to read the training part.
  ///   - download: Whether to fetch the archive (169 MB) where no folder has it; see ``FashionMNIST``.
  ///   - transform: Applied to each image (3, 32, 32) that the subscript returns.
  ///   - targetTransform: Applied to each label (), int64, that the subscript returns.
  /// - Throws: ``DataError``.
  public init(
    root: String? = nil, train: Bool, download: Bool = false, transform: (any Transform)? = nil,
    targetTransform: (any Transform)? = nil
  ) throws(DataError) {
    // A record begins with its coarse label.
    let files = try CIFARFiles(
      at: Self.place, files: [train ? "train.bin" : "test.bin"],
      classCounts: [Self.coarseClasses.count, Self.classes.count], root: root, download: download)
    coarseLabels = files.labels[0]
    super.init(
      name: "CIFAR-100", source: files.source, classes: Self.classes, imageShape: CIFARFiles.imageShape,
      pixels: files.pixels, labels: files.labels[1], transform: transform, targetTransform: targetTransform)
  }
}
