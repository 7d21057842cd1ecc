import Prose

#if canImport(Glibc)
  import Glibc
#else
  import Foundation
#endif

/// The prose of this course, a small corpus that everyone who reads it has: what the chapters' sources say
/// between their lines of code.
///
///     let corpus = try CourseText()
///     corpus.chapters.map(\.name)    // ["chapter1-perceptron", ...]
///     corpus.text                    // all chapters, one after another
///
/// Paragraphs, headings and lists, one paragraph a line, with an empty line between them. Mathematics within a
/// sentence stands as the terminal shows it; formulas on lines of their own, tables and code are left out.
public struct CourseText: Sendable {
  public struct Chapter: Sendable {
    /// The name of its folder.
    public let name: String
    public let text: String
  }

  /// The chapters in their order.
  public let chapters: [Chapter]

  public var text: String { chapters.map(\.text).joined(separator: "\n\n") }

  /// Reads every `chapterN-name/main.swift` in `folder`, by default the folder of this course's own chapters.
  ///
  /// - Throws: ``DataError`` of kind `.notFound` where there is no chapter, and of the kinds that ``TextFile``
  ///   throws.
  public init(folder: String? = nil) throws(DataError) {
    let folder = folder ?? Self.ownFolder
    var chapters: [Chapter] = []
    for name in Self.chapterNames(in: folder) {
      let source = try TextFile("\(folder)/\(name)/main.swift").text
      let paragraphs = ChapterSource(source).blocks.map { Self.plainText($0.text) }
      chapters.append(
        Chapter(name: name, text: paragraphs.filter { !$0.isEmpty }.joined(separator: "\n\n")))
    }
    guard !chapters.isEmpty else {
      throw DataError(
        .notFound, file: "the course's text", expected: "folders chapter1-... in \(folder)", found: "none")
    }
    self.chapters = chapters
  }

  private static let ownFolder = String(#filePath.dropLast(fileInPackage.count)) + "Chapters"
  private static let fileInPackage = "Sources/DeepLearning/Notebook/CourseText.swift"

  /// The folders named `chapter` and a number that hold a source, in the order of the numbers: a chapter that
  /// is only begun, or whose folder was left behind, is none.
  private static func chapterNames(in folder: String) -> [String] {
    guard let handle = opendir(folder) else { return [] }
    defer { closedir(handle) }
    var found: [(number: Int, name: String)] = []
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
      }
      guard name.hasPrefix("chapter"), let number = Int(name.dropFirst(7).prefix(while: \.isNumber)),
        access("\(folder)/\(name)/main.swift", F_OK) == 0
      else { continue }
      found.append((number, name))
    }
    return found.sorted { $0 < $1 }.map(\.name)
  }

  /// Markdown as plain lines, a paragraph each.
  static func plainText(_ markdown: String) -> String {
    // No line is as long as this, so that nothing is wrapped.
    let lines = Markdown(width: 1 << 20).render(withoutDisplays(markdown).joined(separator: "\n"))
    let marks: Set<Character> = [" ", "•", "▌"]
    return lines.map { String($0.drop(while: marks.contains)) }.joined(separator: "\n")
  }

  /// The lines that are sentences: no formulas on lines of their own, no tables, no code, no rules.
  private static func withoutDisplays(_ markdown: String) -> [Substring] {
    var end: String?
    return markdown.lines.map { line in
      let start = line.trimmed
      if let mark = end {
        if start.contains(mark) { end = nil }
        return ""
      }
      if start.hasPrefix("```") { end = "```" }
      if start.hasPrefix("$$"), !start.dropFirst(2).contains("$$") { end = "$$" }
      let isRule = start.allSatisfy { $0 == "-" }
      return isRule || ["```", "$$", "|"].contains { start.hasPrefix($0) } ? "" : line
    }
  }
}
