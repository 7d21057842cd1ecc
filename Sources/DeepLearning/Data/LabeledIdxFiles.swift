/// The pair of idx files in which MNIST and its relatives keep one part, images and labels.
struct LabeledIdxFiles {
  let imageShape: [Int]
  let pixels: [UInt8]
  let labels: [Int]

  /// Reads `<part>-images-idx3-ubyte` and `<part>-labels-idx1-ubyte`, gzip'd or not.
  ///
  /// - Throws: ``DataError`` unless there is one label for each 28 × 28 image, and a class for each label.
  init(folder: String, part: String, classCount: Int) throws(DataError) {
    let imagePath = Self.path(of: "\(part)-images-idx3-ubyte", in: folder)
    let labelPath = Self.path(of: "\(part)-labels-idx1-ubyte", in: folder)
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
