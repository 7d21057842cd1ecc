import Foundation

/// A page of the book, before it is put into the frame that all pages share.
struct Page {
  /// A line of the contents beside the text.
  struct Entry {
    let anchor: String
    let title: String
    /// 2 for a section, 3 for what is within one.
    let level: Int
  }

  /// Its file, from the book's folder.
  let file: String
  let title: String
  /// What a search engine, or a reader with many open pages, is told of it.
  let summary: String
  /// Under the title.
  var remark = ""
  var body: String
  var contents: [Entry] = []
  /// Which of the links in the head leads here.
  var part: String = ""
}

/// The frame around every page: a file with holes, named in braces.
struct Frame {
  private let text: String
  /// The links in the head, in order.
  let parts: [(file: String, title: String)]

  init(_ text: String, parts: [(file: String, title: String)]) { (self.text, self.parts) = (text, parts) }

  /// The whole page.
  func html(_ page: Page, previous: Page?, next: Page?) -> String {
    let depth = page.file.count { $0 == "/" }
    let root = String(repeating: "../", count: depth)
    let holes = [
      "title": page.title.escapedForHTML, "summary": page.summary.escapedForHTML, "root": root,
      "parts": parts.map { part in
        let isCurrent = part.file == page.part ? " aria-current=\"true\"" : ""
        return "<li><a href=\"\(root)\(part.file)\"\(isCurrent)>\(part.title)</a></li>"
      }.joined(),
      "remark": page.remark, "contents": contents(of: page), "body": page.body,
      "turn": turn(root, previous, "prev", "←") + turn(root, next, "next", "→"),
    ]
    return text.replacing(/\{\{([a-z]+)\}\}/) { holes[String($0.1)] ?? "" }
  }

  private func contents(of page: Page) -> String {
    guard page.contents.count > 1 else { return "" }
    let items = page.contents.map {
      "<li class=\"level\($0.level)\"><a href=\"#\($0.anchor)\">\($0.title.escapedForHTML)</a></li>"
    }
    return """
      <nav class="contents" aria-label="On this page">
      <details open><summary>On this page</summary>
      <ol>\(items.joined(separator: "\n"))</ol>
      </details></nav>
      """
  }

  private func turn(_ root: String, _ page: Page?, _ relation: String, _ arrow: String) -> String {
    guard let page else { return "" }
    let words = "<span>\(page.title.escapedForHTML)</span>"
    let label = relation == "prev" ? "\(arrow) \(words)" : "\(words) \(arrow)"
    return "<a class=\"\(relation)\" rel=\"\(relation)\" href=\"\(root)\(page.file)\">\(label)</a>"
  }
}
