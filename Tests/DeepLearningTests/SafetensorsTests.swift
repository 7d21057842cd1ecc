import Foundation
import Testing

@testable import DeepLearning
@testable import Networks
@testable import Tensors

/// Files of tensors: what is saved comes back bit for bit, and what the reference implementation has written is read.
@Suite struct SafetensorsTests {
  private let folder: TemporaryFolder
  private var path: String { folder / "test.safetensors" }

  init() throws { folder = try TemporaryFolder() }

  // MARK: - There and back

  @Test func everyTypeAndShapeComesBack() throws {
    manualSeed(3)
    let matrix = Tensor.randn(5, 7)
    let state: StateDict = [
      "flag": Tensor([true, false, true]),
      "scalar": Tensor(0.5),
      "matrix": matrix,
      "double": Tensor.randn(2, 3, 4, dtype: .float64),
      "count": Tensor([Int.min, -1, 0, Int.max]),
      "none": Tensor.zeros(0, 3),
      "alsoNone": Tensor.zeros(2, 0, dtype: .int64),
      "deep": Tensor.ones([Int](repeating: 1, count: 64)),
      "transposed": matrix.T,
      "slice": matrix.narrow(1, 2, 3),
      "expanded": Tensor([1.0, 2.0]).expand(3, 2),
      "odd": Tensor(
        [
          .nan, -.nan, Float(bitPattern: 0x7f80_0001), .infinity, -0.0, .leastNonzeroMagnitude,
        ], shape: [6]),
      "trained": Parameter(Tensor.ones(2)),
    ]
    try save(state, to: path)
    let loaded = try load(path)
    expectSame(loaded, state)
    #expect(loaded.allSatisfy { !$0.tensor.requiresGrad && $0.tensor.isContiguous })
    // Once more from what has been read, in the same order and to the last byte.
    let first = try readBytes(path)
    try save(loaded, to: path)
    #expect(try readBytes(path) == first)
  }

  @Test func nothingComesBack() throws {
    try save([:], to: path)
    #expect(try load(path).isEmpty)
    #expect(try loadMetadata(path).isEmpty)
    #expect(try readBytes(path) == safetensors(Array("{}      ".utf8)))
  }

  @Test func anyTextComesBack() throws {
    let texts = [
      "", "\"", "\\", "/", "\u{0}\u{1f}\n\r\t", "é", "e\u{301}x", "日本", "🎈", "a.b.c", "{\"a\":[1]}",
      "__metadata",
    ]
    var state = StateDict()
    for text in texts { state[text] = Tensor(1) }
    let metadata = Dictionary(uniqueKeysWithValues: texts.map { ($0, $0 + $0) })
    try save(state, to: path, metadata: metadata)
    expectSame(try load(path), state)
    #expect(try loadMetadata(path) == metadata)
  }

  /// A program that maps the file finds every element at a multiple of its size.
  @Test func elementsAreAligned() throws {
    let state: StateDict = [
      "flag": Tensor([true]), "float": Tensor([1.0]), "long": Tensor([1]),
      "flags": Tensor([true, true, false]),
      "double": Tensor([1.0], dtype: .float64),
    ]
    try save(state, to: path, metadata: ["a": "b"])
    let header = try SafetensorsHeader(readFrom: InputFile(path))
    #expect(header.dataStart % 8 == 0)
    for entry in header.entries {
      #expect((header.dataStart + entry.range.lowerBound) % entry.type.size == 0)
    }
    expectSame(try load(path), state)
  }

  // MARK: - The reference implementation

  /// What `safetensors.torch.save` makes of the same tensors, byte for byte.
  @Test func writesWhatTheReferenceWrites() throws {
    let state: StateDict = [
      "b": Tensor([5, 6]), "a": Tensor([[1.0, 2.0], [3.0, 4.0]]), "c": Tensor([true]),
    ]
    try save(state, to: path, metadata: ["k": "v"])
    let header = """
      {"__metadata__":{"k":"v"},"b":{"dtype":"I64","shape":[2],"data_offsets":[0,16]},\
      "a":{"dtype":"F32","shape":[2,2],"data_offsets":[16,32]},\
      "c":{"dtype":"BOOL","shape":[1],"data_offsets":[32,33]}}\u{20}\u{20}\u{20}\u{20}\u{20}\u{20}\u{20}
      """
    let data: [UInt8] =
      [5, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0]
      + [0, 0, 0x80, 0x3f, 0, 0, 0, 0x40, 0, 0, 0x40, 0x40, 0, 0, 0x80, 0x40, 1]
    #expect(try readBytes(path) == safetensors(Array(header.utf8), data))
  }

