import DeepLearning
import Foundation

/// What a run put out, as HTML.
struct OutputWriter {
  /// The chapter's number.
  let chapter: Int
  /// The numbers of the chapter's figures, by name.
  let figures: [String: Int]
  /// Where the pictures are that the run has drawn.
  let plots: URL

  func html(_ outputs: [Notebook.Output.Content]) throws(CourseError) -> String {
    // Figures stand on their own; all else that belongs together in one box.
    var html = ""
    var lines: [String] = []
    func close() {
      if !lines.isEmpty { html += "<div class=\"outputs\">\n\(lines.joined(separator: "\n"))\n</div>\n" }
      lines = []
    }
    for output in outputs {
      if case .figure(let name, let caption, let alternative, _) = output {
        close()
        html += try figure(name, caption, alternative)
      } else {
        lines.append(line(output))
      }
    }
    close()
    return html
  }

  private func line(_ output: Notebook.Output.Content) -> String {
    switch output {
    case .value(let label, let text, let note):
      let isBelow = text.contains("\n")
      return """
        <div class="value\(isBelow ? " below" : "")">\(name(label, isBelow ? note : nil))\
        <samp>\(text.escapedForHTML)</samp>\(isBelow ? "" : remark(note))</div>
        """
    case .table(let label, let columns, let rows, let note):
      return table(label, columns, rows, note)
    case .claim(let claim, let holds, let detail):
      let mark =
        holds ? "<span class=\"mark\" aria-label=\"holds:\">✓</span>" : "<span class=\"mark\">✗</span>"
      return
        "<div class=\"claim\">\(mark) \(claim.escapedForHTML)\(remark(detail.isEmpty ? nil : detail))</div>"
    case .text(let text): return "<div class=\"text\"><samp>\(text.escapedForHTML)</samp></div>"
    case .failure(let message): return "<div class=\"failure\">✗ \(message.escapedForHTML)</div>"
    case .figure: return ""
    }
  }

  private func name(_ label: String, _ note: String?) -> String {
    label.isEmpty ? "" : "<span class=\"label\">\(label.escapedForHTML)</span>\(remark(note)) "
  }

  private func remark(_ note: String?) -> String {
    guard let note else { return "" }
    return
      " <span class=\"note\">\(note.hasPrefix("(") ? note.escapedForHTML : "(\(note.escapedForHTML))")</span>"
  }

  private func table(_ label: String, _ columns: [String], _ rows: [[String]], _ note: String?) -> String {
    let isNumeric = columns.indices.map { column in
      rows.allSatisfy {
        !$0.indices.contains(column) || $0[column].wholeMatch(of: /[-−+\d.,e% ]*|nan|-?inf/) != nil
      }
    }
    func cell(_ tag: String, _ column: Int, _ text: String) -> String {
      "<\(tag)\(isNumeric[column] ? " class=\"number\"" : "")>\(text.escapedForHTML)</\(tag.prefix(2))>"
    }
    let head = columns.enumerated().map { cell("th scope=\"col\"", $0, $1) }.joined()
    let body = rows.map { row in
      "<tr>" + zip(columns.indices, row).map { cell("td", $0, $1) }.joined() + "</tr>"
    }
    let caption = label.isEmpty ? "" : "<caption>\(label.escapedForHTML)\(remark(note))</caption>"
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="\(label.isEmpty ? "table" : label.escapedForHTML)">\
      <table>\(caption)<thead><tr>\(head)</tr></thead><tbody>\(body.joined())</tbody></table></div>
      """
  }

  /// The address of a chapter's picture within the book.
  static func address(of name: String, in chapter: Int) -> String { "figures/chapter\(chapter)/\(name).svg" }

  private func figure(_ name: String, _ caption: String, _ alternative: String) throws(CourseError) -> String
  {
    let picture = try read(plots.appendingPathComponent("\(name).svg"))
    guard let size = picture.firstMatch(of: /<svg[^>]*?\swidth="([0-9.]+)"[^>]*?\sheight="([0-9.]+)"/) else {
      throw CourseError(description: "figure \(name) of chapter \(chapter) has no size")
    }
    guard !alternative.isEmpty else {
      throw CourseError(
        description: "figure \(name) of chapter \(chapter) has no text for those who do not see it")
    }
    return """
      <figure id="figure-\(name)">
      <img src="\(Self.address(of: name, in: chapter))" width="\(size.1)" height="\(size.2)" loading="lazy"
        alt="\(alternative.escapedForHTML)">
      <figcaption><span class="label">Figure \(chapter).\(figures[name] ?? 0)</span> \(caption.escapedForHTML)</figcaption>
      </figure>

      """
  }
}
