import Foundation
import Synchronization

/// Reads Markdown and writes HTML with the system's pandoc.
///
/// Many texts go through one process, or two: to start it takes longer than to convert a page.
struct Pandoc: Sendable {
  /// Markdown as the notebook understands it, too: CommonMark with formulas and tables, and no HTML in it.
  private static let markdown = "commonmark+tex_math_dollars+pipe_tables+smart-raw_html"
  /// A paragraph that stands between two texts.
  private static let cut = "%%cut%%"

  static let howToInstall = "pandoc is not installed, and the book is woven with it: ./setup.sh"

  /// Each text as a list of blocks.
  func read(_ texts: [String]) throws(CourseError) -> [[Node]] {
    guard !texts.isEmpty else { return [] }
    let input = texts.joined(separator: "\n\n\(Self.cut)\n\n")
    let output = try convert(Data(input.utf8), ["--from", Self.markdown, "--to", "json"])
    guard let json = try? JSONSerialization.jsonObject(with: output) as? [String: Any],
      let blocks = json["blocks"] as? [Any]
    else { throw CourseError(description: "pandoc gave no document: \(Self.excerpt(output))") }
    let nodes = blocks.map(Node.init(json:))
    if let text = Self.unreadFormula(in: nodes) {
      throw CourseError(
        description: "pandoc does not take this for a formula; is there a brace too few? \(text)")
    }
    let cut = Node.paragraph([.word(Self.cut)])
    return nodes.split(separator: cut, omittingEmptySubsequences: false).map(
      Array.init)
  }

  /// What begins with a dollar and is no formula to pandoc. In code there may be dollars.
  private static func unreadFormula(in nodes: [Node]) -> String? {
    var found: String?
    Node.list(nodes).forEachTopInlines { inlines in
      let rest = inlines.drop { $0.type != "Str" || $0.contents?.string?.contains("$") != true }
      if !rest.isEmpty { found = found ?? String(Node.list(Array(rest)).plainText.prefix(80)) }
    }
    return found
  }

  /// Each list of blocks as HTML, with formulas as MathML and code in spans that a style sheet colors.
  func write(_ texts: [[Node]]) throws(CourseError) -> [String] {
    // Two processes share the work.
    let total = texts.joined().count
    var before = 0
    let middle =
      texts.firstIndex { text in
        before += text.count
        return before > total / 2
      } ?? 0
    let halves = [texts[..<middle], texts[middle...]]
    let written = Mutex([[String]](repeating: [], count: 2))
    try sideBySide(2, pieces: 2) { half throws(CourseError) in
      let html = try write(half: halves[half])
      written.withLock { $0[half] = html }
    }
    return written.withLock { Array($0.joined()) }
  }

  private func write(half texts: ArraySlice<[Node]>) throws(CourseError) -> [String] {
    guard !texts.isEmpty else { return [] }
    let mark = "<!--\(Self.cut)-->"
    let blocks = texts.joined(separator: [.html(mark)]).flatMap(Self.scrolling)
      .map { $0.mapInlines { $0.map(Self.readable) } }
    // The version of the format, as the pandoc of Debian 12 has it; a newer one reads it, too.
    let document: [String: Any] = [
      "pandoc-api-version": [1, 22, 2, 1], "meta": [String: Any](), "blocks": blocks.map(\.json),
    ]
    guard let input = try? JSONSerialization.data(withJSONObject: document) else {
      throw CourseError(description: "the document cannot be written as JSON")
    }
    let html = try convert(
      input, ["--from", "json", "--to", "html5", "--mathml", "--wrap", "preserve"])
    return String(decoding: html, as: UTF8.self).components(separatedBy: mark)
  }

  /// A table or a formula in a box of its own, which scrolls where the page is narrower.
  private static func scrolling(_ block: Node) -> [Node] {
    if block.isEquation { return [.division(class: "equation", [block])] }
    guard block.type == "Table" else { return [block] }
    return [
      .html("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"table\">"), block,
      .html("</div>"),
    ]
  }

  // Kept, because the program reads a pattern anew each time that its line is met.
  nonisolated(unsafe) private static let sizedBracket = /\\[bB]igg?([lr])(?![a-zA-Z])/

  /// A formula with `\left(` where it has `\Bigl(`: pandoc knows the latter not everywhere, and MathML knows no sizes.
  private static func readable(_ inline: Node) -> Node {
    guard let formula = inline.formula else { return inline }
    let tex = formula.tex.replacing(sizedBracket) { $0.1 == "l" ? "\\left" : "\\right" }
    return .formula(tex, isDisplay: formula.isDisplay)
  }

  /// What pandoc complains of is an error: a formula that it cannot read would stand in the book as TeX.
  private func convert(_ input: Data, _ options: [String]) throws(CourseError) -> Data {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pandoc-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let (source, result) = (folder.appendingPathComponent("in"), folder.appendingPathComponent("out"))
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try input.write(to: source)
    } catch {
      throw CourseError(description: "cannot write \(folder.path): \(reason(error))")
    }
    guard let pandoc = findProgram("pandoc") else { throw CourseError(description: Self.howToInstall) }
    let child = try Child.run(
      pandoc, options + ["--output", result.path, source.path], limits: .forTools)
    guard child.end == .exited(0), child.output.isEmpty, let output = try? Data(contentsOf: result) else {
      throw CourseError(
        description:
          "pandoc: \(child.output.isEmpty ? "\(child.end)" : child.output.trimmingCharacters(in: .newlines))")
    }
    return output
  }

  private static func excerpt(_ data: Data) -> String { String(decoding: data.prefix(200), as: UTF8.self) }
}

extension Limits {
  /// For a program that comes with the system and does its work once.
  static let forTools = Limits(seconds: 300, memory: 4 << 30, output: 1 << 20)
}

/// The program's path, if it is on the `PATH`.
func findProgram(_ name: String) -> String? {
  let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
  return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
}
