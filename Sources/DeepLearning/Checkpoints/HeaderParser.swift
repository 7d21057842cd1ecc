/// Reads the JSON of a safetensors header, strictly.
///
/// The format needs objects, strings and lists of whole numbers, each in its place. A parser that looks only
/// for these cannot be led into nesting or into numbers that are not whole, and it sees what general ones pass
/// over in silence: a key that occurs twice.
///
/// Source: T. Bray, "The JavaScript Object Notation (JSON) Data Interchange Format", RFC 8259.
struct HeaderParser {
  private let text: [UInt8]
  private let file: String
  private var position = 0

  init(_ text: [UInt8], file: String) {
    self.text = text
    self.file = file
  }

  /// The whole header: an object of tensors, and of metadata under a name of its own.
  mutating func header() throws(CheckpointError) -> ([String: String], [SafetensorsEntry]) {
    var metadata: [String: String] = [:]
    var entries: [SafetensorsEntry] = []
    guard text.first == UInt8(ascii: "{") else { throw wrong("the header to begin with {") }
    try object { parser, name throws(CheckpointError) in
      if name == SafetensorsHeader.metadataKey {
        try parser.object { parser, key throws(CheckpointError) in metadata[key] = try parser.string() }
      } else {
        entries.append(try parser.entry(name))
      }
    }
    skipSpace()
    guard position == text.count else { throw wrong("only spaces after the header's last }") }
    return (metadata, entries)
  }

