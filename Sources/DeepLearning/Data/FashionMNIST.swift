/// 70,000 gray pictures of clothes, 28 × 28, in ten classes: 60,000 to train on and 10,000 to test with.
///
///     let train = try FashionMNIST(train: true)
///     let test = try FashionMNIST(root: "downloads", train: false)
///
/// Debian ships it as the package `dataset-fashion-mnist`.
///
/// Source: H. Xiao, K. Rasul and R. Vollgraf, "Fashion-MNIST: a novel image dataset for benchmarking
/// machine learning algorithms", arXiv:1708.07747 (2017).
public final class FashionMNIST: ImageDataset {
  public static let classes = [
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
  ]

  static let remote = RemoteFiles(
    name: "Fashion-MNIST", folders: ["FashionMNIST/raw", "fashion-mnist"],
    mirrors: [
      "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
      "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    ],
    checksums: [
      "train-images-idx3-ubyte.gz": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
      "train-labels-idx1-ubyte.gz": "25c81989df183df01b3e8a0aad5dffbe",
      "t10k-images-idx3-ubyte.gz": "bef4ecab320f06d8554ea6380940ec79",
      "t10k-labels-idx1-ubyte.gz": "bb300cfdad3c16e7a12a480ee83cd310",
    ])

  /// Reads the training or the test part.
  ///
  /// - Parameters:
  ///   - root: A folder to look in first; then come `$DEEPLEARNING_DATA`, `./data` and `/usr/share/datasets`.
  ///   - train: Whether to read the training part.
  ///   - download: Whether to fetch the files (31 MB for both parts) where no folder has them, into `root` or
  ///     else `$DEEPLEARNING_DATA` or `./data`. The servers that have them are tried in turn, and what they
  ///     send is compared with the checksum of the published file. What has been received when a connection
  ///     breaks is kept, and the next attempt goes on from there.
  ///   - transform: Applied to each image (1, 28, 28) that the subscript returns.
  ///   - targetTransform: Applied to each label (), int64, that the subscript returns.
  /// - Throws: ``DataError`` of kind `.notFound` where no folder has it, of kind `.downloadFailed` or
  ///   `.unwritable` where it cannot be fetched or kept, and of the other kinds where a file is damaged.
  public init(
    root: String? = nil, train: Bool, download: Bool = false, transform: (any Transform)? = nil,
    targetTransform: (any Transform)? = nil
  ) throws(DataError) {
    let files = try LabeledIdxFiles(
      Self.remote, train: train, classCount: Self.classes.count, root: root, download: download)
    super.init(
      name: "Fashion-MNIST", source: files.folder, classes: Self.classes, imageShape: files.imageShape,
      pixels: files.pixels, labels: files.labels, transform: transform, targetTransform: targetTransform)
  }

  /// Fashion-MNIST where it is installed, and ``StrokeDigits`` of the same size where it is not. Which of
  /// the two it is stands in `name` and `source`.
  ///
  /// - Throws: ``DataError`` where files are there but damaged: that is not to be passed over.
  public static func orStrokeDigits(
    root: String? = nil, train: Bool, transform: (any Transform)? = nil,
    targetTransform: (any Transform)? = nil
  ) throws(DataError) -> ImageDataset {
    do {
      return try FashionMNIST(
        root: root, train: train, transform: transform, targetTransform: targetTransform)
    } catch  where error.kind == .notFound {
      return StrokeDigits(train: train, transform: transform, targetTransform: targetTransform)
    }
  }
}
