import DeepLearning
import Foundation

/// A chapter as it stands in its folder, before anything has been run: its parts, their prose and their code.
struct ChapterText: Sendable {
  /// The introduction or a section: all lines from its heading to the next.
  struct Part: Sendable {
    /// Such as `3.4`; empty for the introduction.
    let id: String
    let title: String
    let lines: ClosedRange<Int>
    /// The call of `notebook.section`, from its first line to its closing brace.
    let call: ClosedRange<Int>?
    let blocks: [ChapterSource.Block]
  }

  let number: Int
  /// The name of the target and of the folder.
  let name: String
  /// Without "Chapter 3: ".
  let title: String
  let main: URL
  let source: ChapterSource
  let parts: [Part]
  /// The other Swift files of the chapter.
  let helpers: [URL]

  var sections: [Part] { parts.filter { !$0.id.isEmpty } }
  /// The page that the chapter becomes.
  var page: String { "chapter\(number).html" }

  /// Reads the chapter in `folder`; nil if the folder is not named like one.
  init?(folder: URL) throws(CourseError) {
    name = folder.lastPathComponent
    guard let match = name.wholeMatch(of: /chapter([0-9]+)-[a-z0-9-]+/), let number = Int(match.1) else {
      return nil
    }
    self.number = number
    main = folder.appendingPathComponent("main.swift")
    let text = try read(main)
    source = ChapterSource(text)
    helpers = try list(folder).filter { $0.pathExtension == "swift" && $0.lastPathComponent != "main.swift" }

    guard let title = text.firstMatch(of: /Notebook\(\s*"[^"]*",\s*title:\s*"([^"]*)"/) else {
      throw CourseError(description: "\(main.path): found no Notebook(\"…\", title: \"…\")")
    }
    self.title = String(title.1).replacing(/^Chapter\ [0-9]+:\ /, with: "")

    var calls: [(id: String, line: Int)] = []
    var titles: [String: String] = [:]
    for call in text.matches(of: /(?:^|\n)notebook\.section\(\s*"([^"]*)",\s*"([^"]*)"/) {
      let before = text[..<call.range.lowerBound]
      let line = before.count { $0 == "\n" } + (call.0.hasPrefix("\n") ? 2 : 1)
      calls.append((String(call.1), line))
      titles[String(call.1)] = String(call.2)
    }
    let (introduction, sections) = source.sections(at: calls)
    let starts = sections.map { $0.blocks.first.map { $0.lines.lowerBound } ?? $0.code.lowerBound }
    let starting = zip(sections, starts).map { min($0.code.lowerBound, $1) }
    let lineCount = max(source.lines(1...Int.max).count, 1)
    let ends = starting.dropFirst().map { $0 - 1 } + [lineCount]
    parts =
      [
        Part(
          id: "", title: self.title, lines: 1...max((starting.first ?? lineCount + 1) - 1, 1), call: nil,
          blocks: introduction)
      ]
      + zip(sections, zip(starting, ends)).map { section, lines in
        Part(
          id: section.id, title: titles[section.id] ?? "", lines: lines.0...lines.1, call: section.code,
          blocks: section.blocks)
      }
  }

  /// All chapters in the project's folder, in order.
  static func all(in folder: CourseFolder) throws(CourseError) -> [ChapterText] {
    var chapters: [ChapterText] = []
    for url in try list(folder.root.appendingPathComponent("Chapters")) where url.hasDirectoryPath {
      if let chapter = try ChapterText(folder: url) { chapters.append(chapter) }
    }
    return chapters.sorted { $0.number < $1.number }
  }
}