  /// Tests/Interop/make_fixture.py has written the file.
  @Test func readsWhatTheReferenceWrites() throws {
    let file = try #require(
      Bundle.module.url(forResource: "reference", withExtension: "safetensors", subdirectory: "Fixtures"))
    let expected: StateDict = [
      "count": Tensor(9_007_199_254_740_993),
      "double": Tensor([0.1], dtype: .float64),
      "linear.weight": Tensor([[1.5, -2, 0.25], [3, 1e-3, -0.0]]),
      "none": Tensor.zeros(0, 3),
      "u32": Tensor([4_294_967_295]),
      "i32": Tensor([-2_147_483_648, 2_147_483_647]),
      "brain": Tensor([1.5, -2, 3.3895313892515355e38]),
      "half": Tensor([1.5, -2, 65504, 5.960464477539063e-08]),
      "u16": Tensor([65535]),
      "i16": Tensor([-32768, 32767]),
      "i8": Tensor([-128, 127]),
      "u8": Tensor([255, 1]),
      "mask": Tensor([true, false, true]),
    ]
    expectSame(try load(file.path), expected)
    #expect(try loadMetadata(file.path) == ["format": "pt", "note": "a \"é\"\n"])
  }

  /// More elements than are converted at a time.
  @Test func convertsLongTensors() throws {
    let count = 200_001
    let header = #"{"x":{"dtype":"I16","shape":[\#(count)],"data_offsets":[0,\#(2 * count)]}}"#
    let data = (0..<count).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    try writeBytes(safetensors(Array(header.utf8), data), to: path)
    #expect(try load(path)["x"]?.integers == (0..<count).map { Int(Int16(truncatingIfNeeded: $0)) })
  }

  @Test func readsAllJSONThatIsAllowed() throws {
    let header = """
      { "\\u0061\\ud83c\\udf88\\n\\/\\"\\\\\\b\\f\\r\\t\\u00E9" :\t{"shape": [ 2 ,1 ],\r\n "data_offsets":[0, 8] , "dtype":"F\\u00332"},
      "__metadata__" : { } }  \n
      """
    try writeBytes(safetensors(Array(header.utf8), [UInt8](repeating: 0, count: 8)), to: path)
    #expect(try load(path).names == ["a🎈\n/\"\\\u{8}\u{c}\r\té"])
  }

  /// In the order of the header, wherever the elements lie.
  @Test func readsTensorsInAnyPlace() throws {
    let header = """
      {"z":{"dtype":"U8","shape":[2],"data_offsets":[1,3]},"none":{"dtype":"F32","shape":[0],"data_offsets":[1,1]},\
      "a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}
      """
    try writeBytes(safetensors(Array(header.utf8), [7, 8, 9]), to: path)
    expectSame(try load(path), ["z": Tensor([8, 9]), "none": Tensor.zeros(0), "a": Tensor([7])])
  }

  // MARK: - Hostile files

  struct Hostile: Sendable, CustomTestStringConvertible {
    let kind: CheckpointError.Kind
    let bytes: [UInt8]
    /// What the error says after the path.
    let message: String
    var testDescription: String { message }

    init(_ kind: CheckpointError.Kind, _ header: String, data: Int = 0, _ message: String) {
      self.init(kind, bytes: safetensors(Array(header.utf8), [UInt8](repeating: 0, count: data)), message)
    }

    init(_ kind: CheckpointError.Kind, bytes: [UInt8], _ message: String) {
      self.kind = kind
      self.bytes = bytes
      self.message = message
    }
  }

  @Test(arguments: sizes + json + members + ranges)
  func refuses(_ hostile: Hostile) throws {
    try writeBytes(hostile.bytes, to: path)
    let error = #expect(throws: CheckpointError.self) { try load(path) }
    #expect(error?.kind == hostile.kind)
    #expect(error?.description == "\(path): \(hostile.message)")
  }

  static let sizes: [Hostile] = [
    Hostile(.truncated, bytes: [], "expected 8 bytes that give the size of the header, found only 0"),
    Hostile(
      .truncated, bytes: [2, 0, 0, 0, 0, 0, 0],
      "expected 8 bytes that give the size of the header, found only 7"),
    Hostile(
      .truncated, bytes: [3, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d], "expected 3 bytes of header, found only 2"),
    Hostile(
      .truncated, bytes: [0, 0xe1, 0xf5, 5, 0, 0, 0, 0], "expected 100000000 bytes of header, found only 0"),
    Hostile(
      .tooLarge, bytes: [1, 0xe1, 0xf5, 5, 0, 0, 0, 0],
      "expected a header of at most 100000000 bytes, found a claim of 100000001; is this a safetensors file?"),
    Hostile(
      .tooLarge, bytes: [UInt8](repeating: 255, count: 64),
      "expected a header of at most 100000000 bytes, found a claim of 18446744073709551615; "
        + "is this a safetensors file?"),
    Hostile(
      .wrongFormat, "",
      "expected the header to begin with { at byte 0 of the header, found the end of the header"),
  ]

  static let json: [Hostile] = [
    Hostile(
      .wrongFormat, " {}", #"expected the header to begin with { at byte 0 of the header, found " {}""#),
    Hostile(
      .wrongFormat, "[{}]", #"expected the header to begin with { at byte 0 of the header, found "[{}]""#),
    Hostile(.wrongFormat, "{", #"expected " at byte 1 of the header, found the end of the header"#),
    Hostile(
      .wrongFormat, "{}\0",
      #"expected only spaces after the header's last } at byte 2 of the header, found "\0""#),
    Hostile(
      .wrongFormat, "{}{}",
      #"expected only spaces after the header's last } at byte 2 of the header, found "{}""#),
    Hostile(
      .wrongFormat, "{\"a",
      "expected the end of a string at byte 3 of the header, found the end of the header"),
    Hostile(
      .wrongFormat, "{\"a\\", "expected an escape sequence of JSON at byte 3 of the header, found \"\\\\\""),
    Hostile(
      .wrongFormat, #"{"\x41":1}"#,
      #"expected an escape sequence of JSON at byte 2 of the header, found "\\x41\":1}""#),
    Hostile(
      .wrongFormat, #"{"\u00g0":1}"#,
      #"expected an escape sequence of JSON at byte 2 of the header, found "\\u00g0\":1}""#),
    Hostile(
      .wrongFormat, #"{"\ud800":1}"#,
      #"expected half of a surrogate pair to have its other half at byte 2 of the header, found "\\ud800\":1}""#
    ),
    Hostile(
      .wrongFormat, #"{"\udc00\ud800":1}"#,
      #"expected half of a surrogate pair to have its other half at byte 2 of the header, found "\\udc00\\ud800\":1}""#
    ),
    Hostile(
      .wrongFormat, "{\"a\nb\":1}",
      #"expected no control character in a string at byte 3 of the header, found "\nb\":1}""#),
    Hostile(
      .wrongFormat, bytes: safetensors([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x7d]),
      "expected a string in UTF-8 at byte 2 of the header, found \"\u{fffd}(\\\":}\""),
    Hostile(.wrongFormat, #"{"a":1}"#, #"expected { at byte 5 of the header, found "1}""#),
    Hostile(.wrongFormat, #"{"a":null}"#, #"expected { at byte 5 of the header, found "null}""#),
    Hostile(
      .wrongFormat, "{\"a\":" + String(repeating: "[", count: 100_000),
      #"expected { at byte 5 of the header, found "[[[[[[[[[[[[[[[[[[[[[[[[""#),
    Hostile(
      .wrongFormat, #"{"a":{"shape":"# + String(repeating: "[", count: 100_000),
      #"expected a whole number at byte 15 of the header, found "[[[[[[[[[[[[[[[[[[[[[[[[""#),
    Hostile(
      .wrongFormat, String(repeating: "{\"a\":", count: 100_000),
      "expected \"a\" to have only dtype, shape and data_offsets, found \"a\""),
    Hostile(.wrongFormat, #"{"a" {}}"#, #"expected : at byte 5 of the header, found "{}}""#),
    Hostile(.wrongFormat, #"{"__metadata__":{"a":1}}"#, #"expected " at byte 21 of the header, found "1}}""#),
    Hostile(
      .wrongFormat, #"{"__metadata__":{"a":"1",}}"#, #"expected " at byte 25 of the header, found "}}""#),
    Hostile(
      .wrongFormat, #"{"__metadata__":{"a":"1" "b":"2"}}"#,
      #"expected , or } at byte 25 of the header, found "\"b\":\"2\"}}""#),
    Hostile(
      .duplicateName, #"{"__metadata__":{"a":"1","a":"2"}}"#, #"expected every name once, found "a" twice"#),
    Hostile(
      .duplicateName, #"{"__metadata__":{},"__metadata__":{}}"#,
      #"expected every name once, found "__metadata__" twice"#),
  ]

  private static func entry(_ name: String, _ type: String, _ shape: String, _ offsets: String) -> String {
    #""\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  static let members: [Hostile] = [
    Hostile(
      .duplicateName, "{\(entry("a", "U8", "[0]", "[0,0]")),\(entry("a", "U8", "[0]", "[0,0]"))}",
      #"expected every name once, found "a" twice"#),
    Hostile(
      .duplicateName, "{\(entry("\\u0061", "U8", "[0]", "[0,0]")),\(entry("a", "U8", "[0]", "[0,0]"))}",
      #"expected every name once, found "a" twice"#),
    Hostile(
      .duplicateName, #"{"a":{"dtype":"F32","dtype":"F64","shape":[],"data_offsets":[0,4]}}"#, data: 4,
      #"expected every name once, found "dtype" twice"#),
    Hostile(
      .wrongFormat, #"{"a":{}}"#,
      #"expected "a" to have dtype, shape and data_offsets at byte 5 of the header, found "{}}""#),
    Hostile(
      .wrongFormat, #"{"a":{"dtype":"F32","shape":[1]}}"#, data: 4,
      #"expected "a" to have dtype, shape and data_offsets at byte 5 of the header, found "{\"dtype\":\"F32\",\"shape\":[""#
    ),
    Hostile(
      .wrongFormat, #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}"#, data: 4,
      #"expected "a" to have only dtype, shape and data_offsets, found "x""#),
    Hostile(.wrongFormat, #"{"a":{"dtype":32}}"#, #"expected " at byte 14 of the header, found "32}}""#),
    Hostile(
      .unsupportedType, "{\(entry("a", "C64", "[1]", "[0,8]"))}", data: 8,
      #"expected "a" to be one of F64, F32, F16, BF16, I64, I32, I16, I8, U32, U16, U8, BOOL, found "C64""#),
    Hostile(
      .unsupportedType, "{\(entry("a", "f32", "[1]", "[0,4]"))}", data: 4,
      #"expected "a" to be one of F64, F32, F16, BF16, I64, I32, I16, I8, U32, U16, U8, BOOL, found "f32""#),
    Hostile(
      .wrongFormat, "{\(entry("a", "F32", "[1.0]", "[0,4]"))}", data: 4,
      #"expected , or ] at byte 30 of the header, found ".0],\"data_offsets\":[0,4]""#),
    Hostile(
      .wrongFormat, "{\(entry("a", "F32", "[1e0]", "[0,4]"))}", data: 4,
      #"expected , or ] at byte 30 of the header, found "e0],\"data_offsets\":[0,4]""#),
    Hostile(
      .wrongFormat, "{\(entry("a", "F32", "[-1]", "[0,4]"))}", data: 4,
      #"expected a whole number at byte 29 of the header, found "-1],\"data_offsets\":[0,4]""#),
    Hostile(
      .wrongFormat, "{\(entry("a", "F32", "[NaN]", "[0,4]"))}", data: 4,
      #"expected a whole number at byte 29 of the header, found "NaN],\"data_offsets\":[0,4""#),
    Hostile(
      .wrongFormat, "{\(entry("a", "F32", "[01]", "[0,4]"))}", data: 4,
      #"expected a whole number at byte 29 of the header, found "01],\"data_offsets\":[0,4]""#),
    Hostile(
      .wrongFormat, "{\(entry("a", "F32", "[1,]", "[0,4]"))}", data: 4,
      #"expected a whole number at byte 31 of the header, found "],\"data_offsets\":[0,4]}}""#),
    Hostile(
      .tooLarge, "{\(entry("a", "F32", "[9223372036854775808]", "[0,4]"))}", data: 4,
      #"expected numbers below 2⁶³ at byte 29 of the header, found "9223372036854775808],\"da""#),
    Hostile(
      .tooLarge, "{\(entry("a", "F32", "[1]", "[0,99999999999999999999999]"))}", data: 4,
      #"expected numbers below 2⁶³ at byte 50 of the header, found "99999999999999999999999]""#),
  ]

  static let ranges: [Hostile] = [
    Hostile(
      .wrongOffsets, "{\(entry("a", "F32", "[1]", "[0]"))}", data: 4,
      #"expected "a" to have data_offsets of its start and its end, found [0]"#),
    Hostile(
      .wrongOffsets, "{\(entry("a", "F32", "[1]", "[0,4,8]"))}", data: 4,
      #"expected "a" to have data_offsets of its start and its end, found [0, 4, 8]"#),
    Hostile(
      .wrongOffsets, "{\(entry("a", "F32", "[1]", "[4,0]"))}", data: 4,
      #"expected "a" to have data_offsets of its start and its end, found [4, 0]"#),
    Hostile(
      .wrongShape, "{\(entry("a", "F32", "[2]", "[0,4]"))}", data: 4,
      #"expected "a" to have the 8 bytes of shape (2,) in F32, found 4 bytes"#),
    Hostile(
      .wrongShape, "{\(entry("a", "F32", "[]", "[0,0]"))}",
      #"expected "a" to have the 4 bytes of shape () in F32, found 0 bytes"#),
    Hostile(
      .wrongShape, "{\(entry("a", "F32", "[4294967296,4294967296]", "[0,0]"))}",
      #"expected "a" to have a shape that memory can hold, found (4294967296, 4294967296)"#),
    Hostile(
      .wrongShape, "{\(entry("a", "F32", "[4294967296,0,4294967296]", "[0,0]"))}",
      #"expected "a" to have a shape that memory can hold, found (4294967296, 0, 4294967296)"#),
    // As many bytes as a file can have, but eight times as many once they are whole numbers.
    Hostile(
      .wrongShape, "{\(entry("a", "U8", "[2305843009213693952]", "[0,2305843009213693952]"))}",
      #"expected "a" to have a shape that memory can hold, found (2305843009213693952,)"#),
    Hostile(
      .wrongShape,
      "{\(entry("a", "F32", "[\([String](repeating: "1", count: 65).joined(separator: ","))]", "[0,4]"))}",
      data: 4, #"expected "a" to have at most 64 dimensions, found 65"#),
    // Four terabytes are claimed; setting them aside would end the tests.
    Hostile(
      .truncated, "{\(entry("a", "F32", "[1099511627776]", "[0,4398046511104]"))}", data: 4,
      #"expected 4398046511104 bytes of data up to the end of "a", found only 4"#),
    Hostile(
      .truncated, "{\(entry("a", "F32", "[2]", "[0,8]"))}", data: 7,
      #"expected 8 bytes of data up to the end of "a", found only 7"#),
    Hostile(
      .trailingData, "{\(entry("a", "F32", "[2]", "[0,8]"))}", data: 9,
      "expected the end of the file after 8 bytes of data, found 1 more"),
    Hostile(.trailingData, "{}", data: 1, "expected the end of the file after 0 bytes of data, found 1 more"),
    Hostile(
      .wrongOffsets, "{\(entry("a", "F32", "[1]", "[4,8]"))}", data: 8,
      #"expected "a" at byte 0 of the data, after the start of the data, found it at byte 4, behind a gap"#),
    Hostile(
      .wrongOffsets, "{\(entry("a", "F32", "[2]", "[0,8]")),\(entry("b", "F32", "[2]", "[4,12]"))}", data: 12,
      #"expected "b" at byte 8 of the data, after "a", found it at byte 4, overlapping"#),
    Hostile(
      .wrongOffsets, "{\(entry("a", "F32", "[2]", "[0,8]")),\(entry("b", "F32", "[2]", "[0,8]"))}", data: 8,
      #"expected "b" at byte 8 of the data, after "a", found it at byte 0, overlapping"#),
    Hostile(
      .wrongOffsets, "{\(entry("a", "F32", "[2]", "[0,8]")),\(entry("b", "F32", "[0]", "[4,4]"))}", data: 8,
      #"expected "b" at byte 8 of the data, after "a", found it at byte 4, overlapping"#),
    Hostile(
      .wrongOffsets, "{\(entry("b", "F32", "[1]", "[8,12]")),\(entry("a", "F32", "[1]", "[0,4]"))}", data: 12,
      #"expected "b" at byte 4 of the data, after "a", found it at byte 8, behind a gap"#),
    Hostile(
      .damaged, bytes: safetensors(Array("{\(entry("a", "BOOL", "[3]", "[0,3]"))}".utf8), [1, 0, 2]),
      #"expected 0 or 1 for each element of "a", which is BOOL, found 2"#),
    Hostile(
      .unsupportedType, "{\(entry(String(repeating: "n", count: 1000) + "\\n", "X", "[]", "[0,0]"))}",
      "expected \"\(String(repeating: "n", count: 60))\"... to be one of F64, F32, F16, BF16, I64, I32, I16, I8, U32, U16, U8, BOOL, found \"X\""
    ),
  ]

  /// Cut off after any of its bytes, or longer by one.
  @Test func refusesEveryOtherLength() throws {
    try save(["a": Tensor([1.0, 2.0]), "b": Tensor([true])], to: path, metadata: ["k": "v"])
    let bytes = try readBytes(path)
    for length in 0..<bytes.count {
      try writeBytes(Array(bytes.prefix(length)), to: path)
      let error = #expect(throws: CheckpointError.self) { try load(path) }
      #expect(error?.kind == .truncated, "\(length): \(error?.description ?? "")")
    }
    try writeBytes(bytes + [0], to: path)
    #expect(throws: CheckpointError.self) { try load(path) }
  }

  @Test func refusesWhatIsNoFile() throws {
    func expectUnreadable(_ path: String, _ found: String) {
      let error = #expect(throws: CheckpointError.self) { try load(path) }
      #expect(error?.kind == .unreadable)
      #expect(error?.description == "\(path): expected a readable file, found \(found)")
    }
    expectUnreadable(folder / "missing", "No such file or directory")
    expectUnreadable(folder.path, "a folder")
    expectUnreadable("/dev/zero", "a device or pipe")
    #expect(mkfifo(folder / "pipe", 0o600) == 0)
    expectUnreadable(folder / "pipe", "a device or pipe")
  }

  /// A header of a hundred thousand tensors, and one name of ten megabytes.
  @Test(.timeLimit(.minutes(1))) func largeHeadersAreReadQuickly() throws {
    var state = StateDict()
    for i in 0..<100_000 { state["layer.\(i).weight"] = Tensor(i) }
    try save(state, to: path)
    #expect(try load(path).names == state.names)
    func name(_ character: Unicode.Scalar, _ count: Int) -> String {
      String(decoding: [UInt8](repeating: UInt8(ascii: character), count: count), as: UTF8.self)
    }
    try save([name("\n", 10_000_000): Tensor(1)], to: path)
    #expect(try load(path).names[0].utf8.count == 10_000_000)
    let error = #expect(throws: CheckpointError.self) {
      try save([name("a", 100_000_000): Tensor(1)], to: path)
    }
    #expect(error?.kind == .tooLarge)
    #expect(try load(path).count == 1)
  }

  // MARK: - Mistakes of the caller

  @Test func namesThatCannotBeSaved() async throws {
    let name = try await #require(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      try save(["__metadata__": Tensor(1)], to: "/nowhere")
    }
    #expect(
      String(decoding: name.standardErrorContent, as: UTF8.self).hasSuffix(
        "save: a tensor cannot be called __metadata__, the name under which the format keeps the metadata\n"))
    let rank = try await #require(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      try save(["x": Tensor.ones([Int](repeating: 1, count: 65))], to: "/nowhere")
    }
    #expect(
      String(decoding: rank.standardErrorContent, as: UTF8.self).hasSuffix(
        "save: x has 65 dimensions, and a file holds at most 64\n"))
  }
}