  private mutating func entry(_ name: String) throws(CheckpointError) -> SafetensorsEntry {
    let start = position
    var typeName: String?
    var shape: [Int]?
    var offsets: [Int]?
    try object { parser, key throws(CheckpointError) in
      switch key {
      case "dtype": typeName = try parser.string()
      case "shape": shape = try parser.numbers()
      case "data_offsets": offsets = try parser.numbers()
      default:
        throw parser.error(
          .wrongFormat, "\(quoted(name)) to have only dtype, shape and data_offsets", quoted(key))
      }
    }
    guard let typeName, let shape, let offsets else {
      position = start
      throw wrong("\(quoted(name)) to have dtype, shape and data_offsets")
    }
    guard let type = SafetensorsType(rawValue: typeName) else {
      let known = SafetensorsType.allCases.map(\.rawValue).joined(separator: ", ")
      throw error(.unsupportedType, "\(quoted(name)) to be one of \(known)", quoted(typeName))
    }
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw error(
        .wrongOffsets, "\(quoted(name)) to have data_offsets of its start and its end", "\(offsets.prefix(8))"
      )
    }
    let range = offsets[0]..<offsets[1]
    guard shape.count <= SafetensorsHeader.rankLimit else {
      throw error(
        .wrongShape, "\(quoted(name)) to have at most \(SafetensorsHeader.rankLimit) dimensions",
        "\(shape.count)")
    }
    guard let size = Self.byteCount(shape, type) else {
      throw error(.wrongShape, "\(quoted(name)) to have a shape that memory can hold", describe(shape))
    }
    guard size == range.count else {
      throw error(
        .wrongShape, "\(quoted(name)) to have the \(size) bytes of shape \(describe(shape)) in \(typeName)",
        "\(range.count) bytes")
    }
    return SafetensorsEntry(name: name, type: type, shape: shape, range: range)
  }

  /// Bytes that a tensor of `shape` takes, or nil where its sizes or strides are beyond what an Int can count.
  private static func byteCount(_ shape: [Int], _ type: SafetensorsType) -> Int? {
    // Sizes of 0 take no memory, but the strides of such a tensor are products of the others.
    var bytes = max(type.size, type.dtype.size)
    for size in shape {
      let (product, isTooLarge) = bytes.multipliedReportingOverflow(by: max(1, size))
      if isTooLarge { return nil }
      bytes = product
    }
    return shape.contains(0) ? 0 : bytes / max(type.size, type.dtype.size) * type.size
  }

  // MARK: - JSON

  /// An object, whose members `member` reads up to the end of their values.
  private mutating func object(
    _ member: (inout HeaderParser, String) throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    var seen: Set<String> = []
    try expect("{")
    if skip("}") { return }
    repeat {
      let key = try string()
      guard seen.insert(key).inserted else {
        throw error(.duplicateName, "every name once", "\(quoted(key)) twice")
      }
      try expect(":")
      try member(&self, key)
    } while skip(",")
    try expect("}", or: ",")
  }

  /// A list of whole numbers.
  private mutating func numbers() throws(CheckpointError) -> [Int] {
    var result: [Int] = []
    try expect("[")
    if skip("]") { return result }
    repeat { result.append(try number()) } while skip(",")
    try expect("]", or: ",")
    return result
  }

  private mutating func number() throws(CheckpointError) -> Int {
    skipSpace()
    let start = position
    var value = 0
    while position < text.count, case let digit = Int(text[position]) - 48, 0...9 ~= digit {
      let (tens, isTooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, isStillTooLarge) = tens.addingReportingOverflow(digit)
      guard !isTooLarge && !isStillTooLarge else {
        position = start
        throw wrong("numbers below 2⁶³", .tooLarge)
      }
      value = sum
      position += 1
    }
    let hasLeadingZero = position - start > 1 && text[start] == UInt8(ascii: "0")
    guard position > start && !hasLeadingZero else {
      position = start
      throw wrong("a whole number")
    }
    return value
  }

  private mutating func string() throws(CheckpointError) -> String {
    try expect("\"")
    let start = position
    var bytes: [UInt8] = []
    while true {
      guard position < text.count else { throw wrong("the end of a string") }
      let byte = text[position]
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: bytes, as: UTF8.self) else {
          position = start
          throw wrong("a string in UTF-8")
        }
        position += 1
        return string
      case UInt8(ascii: "\\"): try escape(into: &bytes)
      case 0..<0x20: throw wrong("no control character in a string")
      default:
        bytes.append(byte)
        position += 1
      }
    }
  }

  /// Appends the UTF-8 of `\n`, `\u00e9` and the like.
  private mutating func escape(into bytes: inout [UInt8]) throws(CheckpointError) {
    let start = position
    switch text[start...].dropFirst().first.map(Unicode.Scalar.init) {
    case let scalar? where scalar == "\"" || scalar == "\\" || scalar == "/":
      bytes.append(UInt8(ascii: scalar))
    case "b": bytes.append(8)
    case "t": bytes.append(9)
    case "n": bytes.append(10)
    case "f": bytes.append(12)
    case "r": bytes.append(13)
    default:
      guard let unit = codeUnit() else { throw wrong("an escape sequence of JSON") }
      // What UTF-16 needs two units for is two escapes in a row.
      let other = UTF16.isLeadSurrogate(unit) ? codeUnit() : nil
      guard let scalar = other.map({ pair(unit, $0) }) ?? Unicode.Scalar(unit) else {
        position = start
        throw wrong("half of a surrogate pair to have its other half")
      }
      bytes += UTF8.encode(scalar)!
      return
    }
    position += 2
  }

  /// The character that two halves of a surrogate pair stand for.
  private func pair(_ lead: UInt16, _ trail: UInt16) -> Unicode.Scalar? {
    guard UTF16.isTrailSurrogate(trail) else { return nil }
    return Unicode.Scalar(0x10000 + (UInt32(lead) - 0xd800) << 10 + (UInt32(trail) - 0xdc00))
  }

  /// Moves past `\u` and four hexadecimal digits.
  private mutating func codeUnit() -> UInt16? {
    guard position + 6 <= text.count, text[position] == UInt8(ascii: "\\"),
      text[position + 1] == UInt8(ascii: "u")
    else { return nil }
    var unit: UInt16 = 0
    for byte in text[position + 2..<position + 6] {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): unit = unit << 4 | UInt16(byte - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): unit = unit << 4 | UInt16(byte - UInt8(ascii: "a") + 10)
      case UInt8(ascii: "A")...UInt8(ascii: "F"): unit = unit << 4 | UInt16(byte - UInt8(ascii: "A") + 10)
      default: return nil
      }
    }
    position += 6
    return unit
  }

  private mutating func skipSpace() {
    while position < text.count, text[position].isJSONSpace { position += 1 }
  }

  /// Moves past `character` if it comes next.
  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(
    _ character: Unicode.Scalar, or other: Unicode.Scalar? = nil
  ) throws(CheckpointError) {
    if !skip(character) { throw wrong((other.map { "\($0) or " } ?? "") + "\(character)") }
  }

  // MARK: - Errors

  private func error(_ kind: CheckpointError.Kind, _ expected: String, _ found: String) -> CheckpointError {
    CheckpointError(kind, file: file, expected: expected, found: found)
  }

  /// Something else stands here.
  private func wrong(_ expected: String, _ kind: CheckpointError.Kind = .wrongFormat) -> CheckpointError {
    let rest = String(decoding: text[position...].prefix(24), as: UTF8.self)
    return error(
      kind, "\(expected) at byte \(position) of the header",
      position < text.count ? quoted(rest) : "the end of the header")
  }
}

extension UInt8 {
  fileprivate var isJSONSpace: Bool { self == 0x20 || self == 0x09 || self == 0x0a || self == 0x0d }
}
