/// A text file, which must be UTF-8: a reader's own book to train on.
///
///     let book = try TextFile("book.txt").text
///
/// Lines end in `\n`, also where the file has Windows' `\r\n`; a byte-order mark at the beginning is left out.
public struct TextFile: Sendable {
  public let path: String
  public let text: String

  /// Reads a file of at most 256 MB.
  ///
  /// - Throws: ``DataError`` where it cannot be read; of kind `.wrongEncoding` where it is not UTF-8, with the
  ///   place of the first byte that is wrong: its offset from 0, its line and column from 1.
  public init(_ path: String) throws(DataError) {
    try self.init(bytes: readFile(path, limit: 1 << 28), name: path)
  }

  init(bytes: [UInt8], name: String) throws(DataError) {
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: bytes.span)
    } catch {
      throw Self.wrongEncoding(bytes, at: error.byteOffsets.lowerBound, name)
    }
    path = name
    let content = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes[3...] : bytes[...]
    text = String(decoding: Self.withPlainLineEnds(content), as: UTF8.self)
  }

  private static func withPlainLineEnds(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard bytes.contains(13) else { return bytes }
    var result: ArraySlice<UInt8> = []
    result.reserveCapacity(bytes.count)
    for i in bytes.indices {
      let isBeforeLineFeed = i + 1 < bytes.endIndex && bytes[i + 1] == 10
      if !(bytes[i] == 13 && isBeforeLineFeed) { result.append(bytes[i]) }
    }
    return result
  }

  private static func wrongEncoding(_ bytes: [UInt8], at offset: Int, _ name: String) -> DataError {
    let before = bytes[..<offset]
    let line = before.count { $0 == 10 } + 1
    let lineStart = before.lastIndex(of: 10).map { $0 + 1 } ?? 0
    let column = String(decoding: before[lineStart...], as: UTF8.self).count + 1
    return DataError(
      .wrongEncoding, file: name, expected: "UTF-8 text",
      found:
        "the byte 0x\(String(bytes[offset], radix: 16)) at offset \(offset) (line \(line), column \(column))")
  }
}
