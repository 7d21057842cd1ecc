import DeepLearning
import Foundation

/// Makes the book: weaves the chapters' runs, the exercises and a few pages of its own, and writes them to a folder.
///
/// Nothing is written before all is woven and every reference leads somewhere. What was there before is then replaced.
struct BookMaker {
  let folder: CourseFolder
  /// Where the book goes.
  let output: URL
  /// The library's public symbols; without them its reference is not part of the book.
  var library: [String: Symbol]?

  /// Makes the book, unless something is wrong, which it returns.
  ///
  /// - Parameters:
  ///   - chapters: all that there are.
  ///   - runs: those that the book has.
  func make(_ chapters: [ChapterText], _ runs: [ChapterRun]) throws(CourseError) -> Problems {
    let problems = Problems()
    let manuscript = try Manuscript(folder, chapters, runs, problems)
    let reference = library.map { ReferencePages($0, manuscript.links, problems) }
    let referenceDocuments = reference?.documents() ?? []
    guard problems.lines.isEmpty else { return problems }

    // Everything at once, as it was read.
    var documents = [manuscript.preface, manuscript.notation, manuscript.terms.document()]
    for chapter in manuscript.chapters {
      let exercises = manuscript.exercises.texts.map(\.exercise)
      documents.append(try chapter.document(exercises.filter { $0.chapter == chapter.text.number }))
    }
    documents += manuscript.exercises.documents(folder) + referenceDocuments.map(\.nodes)
    var html = try Pandoc().write(documents)[...]

    let contents = ContentsPage(chapters: manuscript.chapters, planned: manuscript.planned)
    var pages = Pages()
    pages.series = [contents.page(html.removeFirst())]
    pages.others = [
      notation(manuscript, html.removeFirst()), terms(manuscript, html.removeFirst()),
      manuscript.exercises.overview(manuscript.links),
    ]
    pages.series += manuscript.chapters.map { page($0, html.removeFirst()) }
    pages.tasks = manuscript.exercises.texts.map {
      manuscript.exercises.page($0, html.removeFirst(), manuscript.links)
    }
    pages.reference = referenceDocuments.map { document in
      var page = document.page
      page.body = html.removeFirst()
      return page
    }
    var search = manuscript.searchIndex
    reference?.addEntries(to: &search)
    try write(pages, manuscript.chapters, search)
    return problems
  }

  private func page(_ chapter: WovenChapter, _ html: String) -> Page {
    let entries = chapter.parts.filter { !$0.source.id.isEmpty }.flatMap { part in
      [Page.Entry(anchor: part.anchor, title: part.title, level: 2)]
        + part.subsections.map { Page.Entry(anchor: $0.anchor, title: $0.title, level: 3) }
    }
    return Page(
      file: chapter.text.page, title: "Chapter \(chapter.text.number): \(chapter.text.title)",
      summary: "Chapter \(chapter.text.number) of a course on deep learning in Swift.",
      remark: "\(chapter.times). Run it: <code>swift run \(chapter.text.name)</code>", body: html,
      contents: entries, part: "index.html")
  }

  private func notation(_ manuscript: Manuscript, _ html: String) -> Page {
    let entries = manuscript.notation.compactMap { node -> Page.Entry? in
      guard node.level == 2 else { return nil }
      let title = Node.list(node.children).plainText
      return Page.Entry(anchor: PlainText.slug(title), title: title, level: 2)
    }
    return Page(
      file: "notation.html", title: "Notation",
      summary: "The symbols of the course and where each is defined.",
      body: html, contents: entries, part: "notation.html")
  }

  private func terms(_ manuscript: Manuscript, _ html: String) -> Page {
    Page(
      file: "terms.html", title: "Terms", summary: "The terms of the course and where each is defined.",
      body: html,
      contents: manuscript.terms.letters.map { Page.Entry(anchor: "letter-\($0)", title: $0, level: 2) },
      part: "terms.html")
  }
}

// MARK: - Writing

/// The pages of the book; some follow one another.
private struct Pages {
  /// The contents and the chapters.
  var series: [Page] = []
  /// The exercises.
  var tasks: [Page] = []
  var others: [Page] = []
  var reference: [Page] = []

  /// Each page with the one before and the one after it.
  var all: [(page: Page, previous: Page?, next: Page?)] {
    [series, tasks].flatMap { pages in
      pages.indices.map { i in
        (pages[i], i > 0 ? pages[i - 1] : nil, i + 1 < pages.count ? pages[i + 1] : nil)
      }
    } + (others + reference).map { ($0, nil, nil) }
  }
}

extension BookMaker {
  private func write(
    _ pages: Pages, _ chapters: [WovenChapter], _ search: SearchIndex
  ) throws(CourseError) {
    let resources = Bundle.module.bundleURL.appendingPathComponent("Resources")
    var parts = [
      (file: "index.html", title: "Contents"), (file: "exercises.html", title: "Exercises"),
      (file: "notation.html", title: "Notation"), (file: "terms.html", title: "Terms"),
    ]
    if let first = pages.reference.first { parts.append((file: first.file, title: "Library")) }
    let frame = Frame(try read(resources.appendingPathComponent("page.html")), parts: parts)

    let draft = output.deletingLastPathComponent()
      .appendingPathComponent(".\(output.lastPathComponent).draft")
    let files = FileManager.default
    /// The place of a file in the draft, with its folder made.
    func place(_ name: String) throws -> URL {
      let file = draft.appendingPathComponent(name)
      try files.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      return file
    }
    do {
      try? files.removeItem(at: draft)
      for name in ["book.css", "book.js", "icon.svg"] {
        try files.copyItem(at: resources.appendingPathComponent(name), to: try place(name))
      }
      try Data(search.script.utf8).write(to: try place("search-index.js"))
      for (page, previous, next) in pages.all {
        try Data(frame.html(page, previous: previous, next: next).utf8).write(to: try place(page.file))
      }
      for chapter in chapters {
        for name in chapter.figures.keys {
          let picture = chapter.run.plots.appendingPathComponent("\(name).svg")
          try files.copyItem(
            at: picture, to: try place(OutputWriter.address(of: name, in: chapter.text.number)))
        }
      }
      try? files.removeItem(at: output)
      try files.moveItem(at: draft, to: output)
    } catch {
      throw CourseError(description: "cannot write the book to \(output.path): \(reason(error))")
    }
  }
}
