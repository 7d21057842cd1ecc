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

  /// Reads the training or the test part.
  ///
  /// - Parameters:
  ///   - root: A folder to look in first; then come `$DEEPLEARNING_DATA`, `./data` and `/usr/share/datasets`.
  ///   - train: Whether to read the training part.
  ///   - transform: Applied to each image (1, 28, 28) that the subscript returns.
  ///   - targetTransform: Applied to each label (), int64, that the subscript returns.
  /// - Throws: ``DataError`` of kind `.notFound` where no folder has it, and of the other kinds where a file
  ///   is damaged.
  public init(
    root: String? = nil, train: Bool, transform: ((Tensor) -> Tensor)? = nil,
    targetTransform: ((Tensor) -> Tensor)? = nil
  ) throws(DataError) {
    let part = train ? "train" : "t10k"
    let folder = try DataFolders.find(
      "\(part)-images-idx3-ubyte", of: "Fashion-MNIST", in: ["fashion-mnist", "FashionMNIST/raw"], root: root)
    let files = try LabeledIdxFiles(folder: folder, part: part, classCount: Self.classes.count)
    super.init(
      name: "Fashion-MNIST", source: folder, classes: Self.classes, imageShape: files.imageShape,
      pixels: files.pixels, labels: files.labels, transform: transform, targetTransform: targetTransform)
  }

  /// Fashion-MNIST where it is installed, and ``StrokeDigits`` of the same size where it is not. Which of
  /// the two it is stands in `name` and `source`.
  ///
  /// - Throws: ``DataError`` where files are there but damaged: that is not to be passed over.
  public static func orStrokeDigits(
    root: String? = nil, train: Bool, transform: ((Tensor) -> Tensor)? = nil,
    targetTransform: ((Tensor) -> Tensor)? = nil
  ) throws(DataError) -> ImageDataset {
    do {
      return try FashionMNIST(
        root: root, train: train, transform: transform, targetTransform: targetTransform)
    } catch  where error.kind == .notFound {
      return StrokeDigits(train: train, transform: transform, targetTransform: targetTransform)
    }
  }
}
