/// The pair of idx files in which MNIST and its relatives keep one part, images and labels.
struct LabeledIdxFiles {
  /// Where they were found.
  let folder: String
  let imageShape: [Int]
  let pixels: [UInt8]
  let labels: [Int]

  /// Reads `<part>-images-idx3-ubyte` and `<part>-labels-idx1-ubyte`, gzip'd or not, the part being `train`
  /// or `t10k`.
  ///
  /// - Throws: ``DataError`` unless there is one label for each 28 × 28 image, and a class for each label.
  init(
    _ remote: RemoteFiles, train: Bool, classCount: Int, root: String?, download: Bool
  ) throws(DataError) {
    let part = train ? "train" : "t10k"
    let files = ["\(part)-images-idx3-ubyte", "\(part)-labels-idx1-ubyte"]
    func find() throws(DataError) -> String {
      try DataFolders.find(files[0], of: remote.name, in: remote.folders, root: root).folder
    }
    if download {
      let folder = try? find()
      let isThere = folder.map { folder in files.allSatisfy { DataFolders.path(of: $0, in: folder) != nil } }
      if isThere != true { try remote.fetch(files.map { $0 + ".gz" }, root: root) }
    }
    folder = try find()
    let imagePath = Self.path(of: files[0], in: folder)
    let labelPath = Self.path(of: files[1], in: folder)
    let labelFile = try IdxFile(path: labelPath, rank: 1)
    let imageFile = try IdxFile(path: imagePath, rank: 3)

    guard imageFile.shape[1...] == [28, 28] else {
      throw DataError(
        .wrongShape, file: imagePath, expected: "images of 28 × 28",
        found: "\(imageFile.shape[1]) × \(imageFile.shape[2])")
    }
    guard imageFile.shape[0] > 0 else {
      throw DataError(.wrongShape, file: imagePath, expected: "at least one image", found: "none")
    }
    guard labelFile.shape == [imageFile.shape[0]] else {
      throw DataError(
        .wrongShape, file: labelPath, expected: "\(imageFile.shape[0]) labels, one for each image",
        found: "\(labelFile.shape[0])")
    }
    if let i = labelFile.elements.firstIndex(where: { $0 >= classCount }) {
      throw DataError(
        .labelOutOfRange, file: labelPath, expected: "labels from 0 to \(classCount - 1)",
        found: "\(labelFile.elements[i]) at position \(i)")
    }
    imageShape = [1, 28, 28]
    pixels = imageFile.elements
    labels = labelFile.elements.map(Int.init)
  }

  /// The gzip'd file or the plain one; the gzip'd one where neither exists, for the error that will follow.
  private static func path(of file: String, in folder: String) -> String {
    DataFolders.path(of: file, in: folder) ?? "\(folder)/\(file).gz"
  }
}
