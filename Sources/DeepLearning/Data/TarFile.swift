/// Files out of a tar archive, gzip'd or not.
///
/// Nothing is written to disk: a file is asked for by the last part of its name, and what path the archive
/// would have it unpacked to is of no account.
///
///     offset  bytes  content of a head of 512 bytes
///     0       100    name
///     124     12     size in bytes, in octal digits
///     148     8      sum of the head's bytes, these eight counted as spaces, in octal digits
///     156     1      type; "0" or 0 for a plain file
///     257     5      "ustar"
///
/// The content follows, filled up to a multiple of 512 bytes. A head of zeros ends the archive.
///
/// Source: IEEE Std 1003.1-2017, "pax – portable archive interchange", section "ustar Interchange Format".
struct TarFile {
  /// The contents of the files that were asked for, by the last part of their names.
  private(set) var files: [String: [UInt8]] = [:]

  /// Reads those files called one of `names`; of two with one name the later counts.
  ///
  /// - Throws: ``DataError`` where the archive is damaged, ends early, or unpacks to more than `limit` bytes.
  init(bytes: [UInt8], name: String, names: Set<String>, limit: Int = 1 << 30) throws(DataError) {
    let reader = ByteReader(bytes, name: name)
    var total = 0
    while let entry = try Self.head(reader, name) {
      let padded = (entry.size + 511) & ~511
      // Each size is below 2³³ and the total was within the limit: the sum does not overflow.
      total += 512 + padded
      guard total <= limit else {
        throw DataError(.tooLarge, file: name, expected: "at most \(limit) bytes of content", found: "more")
      }
      // A name that came with the file might do harm to the terminal on which the error is printed.
      func truncated(_ found: Int) -> DataError {
        DataError(
          .truncated, file: name, expected: "\(entry.size) bytes of a file in the archive",
          found: "at most \(found)")
      }
      guard entry.size <= reader.upperBound else { throw truncated(reader.upperBound) }
      var unread = padded
      if entry.isPlainFile, names.contains(entry.name) {
        let content = try reader.bytes(entry.size)
        guard content.count == entry.size else { throw truncated(content.count) }
        files[entry.name] = content
        unread -= entry.size
      }
      guard try reader.skip(unread) == unread else { throw truncated(entry.size - 1) }
    }
    // To the end, where zlib compares the checksum.
    guard try reader.skip(limit) < limit else {
      throw DataError(.tooLarge, file: name, expected: "at most \(limit) bytes of content", found: "more")
    }
  }

  private struct Head {
    let name: String
    let size: Int
    let isPlainFile: Bool
  }

  /// The next head, or nil at the end of the archive.
  private static func head(_ reader: ByteReader, _ file: String) throws(DataError) -> Head? {
    let head = try reader.bytes(512)
    guard head.count == 512 else {
      throw DataError(
        .truncated, file: file, expected: "the head of a file in the archive, or its end",
        found: "\(head.count) bytes")
    }
    if head.allSatisfy({ $0 == 0 }) { return nil }
    let sum = head.enumerated().reduce(0) { $0 + (148..<156 ~= $1.offset ? 32 : Int($1.element)) }
    guard head[257..<262].elementsEqual("ustar".utf8), octal(head[148..<156]) == sum else {
      throw DataError(
        .wrongFormat, file: file, expected: "the head of a file in a tar archive", found: "other bytes")
    }
    let name = String(decoding: head[..<100].prefix { $0 != 0 }, as: UTF8.self)
    guard let size = octal(head[124..<136]) else {
      throw DataError(
        .wrongFormat, file: file, expected: "the size of a file in octal digits", found: "other bytes")
    }
    return Head(
      name: String(name.split(separator: "/").last ?? ""), size: size,
      isPlainFile: head[156] == 0 || head[156] == UInt8(ascii: "0"))
  }

  /// A number of octal digits with spaces before and spaces or zeros behind; at most 12 digits.
  private static func octal(_ field: ArraySlice<UInt8>) -> Int? {
    let digits = field.drop { $0 == 32 }.prefix { $0 != 32 && $0 != 0 }
    return digits.isEmpty
      ? nil : Int(String(decoding: digits, as: UTF8.self), radix: 8).flatMap { $0 < 0 ? nil : $0 }
  }
}
