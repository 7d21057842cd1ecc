/// The format of MNIST and its relatives: an array of bytes, gzip'd or not.
///
///     offset  bytes  content
///     0       2      0
///     2       1      element type, 8 for unsigned bytes (the only one supported here)
///     3       1      number of dimensions, R
///     4       4·R    their sizes, most significant byte first
///     4 + 4R         the elements, row-major
///
/// Source: Y. LeCun, C. Cortes and C. J. C. Burges, "The MNIST database of handwritten digits".
struct IdxFile {
  let shape: [Int]
  let elements: [UInt8]

  /// Reads a file of `rank` dimensions and at most `limit` elements.
  ///
  /// - Throws: ``DataError`` unless the file holds exactly what its head says.
  init(path: String, rank: Int, limit: Int = 1 << 30) throws(DataError) {
    try self.init(bytes: readFile(path, limit: limit), name: path, rank: rank, limit: limit)
  }

  init(bytes: [UInt8], name: String, rank: Int, limit: Int = 1 << 30) throws(DataError) {
    let reader = ByteReader(bytes, name: name)
    func truncated(_ expected: String, _ found: Int) -> DataError {
      DataError(.truncated, file: name, expected: expected, found: "only \(found)")
    }

    let headSize = 4 + 4 * rank
    let head = try reader.bytes(headSize)
    guard head.count >= 4 else { throw truncated("\(headSize) bytes of an idx file's head", head.count) }
    guard head[0] == 0, head[1] == 0, head[2] == 8, head[3] == rank else {
      let expected = [0, 0, 8, UInt8(rank)]
      throw DataError(
        .wrongFormat, file: name,
        expected: "the idx magic number \(Self.hex(expected)) (\(rank)-dimensional bytes)",
        found: Self.hex(Array(head.prefix(4))))
    }
    guard head.count == headSize else {
      throw truncated("\(headSize) bytes of an idx file's head", head.count)
    }
    let shape = (1...rank).map { i in head[4 * i..<4 * i + 4].reduce(0) { $0 << 8 | Int($1) } }

    // The product may overflow; sizes are below 2³², so that dividing the limit does not.
    var count = 1
    for size in shape {
      guard size == 0 || count <= limit / size else {
        throw DataError(
          .tooLarge, file: name, expected: "at most \(limit) elements",
          found: shape.map(String.init).joined(separator: " × "))
      }
      count *= size
    }
    guard count <= reader.upperBound else {
      throw truncated("\(count) bytes of elements", reader.upperBound)
    }
    let elements = try reader.bytes(count)
    guard elements.count == count else { throw truncated("\(count) bytes of elements", elements.count) }
    // Asking for one more byte also makes zlib compare the checksum at the end.
    guard try reader.bytes(1).isEmpty else {
      throw DataError(.trailingData, file: name, expected: "\(count) bytes of elements", found: "more")
    }
    self.shape = shape
    self.elements = elements
  }

  private static func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef")
    return bytes.reduce("0x") { "\($0)\(digits[Int($1 >> 4)])\(digits[Int($1 & 15)])" }
  }
}
