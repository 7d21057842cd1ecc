/// The binary form in which CIFAR-10 and CIFAR-100 are distributed: records one after another, each some
/// labels of one byte and an image of 32 × 32, 1,024 bytes of red, then green, then blue, row by row.
///
/// How many records there are is a matter of the file.
///
/// Source: A. Krizhevsky, "Learning multiple layers of features from tiny images", University of Toronto,
/// 2009.
struct CIFARFiles {
  static let imageShape = [3, 32, 32]
  private static let imageSize = 3 * 32 * 32

  private(set) var pixels: [UInt8] = []
  /// The labels of all records, one list for each label that a record has.
  private(set) var labels: [[Int]]
  let source: String

  /// Reads a part from the folder that the archive unpacks to, or from the archive itself.
  ///
  /// - Parameters:
  ///   - place: Where the data set may be.
  ///   - files: The files of the part.
  ///   - classCounts: Number of classes for each label of a record, in the record's order.
  init(
    at place: Place, files: [String], classCounts: [Int], root: String?, download: Bool
  ) throws(DataError) {
    labels = classCounts.map { _ in [] }
    func find() throws(DataError) -> (folder: String, file: String) {
      try DataFolders.find(
        files[0], place.archive, of: place.remote.name, in: [place.folder] + place.remote.folders, root: root)
    }
    if download, (try? find()) == nil { try place.remote.fetch([place.archive + ".gz"], root: root) }
    let found = try find()
    source = found.folder
    if found.file == place.archive {
      let path = DataFolders.path(of: place.archive, in: found.folder)!
      let archive = try TarFile(bytes: readFile(path), name: path, names: Set(files))
      for file in files {
        guard let bytes = archive.files[file] else {
          throw DataError(.wrongFormat, file: path, expected: "an archive that holds \(file)", found: "none")
        }
        try append(bytes, name: "\(path): \(file)", classCounts)
      }
    } else {
      for file in files {
        let path = DataFolders.path(of: file, in: found.folder) ?? "\(found.folder)/\(file)"
        try append(ByteReader(readFile(path), name: path).rest(limit: 1 << 30), name: path, classCounts)
      }
    }
  }

  /// The records of one file.
  init(bytes: [UInt8], name: String, classCounts: [Int]) throws(DataError) {
    labels = classCounts.map { _ in [] }
    source = name
    try append(bytes, name: name, classCounts)
  }

  private mutating func append(_ bytes: [UInt8], name: String, _ classCounts: [Int]) throws(DataError) {
    let size = classCounts.count + Self.imageSize
    guard !bytes.isEmpty, bytes.count % size == 0 else {
      throw DataError(
        .truncated, file: name, expected: "records of \(size) bytes", found: "\(bytes.count) bytes")
    }
    pixels.reserveCapacity(pixels.count + bytes.count)
    for start in stride(from: 0, to: bytes.count, by: size) {
      for (i, classCount) in classCounts.enumerated() {
        let label = Int(bytes[start + i])
        guard label < classCount else {
          throw DataError(
            .labelOutOfRange, file: name, expected: "labels from 0 to \(classCount - 1)",
            found: "\(label) in record \(start / size)")
        }
        labels[i].append(label)
      }
      pixels += bytes[start + classCounts.count..<start + size]
    }
  }

  /// How a CIFAR set is known.
  struct Place {
    /// The folder that the archive unpacks to.
    let folder: String
    /// The archive, without ".gz".
    let archive: String
    let remote: RemoteFiles
  }
}
