/// What the header of a safetensors file says of one tensor.
struct SafetensorsEntry {
  let name: String
  let type: SafetensorsType
  let shape: [Int]
  /// Where the elements lie, in bytes from the start of the data.
  let range: Range<Int>
}

/// The front of a safetensors file, which says what stands where.
///
///     offset  bytes  content
///     0       8      N, the size of the header, least significant byte first
///     8       N      the header: JSON, filled up with spaces
///     8 + N          the data: the elements of all tensors, row-major, without gaps
///
///     {"__metadata__":{"epoch":"5"},
///      "weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}
///
/// The header names the tensors in the order of their state dict. In the data those with the largest elements
/// come first and N is a multiple of 8, so that every element lies at a multiple of its size and a program that
/// maps the file into memory can use it in place. Both are what the reference implementation does, but for
/// the names, which it sorts.
///
/// Source: "Safetensors format", https://github.com/huggingface/safetensors.
struct SafetensorsHeader {
  /// The reference implementation reads no larger header.
  static let sizeLimit = 100_000_000
  /// PyTorch has no more dimensions.
  static let rankLimit = 64
  static let metadataKey = "__metadata__"

  let metadata: [String: String]
  /// In the order of the header.
  let entries: [SafetensorsEntry]
  /// Where in the file the data begins.
  let dataStart: Int
}

// MARK: - Writing

extension SafetensorsHeader {
  init(describing tensors: StateDict, metadata: [String: String]) {
    check(
      tensors[Self.metadataKey] == nil, "save",
      "a tensor cannot be called \(Self.metadataKey), the name under which the format keeps the metadata")
    // Sorting is stable: tensors of one size stay in order.
    let bySize = tensors.enumerated().sorted { $0.element.tensor.dtype.size > $1.element.tensor.dtype.size }
    var entries = [SafetensorsEntry?](repeating: nil, count: tensors.count)
    var end = 0
    for (index, (name, tensor)) in bySize {
      check(
        tensor.rank <= Self.rankLimit, "save",
        "\(name) has \(tensor.rank) dimensions, and a file holds at most \(Self.rankLimit)")
      let start = end
      end += tensor.count * tensor.dtype.size
      entries[index] = SafetensorsEntry(
        name: name, type: SafetensorsType(tensor.dtype), shape: tensor.shape, range: start..<end)
    }
    self.metadata = metadata
    self.entries = entries.map { $0! }
    dataStart = 0
  }

  /// The header as JSON, without its size.
  func encoded() -> [UInt8] {
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map { "\(json($0.key)):\(json($0.value))" }
      members.append("\(json(Self.metadataKey)):{\(pairs.joined(separator: ","))}")
    }
    for entry in entries {
      let shape = entry.shape.map(String.init).joined(separator: ",")
      members.append(
        "\(json(entry.name)):{\"dtype\":\"\(entry.type.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(entry.range.lowerBound),\(entry.range.upperBound)]}")
    }
    var text = Array("{\(members.joined(separator: ","))}".utf8)
    while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
    return text
  }

  private func json(_ string: String) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var bytes = [UInt8(ascii: "\"")]
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case 0..<0x20:
        bytes += "\\u00".utf8
        bytes += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
    return String(decoding: bytes, as: UTF8.self)
  }
}

// MARK: - Reading

extension SafetensorsHeader {
  /// Reads the header and compares every size in it with that of the file.
  init(readFrom file: borrowing InputFile) throws(CheckpointError) {
    guard file.count >= 8 else {
      throw CheckpointError(
        .truncated, file: file.path, expected: "8 bytes that give the size of the header",
        found: "only \(file.count)")
    }
    var size: UInt64 = 0
    for byte in try file.read(8, at: 0).reversed() { size = size << 8 | UInt64(byte) }
    guard size <= Self.sizeLimit else {
      throw CheckpointError(
        .tooLarge, file: file.path, expected: "a header of at most \(Self.sizeLimit) bytes",
        found: "a claim of \(size); is this a safetensors file?")
    }
    guard size <= file.count - 8 else {
      throw CheckpointError(
        .truncated, file: file.path, expected: "\(size) bytes of header", found: "only \(file.count - 8)")
    }
    dataStart = 8 + Int(size)
    var parser = HeaderParser(try file.read(Int(size), at: 8), file: file.path)
    (metadata, entries) = try parser.header()
    try Self.checkRanges(entries, dataCount: file.count - dataStart, file: file.path)
  }

  /// The tensors must fill the data from end to end, each byte once.
  private static func checkRanges(
    _ entries: [SafetensorsEntry], dataCount: Int, file: String
  ) throws(CheckpointError) {
    var end = 0
    var last = "the start of the data"
    let byPlace = entries.sorted {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    for entry in byPlace {
      guard entry.range.lowerBound == end else {
        let isGap = entry.range.lowerBound > end
        throw CheckpointError(
          .wrongOffsets, file: file,
          expected: "\(quoted(entry.name)) at byte \(end) of the data, after \(last)",
          found: "it at byte \(entry.range.lowerBound), \(isGap ? "behind a gap" : "overlapping")")
      }
      end = entry.range.upperBound
      last = quoted(entry.name)
    }
    guard end <= dataCount else {
      throw CheckpointError(
        .truncated, file: file, expected: "\(end) bytes of data up to the end of \(last)",
        found: "only \(dataCount)")
    }
    guard end == dataCount else {
      throw CheckpointError(
        .trailingData, file: file, expected: "the end of the file after \(end) bytes of data",
        found: "\(dataCount - end) more")
    }
  }
}

/// A name out of a file as one line of an error shows it: in quotation marks, escaped, and not too long.
func quoted(_ text: String) -> String {
  let start = String(text.unicodeScalars.prefix(60))
  return start.debugDescription + (start.utf8.count < text.utf8.count ? "..." : "")
}
