import Prose

/// A text file of pairs, one a line, with a tab between source and target: a reader's own translations.
///
///     let file = try PairFile("eng-spa.tsv")
///     file.pairs[0]    // TextPair("Go.", "Ve.")
///
/// What stands behind a second tab, such as where a sentence is from, is passed over; so are empty lines. White
/// space at both ends of a text does not belong to it. Lines end in `\n` or `\r\n`.
public struct PairFile: Sendable {
  public let path: String
  public let pairs: [TextPair]

  /// - Throws: ``DataError``: what ``TextFile`` throws; of kind `.wrongFormat`, with line and column from 1, where a
  ///   line has no tab or nothing on one side of it.
  public init(_ path: String) throws(DataError) { try self.init(TextFile(path)) }

  init(_ file: TextFile) throws(DataError) {
    var pairs: [TextPair] = []
    for (i, line) in file.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let columns = line.split(separator: "\t", maxSplits: 2, omittingEmptySubsequences: false)
      if columns.count == 1 && line.allSatisfy(\.isWhitespace) { continue }
      func wrong(_ expected: String, at column: Int, _ found: String) -> DataError {
        DataError(
          .wrongFormat, file: file.path, expected: expected,
          found: "\(found) in line \(i + 1), column \(column)")
      }
      guard columns.count > 1 else {
        throw wrong("a tab between source and target", at: line.count + 1, "the end")
      }
      let texts = columns.prefix(2).map { String($0.trimmed) }
      guard !texts[0].isEmpty else { throw wrong("a source before the tab", at: 1, "nothing") }
      guard !texts[1].isEmpty else {
        throw wrong("a target behind the tab", at: columns[0].count + 2, "nothing")
      }
      pairs.append(TextPair(texts[0], texts[1]))
    }
    path = file.path
    self.pairs = pairs
  }
}
