/// 70,000 handwritten digits, 28 × 28, gray: 60,000 to train on and 10,000 to test with.
///
///     let train = try MNIST(root: "data", train: true, download: true)
///
/// Source: Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, "Gradient-based learning applied to document
/// recognition", Proceedings of the IEEE 86 (1998).
public final class MNIST: ImageDataset {
  public static let classes = (0..<10).map { "\($0)" }

  static let remote = RemoteFiles(
    name: "MNIST", folders: ["MNIST/raw", "mnist"],
    mirrors: [
      "https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ],
    checksums: [
      "train-images-idx3-ubyte.gz": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
      "train-labels-idx1-ubyte.gz": "d53e105ee54ea40749a09fcbcd1e9432",
      "t10k-images-idx3-ubyte.gz": "9fb629c4189551a2d022fa330f9573f3",
      "t10k-labels-idx1-ubyte.gz": "ec29112dd5afa0611ce80d1b7f02629c",
    ])

  /// Reads the training or the test part.
  ///
  /// - Parameters:
  ///   - root: A folder to look in first; then come `$DEEPLEARNING_DATA`, `./data` and `/usr/share/datasets`.
  ///   - train: Whether to read the training part.
  ///   - download: Whether to fetch the files (12 MB) where no folder has them; see ``FashionMNIST``.
  ///   - transform: Applied to each image (1, 28, 28) that the subscript returns.
  ///   - targetTransform: Applied to each label (), int64, that the subscript returns.
  /// - Throws: ``DataError``.
  public init(
    root: String? = nil, train: Bool, download: Bool = false, transform: (any Transform)? = nil,
    targetTransform: (any Transform)? = nil
  ) throws(DataError) {
    let files = try LabeledIdxFiles(
      Self.remote, train: train, classCount: Self.classes.count, root: root, download: download)
    super.init(
      name: "MNIST", source: files.folder, classes: Self.classes, imageShape: files.imageShape,
      pixels: files.pixels, labels: files.labels, transform: transform, targetTransform: targetTransform)
  }
}
