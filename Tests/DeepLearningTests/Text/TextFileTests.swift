import Testing

@testable import Datasets
@testable import DeepLearning
@testable import Tensors

@Suite struct TextFileTests {
  private func text(_ bytes: [UInt8]) throws -> String { try TextFile(bytes: bytes, name: "book.txt").text }

  @Test func readsUTF8() throws {
    let folder = try TemporaryFolder(["book.txt": Array("Naïve\nsecond 👩‍🔬".utf8)])
    let file = try TextFile(folder.path + "/book.txt")
    #expect(file.text == "Naïve\nsecond 👩‍🔬" && file.path == folder.path + "/book.txt")
    #expect(try text([]) == "")
  }

  @Test func lineEndsAreOfOneKind() throws {
    let mark: [UInt8] = [0xef, 0xbb, 0xbf]
    let read = try text(mark + Array("a\r\nb\rc\n\r\n\r".utf8))
    #expect(Array(read.utf8) == Array("a\nb\rc\n\n\r".utf8))
  }

  /// The bytes that are wrong, where they begin, and what is said of them.
  @Test(
    arguments: [
      ([0x61, 0xff], "0xff at offset 1 (line 1, column 2)"),
      // A character of two bytes of which the second is missing, behind characters of one and of two.
      (Array("ab\nüx".utf8) + [0xc3, 0x0a], "0xc3 at offset 6 (line 2, column 3)"),
      // An overlong slash, a surrogate, a number above the last, a lone continuation.
      ([0xc0, 0xaf], "0xc0 at offset 0 (line 1, column 1)"),
      (Array("\n\n".utf8) + [0xed, 0xa0, 0x80], "0xed at offset 2 (line 3, column 1)"),
      ([0x20, 0xf4, 0x90, 0x80, 0x80], "0xf4 at offset 1 (line 1, column 2)"),
      ([0x0d, 0x0a, 0x80], "0x80 at offset 2 (line 2, column 1)"),
      // Latin-1, as old files have it.
      (Array("ma".utf8) + [0xf1] + Array("ana".utf8), "0xf1 at offset 2 (line 1, column 3)"),
    ] as [([UInt8], String)])
  func whatIsNotUTF8IsRefused(_ bytes: [UInt8], _ found: String) {
    let error = #expect(throws: DataError.self) { try text(bytes) }
    #expect(error?.kind == .wrongEncoding)
    #expect(error?.description == "book.txt: expected UTF-8 text, found the byte \(found)")
  }

  @Test func missingFilesAreReported() {
    let error = #expect(throws: DataError.self) { try TextFile("/nowhere/book.txt") }
    #expect(error?.kind == .unreadable && error?.file == "/nowhere/book.txt")
  }

  // MARK: - Pairs

  private func pairs(_ text: String) throws -> [TextPair] {
    try PairFile(TextFile(bytes: Array(text.utf8), name: "pairs.tsv")).pairs
  }

  @Test func readsPairs() throws {
    let content = "Go.\tVe.\tfrom a list\n\n  \nI am cold. \t Tengo frío.\t\r\nlast\túltimo"
    #expect(
      try pairs(content) == [
        TextPair("Go.", "Ve."), TextPair("I am cold.", "Tengo frío."), TextPair("last", "último"),
      ])
    #expect(try pairs("\n") == [])
    let folder = try TemporaryFolder(["p.tsv": Array("a\tb\n".utf8)])
    #expect(try PairFile(folder.path + "/p.tsv").pairs == [TextPair("a", "b")])
  }

  @Test(arguments: [
    ("a\tb\nno tab here\n", "a tab between source and target, found the end in line 2, column 12"),
    ("a\tb\r\n\r\nñandú", "a tab between source and target, found the end in line 3, column 6"),
    ("\tb", "a source before the tab, found nothing in line 1, column 1"),
    ("a\tb\nabc\t \t more", "a target behind the tab, found nothing in line 2, column 5"),
    ("a\t", "a target behind the tab, found nothing in line 1, column 3"),
    ("\t", "a source before the tab, found nothing in line 1, column 1"),
  ])
  func wrongLinesAreNamed(_ content: String, _ expected: String) {
    let error = #expect(throws: DataError.self) { try pairs(content) }
    #expect(error?.kind == .wrongFormat)
    #expect(error?.description == "pairs.tsv: expected \(expected)")
  }

  @Test func pairsAreEncoded() throws {
    let pairs = [TextPair("a b", "x"), TextPair("b", "y x")]
    let source = Vocabulary(of: pairs.map(\.source), tokenizer: WordTokenizer(), specials: [.pad])
    let target = Vocabulary(of: pairs.map(\.target), tokenizer: WordTokenizer())
    let encoded = EncodedPairs(pairs, source: source, target: target)
    #expect(encoded.count == 2)
    #expect(encoded[0].source == [2, 1] && encoded[0].target == [1, 4, 2])
    #expect(encoded[1].source == [1] && encoded[1].target == [1, 5, 4, 2])
  }
}
