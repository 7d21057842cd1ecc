import Foundation

// Files as the readers of data sets expect them, made byte by byte.

/// An uncompressed idx file of bytes.
func idx(shape: [Int], _ elements: [UInt8]) -> [UInt8] {
  let sizes = shape.flatMap { size in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: size >> $0) } }
  return [0, 0, 8, UInt8(shape.count)] + sizes + elements
}

/// A gzip stream that holds the bytes in stored blocks.
func gzip(_ bytes: [UInt8]) -> [UInt8] {
  func littleEndian(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
  let checksum = ~bytes.reduce(UInt32.max) { crc, byte in
    (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in crc >> 1 ^ (crc & 1) * 0xedb8_8320 }
  }
  let starts = bytes.isEmpty ? [0] : Array(stride(from: 0, to: bytes.count, by: 65_535))
  let blocks = starts.flatMap { start -> [UInt8] in
    let block = bytes[start..<min(start + 65_535, bytes.count)]
    let isLast: UInt8 = start == starts.last ? 1 : 0
    return [isLast] + littleEndian(block.count, 2) + littleEndian(~block.count, 2) + block
  }
  return [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255] + blocks + littleEndian(Int(checksum), 4)
    + littleEndian(bytes.count, 4)
}

/// Records of a CIFAR file: labels, and an image whose bytes are 10 · record + channel.
func cifar(_ labels: [[UInt8]]) -> [UInt8] {
  labels.enumerated().flatMap { i, labels in
    labels + (0..<3072).map { UInt8(10 * i + $0 / 1024) }
  }
}

/// A tar archive of plain files.
func tar(_ files: [(name: String, content: [UInt8])]) -> [UInt8] {
  files.flatMap { tarEntry($0.name, $0.content) } + [UInt8](repeating: 0, count: 1024)
}

/// One file of a tar archive, or an entry of another type.
func tarEntry(_ name: String, _ content: [UInt8], type: String = "0") -> [UInt8] {
  var head = [UInt8](repeating: 0, count: 512)
  func put(_ text: String, at place: Int) {
    head.replaceSubrange(place..<place + text.utf8.count, with: text.utf8)
  }
  put(name, at: 0)
  put(octal(content.count, digits: 11), at: 124)
  put(type, at: 156)
  put("ustar", at: 257)
  return withRightSums(head) + content + [UInt8](repeating: 0, count: -content.count & 511)
}

/// The archive with the sum of each stretch of 512 bytes that looks like a head put right.
func withRightSums(_ archive: [UInt8]) -> [UInt8] {
  var bytes = archive
  for start in stride(from: 0, to: bytes.count - 511, by: 512)
  where bytes[start + 257..<start + 262].elementsEqual("ustar".utf8) {
    bytes.replaceSubrange(start + 148..<start + 156, with: [UInt8](repeating: 32, count: 8))
    let sum = bytes[start..<start + 512].reduce(0) { $0 + Int($1) }
    bytes.replaceSubrange(start + 148..<start + 155, with: Array(octal(sum, digits: 6).utf8) + [0])
  }
  return bytes
}

private func octal(_ number: Int, digits: Int) -> String {
  let text = String(number, radix: 8)
  return String(repeating: "0", count: digits - text.count) + text
}

/// Two images of 28 × 28, compressed by gzip with dynamic Huffman codes.
let compressedImages = [UInt8](
  Data(
    base64Encoded: """
      H4sIAAAAAAAC/+2TkRKAQABE35SUnhaepqfpaZqepulpmqanaZqmaZqm/UAHfUFUzb2ZpZ15tAtJDEQ++Z1vkApkQampDa2l\
      HxgnlpX98B2ZRJVUNU1L1+NG5oVt5wSRUSh0hWmwHYNjmlk3jjM4nzgD7/hD2OcrnD/nAvvhS4EwBgAA
      """)!)

/// A folder of its own for the files of a test, removed with the last reference.
final class TemporaryFolder {
  let path = NSTemporaryDirectory() + "/" + UUID().uuidString

  init(_ files: [String: [UInt8]] = [:]) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for (name, bytes) in files { try write(bytes, to: name) }
  }

  /// Writes a file, in folders that are made as needed.
  func write(_ bytes: [UInt8], to name: String) throws {
    let url = URL(fileURLWithPath: "\(path)/\(name)")
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  /// The files in a folder within.
  func files(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)")) ?? []).sorted()
  }

  func bytes(of name: String) -> [UInt8]? {
    FileManager.default.contents(atPath: "\(path)/\(name)").map(Array.init)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
