import DeepLearning
import Foundation

/// The page of notation: a text whose tables say of each symbol what it means and which section brings it.
///
/// The last cell of a row names that section, and the first holds the symbol; that the section's prose has the symbol
/// is checked, so that the page cannot fall behind the chapters.
enum Notation {
  static let file = "Chapters/notation.md"

  /// The text with the rows left out whose chapter is not there yet.
  static func text(_ markdown: String, chapters: Set<Int>) -> String {
    markdown.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
      guard line.hasPrefix("|"), let chapter = section(of: line).map({ $0.prefix { $0 != "." } }) else {
        return true
      }
      return chapters.contains(Int(chapter) ?? 0)
    }.joined(separator: "\n")
  }

  /// Looks whether each symbol stands in the section that its row names.
  static func check(_ markdown: String, _ chapters: [ChapterText], _ problems: Problems) {
    let sections = Dictionary(
      chapters.flatMap(\.sections).map { ($0.id, $0.blocks.map(\.text).joined()) },
      uniquingKeysWith: { $0 + $1 })
    for (index, line) in markdown.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      guard line.hasPrefix("|"), let id = section(of: line), let text = sections[id] else { continue }
      let prose = spaceless(text)
      for symbol in line.split(separator: "|")[0].matches(of: /\$([^$]+)\$/)
      where !prose.contains(spaceless(String(symbol.1))) {
        problems.add(file, index + 1, "section \(id) has no \(symbol.0)")
      }
    }
  }

  private static func section(of row: Substring) -> String? {
    row.split(separator: "|").last?.firstMatch(of: /section ([0-9]+\.[0-9]+)/).map { String($0.1) }
  }

  private static func spaceless(_ text: String) -> String {
    String(text.filter { !$0.isWhitespace })
  }
}
