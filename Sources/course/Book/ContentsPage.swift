import Foundation

/// The first page: what the book is, and its contents.
struct ContentsPage {
  /// The words of the page, which also name the chapters to come: `- Chapter 11: The transformer`.
  static let file = "Chapters/preface.md"
  static let title = "Deep learning in Swift, from the first neuron on"

  let chapters: [WovenChapter]
  /// Chapters that are planned and not there.
  let planned: [(number: Int, title: String)]

  /// The chapters that the preface promises, but for those that are there.
  static func planned(in markdown: String, besides chapters: [ChapterText]) -> [(number: Int, title: String)]
  {
    markdown.matches(of: /(?:^|\n)- Chapter ([0-9]+): ([^\n]*)/).compactMap { match in
      guard let number = Int(match.1), !chapters.contains(where: { $0.number == number }) else { return nil }
      return (number, String(match.2))
    }
  }

  /// The preface without its list of chapters to come, which the page makes itself.
  static func prose(in markdown: String) -> String {
    markdown.replacing(/(?:^|\n)- Chapter [0-9]+: [^\n]*/, with: "").replacing(/^# [^\n]*\n/, with: "")
  }

  /// - Parameter preface: the prose as HTML.
  func page(_ preface: String) -> Page {
    var html = preface + "<h2 id=\"contents\">Contents</h2>\n<ol class=\"chapters\">\n"
    for chapter in chapters {
      let sections = chapter.parts.filter { !$0.source.id.isEmpty }.map { part in
        "<li><a href=\"\(chapter.text.page)#\(part.anchor)\">\(part.title.escapedForHTML)</a></li>"
      }
      html += """
        <li><h3><a href="\(chapter.text.page)">\(chapter.text.number). \(chapter.text.title.escapedForHTML)</a></h3>
        <p class="note">\(chapter.times)</p>
        <ul>\(sections.joined())</ul></li>

        """
    }
    html += "</ol>\n"
    if !planned.isEmpty {
      let items = planned.map { "<li>Chapter \($0.number): \($0.title.escapedForHTML)</li>" }
      html += "<h2 id=\"to-come\">To come</h2>\n<ul class=\"note\">\(items.joined())</ul>\n"
    }
    return Page(
      file: "index.html", title: Self.title,
      summary: "A course on deep learning that you run, read and solve.",
      body: html, part: "index.html")
  }
}

extension WovenChapter {
  /// How long it takes to read, at 200 words a minute, and how long it took to run.
  var times: String {
    let minutes = max(5, (Double(PlainText.words(proseText)) / 200 / 5).rounded() * 5)
    let seconds = Int(run.seconds.rounded())
    let mode =
      switch run.record.length {
      case .quick: "a quick run took"
      case .standard: "the run took"
      case .full: "a full run took"
      }
    return "\(Int(minutes)) minutes to read, \(mode) \(max(seconds, 1)) s"
  }
}
