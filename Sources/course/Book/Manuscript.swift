import DeepLearning
import Foundation

/// All that the book consists of, read and woven together, before it is made into pages.
struct Manuscript {
  private(set) var preface: [Node]
  private(set) var notation: [Node]
  private(set) var chapters: [WovenChapter]
  private(set) var exercises: ExercisePages
  private(set) var terms = Terms()
  let links: Links
  /// Chapters to come.
  let planned: [(number: Int, title: String)]

  /// Reads the prose of everything, replaces the references in it, and notes in `problems` what is wrong.
  ///
  /// - Parameters:
  ///   - all: every chapter that there is.
  ///   - runs: those that the book has.
  init(
    _ folder: CourseFolder, _ all: [ChapterText], _ runs: [ChapterRun], _ problems: Problems
  ) throws(CourseError) {
    let prefaceText = try read(folder.root.appendingPathComponent(ContentsPage.file))
    let notationText = try read(folder.root.appendingPathComponent(Notation.file))
    let numbers = Set(runs.map(\.text.number))
    let exercises = try Catalog(folder).exercises.filter { numbers.contains($0.chapter) }
    let excerpts = try Excerpts(folder, all, problems)
    planned = ContentsPage.planned(in: prefaceText, besides: all)

    // Everything at once: pandoc takes longer to start than to read.
    var texts: [[String]] = [
      [ContentsPage.prose(in: prefaceText)], [Notation.text(notationText, chapters: numbers)],
    ]
    texts += runs.map { run in run.text.parts.flatMap { $0.blocks.map(\.text) } }
    for exercise in exercises { texts.append(try ExercisePages.markdown(of: exercise)) }
    var read = try Pandoc().read(Array(texts.joined()))[...]
    var documents = texts.map { texts in
      defer { read = read.dropFirst(texts.count) }
      return Array(read.prefix(texts.count))
    }[...]

    preface = Node.anchored(documents.removeFirst()[0])
    notation = Node.anchored(documents.removeFirst()[0]).filter { $0.level != 1 }
    let referred = Set(texts.joined().flatMap { $0.matches(of: /\]\(#([^)]+)\)/).map { String($0.1) } })
    chapters = runs.map {
      WovenChapter($0, prose: documents.removeFirst(), referred: referred, excerpts, problems)
    }
    self.exercises = try ExercisePages(exercises, Array(documents), folder)

    links = Links(chapters, exercises, all, planned: planned.map(\.number))
    for index in chapters.indices { chapters[index].resolve(links, &terms, problems) }
    self.exercises.resolve(links, folder, problems)
    let links = links
    preface = preface.map { links.resolve($0, in: 0) { problems.add(ContentsPage.file, nil, $0) } }
    notation = notation.map { links.resolve($0, in: 0) { problems.add(Notation.file, nil, $0) } }
    Notation.check(notationText, runs.map(\.text), problems)
    let woven = chapters
    let found = woven.map { _ in Problems() }
    try sideBySide(2, pieces: woven.count) { woven[$0].checkNumbers(found[$0]) }
    found.forEach(problems.add)
  }

  /// What the search of the book knows.
  var searchIndex: SearchIndex {
    var search = SearchIndex()
    for chapter in chapters { search.add(chapter) }
    for text in exercises.texts {
      let exercise = text.exercise
      search.add(
        exercise.title, "Exercise \(exercise.number)", exercise.page, Node.list(text.task).plainText)
    }
    for term in terms.sorted() {
      let place = term.places[0]
      search.add(term.name, "Term", "\(place.page)#\(place.anchor)", Node.list(term.sentence).plainText)
    }
    search.add("Notation", "", "notation.html", Node.list(notation).plainText)
    return search
  }
}

extension Links {
  /// - Parameters:
  ///   - woven: the chapters of the book.
  ///   - all: every chapter that there is.
  fileprivate init(
    _ woven: [WovenChapter], _ exercises: [Exercise], _ all: [ChapterText], planned: [Int]
  ) {
    for chapter in woven {
      let text = chapter.text
      chapters["\(text.number)"] = Target(
        kind: .chapter, page: text.page, anchor: "", title: "Chapter \(text.number): \(text.title)")
      for part in chapter.parts where !part.source.id.isEmpty {
        sections[part.source.id] = Target(
          kind: .section, page: text.page, anchor: part.anchor, title: part.title)
      }
      names[text.number] = chapter.names
    }
    for exercise in exercises {
      self.exercises[exercise.number] = Target(
        kind: .exercise, page: exercise.page, anchor: "", title: exercise.title)
    }
    // What is there but not in this book may be spoken of, and so may what is to come.
    for chapter in all {
      absent.insert("chapter \(chapter.number)")
      for section in chapter.sections { absent.insert("section \(section.id)") }
    }
    for number in planned {
      absent.insert("chapter \(number)")
      absent.insert("all of chapter \(number)")
    }
  }
}
