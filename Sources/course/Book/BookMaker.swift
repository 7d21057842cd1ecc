import DeepLearning
import Foundation

/// Makes the book: weaves the chapters' runs, the exercises and a few pages of its own, and writes them to a folder.
///
/// Nothing is written before all is woven and every reference leads somewhere. What was there before is then replaced.
struct BookMaker {
  let folder: CourseFolder
  /// Where the book goes.
  let output: URL
  /// Whether the library's reference is part of it.
  var hasReference = true

  /// - Parameters:
  ///   - chapters: all that there are.
  ///   - runs: those that the book has.
  func make(_ chapters: [ChapterText], _ runs: [ChapterRun]) throws(CourseError) -> Problems {
    let problems = Problems()
    let numbers = Set(runs.map(\.text.number))
    let preface = try read(folder.root.appendingPathComponent(ContentsPage.file))
    let notation = try read(folder.root.appendingPathComponent(Notation.file))
    let exercises = try Catalog(folder).exercises.filter { numbers.contains($0.chapter) }
    let excerpts = try Excerpts(folder, chapters, problems)
    let planned = ContentsPage.planned(in: preface, besides: chapters)

    // All prose in one go.
    let pandoc = Pandoc()
    var exerciseTexts: [[String]] = []
    for exercise in exercises { exerciseTexts.append(try ExercisePages.markdown(of: exercise)) }
    let chapterTexts = runs.map { run in run.text.parts.flatMap { $0.blocks.map(\.text) } }
    let texts =
      [ContentsPage.prose(in: preface), Notation.text(notation, chapters: numbers)] + chapterTexts.joined()
      + exerciseTexts.joined()
    var documents = try pandoc.read(texts)[...]
    func take(_ count: Int) -> [[Node]] {
      defer { documents = documents.dropFirst(count) }
      return Array(documents.prefix(count))
    }
    var (prefaceNodes, notationNodes) = (Node.anchored(take(1)[0]), Node.anchored(take(1)[0]))

    let referred = Set(texts.flatMap { $0.matches(of: /\]\(#([^)]+)\)/).map { String($0.1) } })
    var woven = zip(runs, chapterTexts).map { run, texts in
      WovenChapter(run, prose: take(texts.count), referred: referred, excerpts, problems)
    }
    var exercisePages = try ExercisePages(exercises, exerciseTexts.map { take($0.count) }, folder)

    // References and terms.
    let links = self.links(woven, exercises, chapters, planned.map(\.number))
    var terms = Terms()
    for index in woven.indices { woven[index].resolve(links, &terms, problems) }
    exercisePages.resolve(links, folder, problems)
    prefaceNodes = prefaceNodes.map { links.resolve($0, in: 0) { problems.add(ContentsPage.file, nil, $0) } }
    notationNodes = notationNodes.filter { $0.level != 1 }.map {
      links.resolve($0, in: 0) { problems.add(Notation.file, nil, $0) }
    }
    Notation.check(notation, runs.map(\.text), problems)
    for chapter in woven { chapter.checkNumbers(problems) }
    let reference = hasReference ? ReferencePages(try DocC(folder: folder).symbols(), links, problems) : nil
    let referenceDocuments = reference?.documents() ?? []
    guard problems.lines.isEmpty else { return problems }

    // Pages.
    var written: [[Node]] = [prefaceNodes, notationNodes, terms.document()]
    for chapter in woven {
      written.append(try chapter.document(exercises.filter { $0.chapter == chapter.text.number }))
    }
    written += exercisePages.documents(folder) + referenceDocuments.map(\.nodes)
    var html = try pandoc.write(written)[...]
    let contents = ContentsPage(chapters: woven, planned: planned).page(html.removeFirst())
    let notationPage = Page(
      file: "notation.html", title: "Notation",
      summary: "The symbols of the course and where each is defined.",
      body: html.removeFirst(), contents: Self.entries(notationNodes), part: "notation.html")
    let termsPage = Page(
      file: "terms.html", title: "Terms", summary: "The terms of the course and where each is defined.",
      body: html.removeFirst(),
      contents: terms.letters.map { Page.Entry(anchor: "letter-\($0)", title: $0, level: 2) },
      part: "terms.html")
    let chapterPages = woven.map { page($0, html.removeFirst()) }
    let tasks = exercisePages.texts.map { exercisePages.page($0, html.removeFirst(), links) }
    let overview = exercisePages.overview(links)

    var search = SearchIndex()
    for chapter in woven { search.add(chapter) }
    for (page, text) in zip(tasks, exercisePages.texts) {
      search.add(
        text.exercise.title, "Exercise \(text.exercise.number)", page.file, Node.list(text.task).plainText)
    }
    for term in terms.sorted() {
      let place = term.places[0]
      search.add(term.name, "Term", "\(place.page)#\(place.anchor)", Node.list(term.sentence).plainText)
    }
    search.add("Notation", "", "notation.html", Node.list(notationNodes).plainText)

    reference?.addEntries(to: &search)
    let referencePages = referenceDocuments.map { document in
      var page = document.page
      page.body = html.removeFirst()
      return page
    }
    try write(
      series: [contents] + chapterPages, tasks: tasks, others: [overview, notationPage, termsPage],
      referencePages, woven, search)
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

  private static func entries(_ nodes: [Node]) -> [Page.Entry] {
    nodes.compactMap { node in
      guard node.level == 2 else { return nil }
      let title = Node.list(node.children).plainText
      return Page.Entry(anchor: PlainText.slug(title), title: title, level: 2)
    }
  }

  private func links(
    _ woven: [WovenChapter], _ exercises: [Exercise], _ chapters: [ChapterText], _ planned: [Int]
  ) -> Links {
    var links = Links()
    for chapter in woven {
      let text = chapter.text
      links.chapters["\(text.number)"] = Target(
        kind: .chapter, page: text.page, anchor: "", title: "Chapter \(text.number): \(text.title)")
      for part in chapter.parts where !part.source.id.isEmpty {
        links.sections[part.source.id] = Target(
          kind: .section, page: text.page, anchor: part.anchor, title: part.title)
      }
      links.names[text.number] = chapter.names
    }
    for exercise in exercises {
      links.exercises[exercise.number] = Target(
        kind: .exercise, page: exercise.page, anchor: "", title: exercise.title)
    }
    // What is there but not in this book may be spoken of, and so may what is to come.
    for chapter in chapters {
      links.absent.insert("chapter \(chapter.number)")
      for section in chapter.sections { links.absent.insert("section \(section.id)") }
    }
    for number in planned {
      links.absent.insert("chapter \(number)")
      links.absent.insert("all of chapter \(number)")
    }
    return links
  }
}

// MARK: - Writing

extension BookMaker {
  private func write(
    series: [Page], tasks: [Page], others: [Page], _ reference: [Page], _ chapters: [WovenChapter],
    _ search: SearchIndex
  ) throws(CourseError) {
    let resources = Bundle.module.bundleURL.appendingPathComponent("Resources")
    var parts = [
      (file: "index.html", title: "Contents"), (file: "exercises.html", title: "Exercises"),
      (file: "notation.html", title: "Notation"), (file: "terms.html", title: "Terms"),
    ]
    if let first = reference.first { parts.append((file: first.file, title: "Library")) }
    let frame = Frame(try read(resources.appendingPathComponent("page.html")), parts: parts)

    let draft = output.deletingLastPathComponent().appendingPathComponent(
      ".\(output.lastPathComponent).draft")
    let files = FileManager.default
    do {
      try? files.removeItem(at: draft)
      try files.createDirectory(at: draft, withIntermediateDirectories: true)
      for name in ["book.css", "book.js", "icon.svg"] {
        try files.copyItem(at: resources.appendingPathComponent(name), to: draft.appendingPathComponent(name))
      }
      try Data(search.script.utf8).write(to: draft.appendingPathComponent("search-index.js"))
      func put(_ page: Page, previous: Page? = nil, next: Page? = nil) throws {
        let file = draft.appendingPathComponent(page.file)
        try files.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(frame.html(page, previous: previous, next: next).utf8).write(to: file)
      }
      for pages in [series, tasks] {
        for (index, page) in pages.enumerated() {
          try put(
            page, previous: index > 0 ? pages[index - 1] : nil,
            next: index + 1 < pages.count ? pages[index + 1] : nil)
        }
      }
      for page in others + reference { try put(page) }
      for chapter in chapters {
        for name in chapter.figures.keys {
          let target = draft.appendingPathComponent(OutputWriter.address(of: name, in: chapter.text.number))
          try files.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
          try files.copyItem(at: chapter.run.plots.appendingPathComponent("\(name).svg"), to: target)
        }
      }
      try? files.removeItem(at: output)
      try files.moveItem(at: draft, to: output)
    } catch {
      throw CourseError(description: "cannot write the book to \(output.path): \(reason(error))")
    }
  }
}
