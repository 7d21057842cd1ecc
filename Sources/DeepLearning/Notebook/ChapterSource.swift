import Prose

/// A chapter's source file as a page: its prose (`/*: ... */` and `//:` comments) with the lines it stands on.
///
/// The notebook reads it to print prose between results; the book weaves the same blocks with the code and
/// with the outputs that a run recorded. Lines count from 1, as `#line` does.
public struct ChapterSource: Sendable {
  /// One comment of prose: its lines in the file, and its Markdown without comment marks.
  public struct Block: Sendable, Equatable {
    public let lines: ClosedRange<Int>
    public let text: String
  }

  /// The prose of one section: what leads up to its code, what stands within, what follows it.
  public struct Section: Sendable {
    public let id: String
    /// From the call `notebook.section(...)` to its closing brace.
    public let code: ClosedRange<Int>
    public let blocks: [Block]
    fileprivate let source: [Substring]

    /// The last line of the call that begins on `line`: where its parentheses are closed.
    func lastLine(ofStatementAt line: Int) -> Int {
      var depth = 0
      for number in line...max(line, code.upperBound) where source.indices.contains(number - 1) {
        depth += source[number - 1].count { $0 == "(" } - source[number - 1].count { $0 == ")" }
        if depth <= 0 { return number }
      }
      return line
    }

    /// What stands on `lines`, without the call that opens the section, the indentation within it, and blank
    /// lines at both ends.
    func text(_ lines: ClosedRange<Int>) -> [String] {
      let texts = lines.clamped(to: 1...max(source.count, 1)).compactMap { line -> String? in
        guard source.indices.contains(line - 1), line != code.lowerBound else { return nil }
        let text = source[line - 1]
        let indent = line > code.lowerBound ? min(2, text.prefix { $0 == " " }.count) : 0
        return String(text.dropFirst(indent))
      }
      let isBlank: (String) -> Bool = { $0.trimmed.isEmpty }
      let trailing = texts.reversed().prefix(while: isBlank).count
      return Array(texts.dropLast(trailing).drop(while: isBlank))
    }
  }

  public let blocks: [Block]
  private let text: [Substring]

  public init(_ source: String) {
    text = source.lines
    blocks = ChapterSource.blocks(text)
  }

  /// Reads the file at `path`; nil where it cannot be read.
  public init?(path: String) {
    guard let bytes = try? readFile(path) else { return nil }
    self.init(String(decoding: bytes, as: UTF8.self))
  }

  /// Divides the prose among the sections whose calls stand at `calls`, in the order of the file.
  ///
  /// A section's prose begins with the block that has its heading (`## 3.3 ...`) or, without one, behind the
  /// code of the section before; it goes on to where the next section's begins.
  public func sections(at calls: [(id: String, line: Int)]) -> (introduction: [Block], sections: [Section]) {
    let calls = calls.sorted { $0.line < $1.line }
    var starts: [Int] = []
    var previousEnd = 0
    for call in calls {
      let between = blocks.filter { previousEnd < $0.lines.lowerBound && $0.lines.upperBound < call.line }
      let heading = between.last { ChapterSource.isHeading($0, of: call.id) }
      // The prose before a first section without a heading introduces the chapter.
      let first = starts.isEmpty ? nil : between.first
      starts.append((heading ?? first)?.lines.lowerBound ?? call.line)
      previousEnd = lastLine(ofCallAt: call.line)
    }
    let ends = starts.dropFirst() + [Int.max]
    let sections = zip(calls, zip(starts, ends)).map { call, range in
      Section(
        id: call.id, code: call.line...lastLine(ofCallAt: call.line),
        blocks: blocks.filter { range.0 <= $0.lines.lowerBound && $0.lines.lowerBound < range.1 },
        source: text)
    }
    let introduction = blocks.filter { $0.lines.lowerBound < starts.first ?? Int.max }
    return (introduction, sections)
  }

  /// The lines of code and prose from `range`, as they stand in the file.
  public func lines(_ range: ClosedRange<Int>) -> [String] {
    range.clamped(to: 1...max(text.count, 1)).compactMap { text.isEmpty ? nil : String(text[$0 - 1]) }
  }

  /// The line of the brace that closes the call at `line`: the next one as far indented as the call.
  private func lastLine(ofCallAt line: Int) -> Int {
    guard text.indices.contains(line - 1) else { return line }
    let indent = text[line - 1].prefix { $0 == " " }
    let end = text[line...].firstIndex { $0.hasPrefix(indent + "}") }
    return end.map { $0 + 1 } ?? text.count
  }

  private static func isHeading(_ block: Block, of id: String) -> Bool {
    block.text.lines.contains { line in
      Markdown.heading(line).map { $0.title == id || $0.title.hasPrefix(id + " ") } ?? false
    }
  }

  private static func blocks(_ text: [Substring]) -> [Block] {
    var blocks: [Block] = []
    var isInString = false
    var index = 0
    while index < text.count {
      let line = text[index].trimmed
      let start = index
      index += 1
      if isInString || !(line.hasPrefix("/*:") || line.hasPrefix("//:")) {
        // Prose marks within a multi-line string are text.
        if line.split(separator: "\"\"\"", omittingEmptySubsequences: false).count % 2 == 0 {
          isInString.toggle()
        }
        continue
      }
      var content: [Substring] = []
      let isLineComment = line.hasPrefix("//:")
      if isLineComment {
        content.append(line.dropFirst(3))
        while index < text.count, text[index].trimmed.hasPrefix("//:") {
          content.append(text[index].trimmed.dropFirst(3))
          index += 1
        }
      } else {
        var body = text[start].drop { $0 == " " }.dropFirst(3)
        while true {
          if let end = body.firstRange(of: "*/") {
            content.append(body[..<end.lowerBound])
            break
          }
          content.append(body)
          guard index < text.count else { break }
          body = text[index]
          index += 1
        }
      }
      blocks.append(Block(lines: start + 1...index, text: dedented(content, isLineComment)))
    }
    return blocks
  }

  /// Takes away the indentation that all lines share, and blank lines at both ends.
  private static func dedented(_ lines: [Substring], _ isLineComment: Bool) -> String {
    var body = lines[...]
    while body.first?.trimmed.isEmpty == true { body.removeFirst() }
    while body.last?.trimmed.isEmpty == true { body.removeLast() }
    let indents = body.filter { !$0.trimmed.isEmpty }.map { $0.prefix { $0 == " " }.count }
    // Text right behind `/*:` says nothing about how far the lines under it are indented.
    let isInline = !isLineComment && lines.first?.trimmed.isEmpty == false
    let shared = (isInline ? Array(indents.dropFirst()) : indents).min() ?? 0
    return body.enumerated().map { index, line in
      let own = line.prefix { $0 == " " }.count
      return String(line.dropFirst(index == 0 && isInline ? own : min(own, shared)))
    }.joined(separator: "\n").withoutTrailingSpaces
  }
}
