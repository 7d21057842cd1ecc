/// 60,000 color pictures of things and animals, 32 × 32, in ten classes: 50,000 to train on and 10,000 to
/// test with.
///
///     let train = try CIFAR10(root: "data", train: true, download: true)
///     train[0].image.shape    // (3, 32, 32)
///
/// The binary form is read, `cifar-10-binary.tar.gz` as it is distributed or the folder
/// `cifar-10-batches-bin` that it unpacks to.
///
/// Source: A. Krizhevsky, "Learning multiple layers of features from tiny images", University of Toronto,
/// 2009.
public final class CIFAR10: ImageDataset {
  public static let classes = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]

  static let place = CIFARFiles.Place(
    folder: "cifar-10-batches-bin", archive: "cifar-10-binary.tar",
    remote: RemoteFiles(
      name: "CIFAR-10", folders: ["cifar-10"], mirrors: CIFAR100.mirrors,
      checksums: ["cifar-10-binary.tar.gz": "c32a1d4ab5d03f1284b67883e8d87530"]))

  /// Reads the training or the test part.
  ///
  /// - Parameters:
  ///   - root: A folder to look in first; then come `$DEEPLEARNING_DATA`, `./data` and `/usr/share/datasets`.
  ///   - train: Whether to read the training part.
  ///   - download: Whether to fetch the archive (170 MB) where no folder has it; see ``FashionMNIST``.
  ///   - transform: Applied to each image (3, 32, 32) that the subscript returns.
  ///   - targetTransform: Applied to each label (), int64, that the subscript returns.
  /// - Throws: ``DataError``.
  public init(
    root: String? = nil, train: Bool, download: Bool = false, transform: (any Transform)? = nil,
    targetTransform: (any Transform)? = nil
  ) throws(DataError) {
    let parts = train ? (1...5).map { "data_batch_\($0).bin" } : ["test_batch.bin"]
    let files = try CIFARFiles(
      at: Self.place, files: parts, classCounts: [Self.classes.count], root: root, download: download)
    super.init(
      name: "CIFAR-10", source: files.source, classes: Self.classes, imageShape: CIFARFiles.imageShape,
      pixels: files.pixels, labels: files.labels[0], transform: transform, targetTransform: targetTransform)
  }
}
