import DeepLearning
import Foundation

extension Exercise {
  /// The page of the book that the exercise has.
  var page: String { "exercise-\(number).html" }
}

/// The exercises as pages: the task, what a learner begins with, and the hints.
struct ExercisePages {
  struct Text {
    let exercise: Exercise
    let code: String
    /// The task without its title.
    var task: [Node]
    var hints: [[Node]]
  }

  private(set) var texts: [Text]

  /// The Markdown of the exercises, to be read together with that of the chapters: the task, then the hints.
  static func markdown(of exercise: Exercise) throws(CourseError) -> [String] {
    [Solution(try read(exercise.solution)).task] + Hints(try read(exercise.hints)).texts
  }

  /// - Parameter documents: what ``markdown(of:)`` has become, for each of the exercises.
  init(_ exercises: [Exercise], _ documents: [[[Node]]], _ folder: CourseFolder) throws(CourseError) {
    texts = []
    for (exercise, documents) in zip(exercises, documents) {
      let stub = Solution(try read(exercise.solution)).stub
      texts.append(
        Text(
          exercise: exercise, code: Solution(stub).code,
          task: Node.anchored(documents[0].filter { $0.level != 1 }),
          hints: Array(documents.dropFirst())))
    }
  }

  mutating func resolve(_ links: Links, _ folder: CourseFolder, _ problems: Problems) {
    for index in texts.indices {
      let exercise = texts[index].exercise
      func resolved(_ nodes: [Node], _ file: URL) -> [Node] {
        nodes.map { node in
          links.resolve(node, in: exercise.chapter) { problems.add(folder.shortened(file.path), nil, $0) }
        }
      }
      texts[index].task = resolved(texts[index].task, exercise.solution)
      texts[index].hints = texts[index].hints.map { resolved($0, exercise.hints) }
    }
  }

  /// Each exercise as one document.
  func documents(_ folder: CourseFolder) -> [[Node]] {
    texts.map { text in
      let number = text.exercise.number
      let file = folder.shortened(text.exercise.answer.path)
      var nodes = text.task
      nodes.append(.header(2, id: "file", [.word("Your file")]))
      nodes.append(
        .html(
          """
          <p>The task stands in <code>\(file.escapedForHTML)</code>, too. Write where it throws \
          <code>NotAttempted</code>:</p>
          """))
      nodes.append(.swift(text.code.trimmingCharacters(in: .newlines)))
      nodes.append(.html("<p>Then let it be checked, now or whenever you save:</p>"))
      nodes.append(
        .html("<pre class=\"shell\">swift run course check \(number)\nswift run course watch \(number)</pre>")
      )
      nodes.append(.header(2, id: "hints", [.word("Hints")]))
      for (index, hint) in text.hints.enumerated() {
        nodes.append(
          .html("<details class=\"hint\"><summary>Hint \(index + 1) of \(text.hints.count)</summary>"))
        nodes += hint + [.html("</details>")]
      }
      return nodes
    }
  }

  /// The page of an exercise, from its document as HTML.
  func page(_ text: Text, _ html: String, _ links: Links) -> Page {
    let exercise = text.exercise
    let section = exercise.section.flatMap { links.sections[$0] }
    let place = section.map { "<a href=\"\($0.address)\">Section \($0.title.escapedForHTML)</a>" }
    return Page(
      file: exercise.page, title: "Exercise \(exercise.number): \(exercise.title)",
      summary: "An exercise to chapter \(exercise.chapter) of a course on deep learning in Swift.",
      remark: place.map { "To \($0)" } ?? "", body: html, part: "exercises.html")
  }

  /// All exercises, chapter by chapter.
  func overview(_ links: Links) -> Page {
    var html = """
      <p>You understand what you have written yourself. Each exercise is a file with a task and a function to complete; \
      <code>swift run course next</code> shows the first one that is not solved, <code>swift run course check 3.2</code> \
      says whether an answer is right, and why not.</p>
      """
    let chapters = Set(texts.map(\.exercise.chapter)).sorted()
    for chapter in chapters {
      guard let target = links.chapters["\(chapter)"] else { continue }
      html +=
        "<h2 id=\"chapter-\(chapter)\"><a href=\"\(target.page)\">\(target.title.escapedForHTML)</a></h2>\n<ul class=\"list\">"
      for text in texts where text.exercise.chapter == chapter {
        let section = text.exercise.section.flatMap { links.sections[$0] }
        html += """
          <li><a href="\(text.exercise.page)"><span class="number">\(text.exercise.number)</span> \
          \(text.exercise.title.escapedForHTML)</a>\(section.map { " <span class=\"note\">to section \($0.title.escapedForHTML)</span>" } ?? "")</li>
          """
      }
      html += "</ul>\n"
    }
    return Page(
      file: "exercises.html", title: "Exercises", summary: "All exercises of the course, by chapter.",
      body: html,
      contents: chapters.compactMap { chapter in
        links.chapters["\(chapter)"].map {
          Page.Entry(anchor: "chapter-\(chapter)", title: $0.title, level: 2)
        }
      }, part: "exercises.html")
  }
}
