import Foundation
import Testing

@testable import course

/// What becomes of a small course.
@Suite struct WeavingTests {
  @Test func outputsStandUnderTheLinesThatMadeThem() throws {
    try Fixture.with { fixture in
      #expect(try fixture.make() == [])
      let page = try fixture.page("chapter1.html")
      let text = page.withoutTags
      #expect(
        text.contains(
          inOrder: "let gravity = 9.81", "1.1 The free fall", "func height", "let h = [1.0, 2.0].map(height)",
          "page.show(\"heights\"", "page.claim(\"four times as far\"", "heights [4.90, 19.62] (2)",
          "✓ four times as far (4)", "Mind the slip"))
      // What a function puts out stands where it is called.
      #expect(
        text.contains(
          inOrder: "func report", "report(3)", "page.show(\"table\"", "after 3.0 s: 44.145 m", "done",
          "4.905",
          "report(4)", "after 4.0 s: 78.48 m", "done", "The path, as"))
      // And what a loop puts out, behind the loop.
      #expect(
        text.contains(
          inOrder: "for drag in", "}", "✓ drag 0.1 is positive (0.1 ≥ 0)", "✓ drag 0.2 is positive",
          "let text ="))
      #expect(text.contains("//: no prose"), "a mark within a string is no prose")
      for machinery in ["import DeepLearning", "notebook.section", "notebook.run()", "{ page in"] {
        #expect(!text.components(separatedBy: "The files beside")[0].contains(machinery))
      }
    }
  }

  @Test func proseBecomesHTML() throws {
    try Fixture.with { fixture in
      try fixture.make()
      let page = try fixture.page("chapter1.html")
      #expect(page.contains("<h2 id=\"section-1.1\""))
      #expect(page.contains("<h3 id=\"1.1-a-table-of-it\">"))
      #expect(page.components(separatedBy: "<math display=\"block\"").count == 3)
      #expect(!page.contains("\\label"))
      #expect(page.contains("<span class=\"kw\">func</span>"), "Swift is not highlighted")
      #expect(page.contains("<aside class=\"slip\" aria-label=\"Mind the slip\">"))
      #expect(page.contains("<summary><code>Helper.swift</code></summary>"))
      #expect(
        page.withoutTags.contains(
          "Sources/DeepLearning/Physics.swift, lines 4 to 5 let g = 9.81 return g * t"))
      #expect(page.contains("<th scope=\"col\" class=\"number\">h</th>"))
    }
  }

  @Test func figuresHaveNumbersCaptionsAndWordsForThoseWhoDoNotSeeThem() throws {
    try Fixture.with { fixture in
      try fixture.make()
      let page = try fixture.page("chapter1.html")
      #expect(page.contains("<figure id=\"figure-path\">"))
      #expect(page.contains("src=\"figures/chapter1/path.svg\" width=\"80\" height=\"50\""))
      #expect(page.contains("alt=\"Path. Line &quot;height&quot;.\""))
      #expect(page.contains("<span class=\"label\">Figure 1.1</span> It falls &amp; falls."))
      let picture = fixture.output.appendingPathComponent("figures/chapter1/path.svg")
      #expect(FileManager.default.fileExists(atPath: picture.path))
    }
  }

  @Test func referencesBecomeLinks() throws {
    try Fixture.with { fixture in
      try fixture.make()
      let (first, second) = (try fixture.page("chapter1.html"), try fixture.page("chapter2.html"))
      #expect(first.contains("(<a href=\"chapter1.html#section-1.1\">1.1</a>)"))
      #expect(first.contains("<a href=\"chapter1.html#section-1.2\">section 1.2</a>"))
      #expect(first.contains("<a href=\"chapter1.html\">Chapters 1</a> and <a href=\"chapter2.html\">2</a>"))
      #expect(first.contains("chapter 3 will") && !first.contains(">chapter 3</a>"), "chapter 3 is to come")
      #expect(first.contains("<a href=\"chapter1.html#1.1-a-table-of-it\">a table</a>"))
      // Numbers of equations and figures; an equation that nobody refers to has none.
      #expect(first.contains("<a href=\"chapter1.html#equation-free-fall\">formula (1.1)</a>"))
      #expect(first.contains("<span class=\"number\">(1.1)</span>") && !first.contains("(1.2)</span>"))
      #expect(
        first.contains(
          "<a href=\"chapter1.html#figure-path\">path (figure\u{A0}1.1)</a>".replacing(
            " (f", with: "\u{A0}(f")))
      #expect(second.contains("<a href=\"chapter1.html#equation-free-fall\">the formula"))
      #expect(second.contains("<a href=\"exercise-1.1.html\">exercise 1.1</a>"))
    }
  }

  @Test func termsAreListedWithTheirDefinitions() throws {
    try Fixture.with { fixture in
      try fixture.make()
      let terms = try fixture.page("terms.html")
      #expect(terms.withoutTags.contains("acceleration The acceleration is g=9.81"))
      #expect(
        terms.contains(
          "<a href=\"chapter1.html#term-falls\">Chapter 1</a>, again in <a href=\"chapter2.html#term-falls\">"
        ))
      #expect(!terms.contains("Mind the slip"))
      #expect(try fixture.page("chapter1.html").contains("<span id=\"term-acceleration\" class=\"term\">"))
    }
  }

  @Test func contentsNotationAndExercises() throws {
    try Fixture.with { fixture in
      try fixture.make()
      let contents = try fixture.page("index.html")
      #expect(contents.contains("<a href=\"chapter1.html#section-1.1\">1.1 The free fall</a>"))
      #expect(contents.withoutTags.contains("5 minutes to read, a quick run took 2 s"))
      #expect(
        contents.contains("<li>Chapter 3: Flying</li>") && !contents.contains("<li>Chapter 2: Rising</li>"))
      let notation = try fixture.page("notation.html")
      #expect(notation.contains("<a href=\"chapter1.html#section-1.1\">section 1.1</a>"))
      #expect(!notation.contains("wing"), "a symbol of a chapter to come")

      #expect(
        try fixture.page("chapter1.html").contains(
          "<a href=\"exercise-1.1.html\"><span class=\"number\">1.1</span> How long?</a>"))
      let exercise = try fixture.page("exercise-1.1.html")
      #expect(exercise.contains("<h1>Exercise 1.1: How long?</h1>"))
      #expect(exercise.withoutTags.contains("throw NotAttempted()") && !exercise.contains("squareRoot() // "))
      #expect(exercise.components(separatedBy: "<details class=\"hint\">").count == 4)
      #expect(exercise.withoutTags.contains("swift run course check 1.1"))
      #expect(try fixture.page("exercises.html").contains("exercise-1.1.html"))
      #expect(try fixture.page("chapter1.html").contains("rel=\"next\" href=\"chapter2.html\""))
      #expect(try fixture.page("chapter2.html").contains("rel=\"prev\" href=\"chapter1.html\""))
    }
  }

  @Test func aBookOfOneChapterSpeaksOfTheOthersWithoutLinks() throws {
    try Fixture.with { fixture in
      #expect(try fixture.make(chapters: [1]) == [])
      let page = try fixture.page("chapter1.html")
      #expect(page.contains("Chapters 1</a> and 2 agree"))
      #expect(
        !FileManager.default.fileExists(atPath: fixture.output.appendingPathComponent("chapter2.html").path))
    }
  }
}

/// What stops the book: each names the file and says what is wrong.
@Suite struct ProblemTests {
  struct Fault: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let file: String
    let old: String
    let new: String
    let says: String

    init(_ what: String, _ file: String, _ old: String, _ new: String, says: String) {
      (testDescription, self.file, self.old, self.new, self.says) = (what, file, old, new, says)
    }
  }

  private static let main = "Chapters/chapter1-falling/main.swift"
  private static let library = "Sources/DeepLearning/Physics.swift"

  static let faults = [
    Fault(
      "a section that is not there", main, "in section 1.2", "in section 1.7",
      says: "main.swift:8: there is no section 1.7"),
    Fault(
      "a chapter that is not there", main, "chapter 3 will", "chapter 4 will", says: "there is no chapter 4"),
    Fault(
      "an exercise that is not there", "Chapters/chapter2-rising/main.swift", "exercise 1.1", "exercise 1.2",
      says: "there is no exercise 1.2"),
    Fault(
      "a name that is not there", main, "](#path)", "](#paths)", says: "there is nothing with the name paths"),
    Fault(
      "an equation that has lost its label", main, " \\label{free-fall}", "",
      says: "nothing with the name free-fall"),
    Fault(
      "an exercise's section", "Exercises/Solutions/chapter1/1.1-fall.swift", "Section 1.1 gives",
      "Section 1.9 gives", says: "1.1-fall.swift: there is no section 1.9"),
    Fault(
      "a hint's reference", "Exercises/Hints/chapter1/1.1-fall.md", "#free-fall", "#fall",
      says: "1.1-fall.md: there is nothing with the name fall"),
    Fault(
      "the preface's reference", "Chapters/preface.md", "section 1.1", "section 1.8",
      says: "preface.md: there is no section 1.8"),
    Fault(
      "a symbol that its section does not have", "Chapters/notation.md", "| $t$", "| $\\tau$",
      says: "notation.md:7: section 1.1 has no $\\tau$"),
    Fault(
      "an unknown excerpt", main, "#excerpt-speed)", "#excerpt-sped)",
      says: "there is no excerpt sped in the library"),
    Fault(
      "an excerpt that nobody quotes", main, "#excerpt-speed)", "#excerpt-sped)",
      says: "Physics.swift:3: no chapter quotes the excerpt speed"),
    Fault(
      "an excerpt in another file", main, "DeepLearning/Physics.swift]", "DeepLearning/Optics.swift]",
      says: "excerpt speed is in Sources/DeepLearning/Physics.swift"),
    Fault(
      "an excerpt twice", library, "  return g * t\n  // end of excerpt\n",
      "  // end of excerpt\n  // excerpt: speed\n  return g * t\n  // end of excerpt\n",
      says: "Physics.swift:6: excerpt speed is also in"),
    Fault(
      "an excerpt without an end", library, "  // end of excerpt\n", "",
      says: "Physics.swift:3: excerpt speed does not end"),
    Fault(
      "documentation that does not lead back", library, "Section 1.1 quotes it", "It is quoted",
      says: "does not say that section 1.1 quotes it"),
    Fault(
      "a number that nothing bears out", main, "$g = 9.81$", "$g = 9.82$",
      says: "main.swift:17: the prose says 9.82, and nothing that section 1.1 shows"),
  ]

  @Test(arguments: faults)
  func stopsTheBook(_ fault: Fault) throws {
    try Fixture.with { fixture in
      try fixture.change(fault.file, fault.old, fault.new)
      let problems = try fixture.make()
      #expect(problems.contains { $0.contains(fault.says) }, "\(problems)")
      #expect(!FileManager.default.fileExists(atPath: fixture.output.path), "a book was written all the same")
    }
  }

  @Test func aFormulaThatCannotBeReadStopsTheBook() throws {
    try Fixture.with { fixture in
      try fixture.change(Self.main, "$$v = g t", "$$v = \\frac{g t")
      let error = try #require(throws: CourseError.self) { try fixture.make() }
      #expect(error.description.contains("\\frac{g t"))
    }
  }

  @Test func theOldBookStaysWhereTheNewOneFails() throws {
    try Fixture.with { fixture in
      try fixture.make()
      try fixture.change(Self.main, "in section 1.2", "in section 1.7")
      #expect(try !fixture.make().isEmpty)
      #expect(try fixture.page("chapter1.html").contains("section 1.2"))
    }
  }
}

/// Which numbers of the prose have to be borne out, and by what.
@Suite struct ProseNumberTests {
  private func stated(_ markdown: String) throws -> [String] {
    ProseNumbers.stated(in: .list(try Pandoc().read([markdown])[0])).map(\.text)
  }

  @Test func whatIsStated() throws {
    #expect(
      try stated("It took 3.66 s, 60,000 steps and 12 % more, at $\\eta = 0.05$.") == [
        "3.66", "60,000", "12", "0.05",
      ])
    #expect(try stated("- a list of 25\n\n| a |\n| - |\n| 4.5 |\n\n> and **97.5**") == ["25", "4.5", "97.5"])
  }

  @Test func whatIsNot() throws {
    let texts = [
      "three of 10", "section 12.4, chapters 11 and 12, exercise 14.2", "in 1687", "a 32-bit number, 64 bits",
      "`let x = 0.25`", "$w_{31}^{[12]}$", "the formula (3.1)", "```\n25\n```", "network B12",
    ]
    for text in texts { #expect(try stated(text) == [], "\(text)") }
  }

  private func isBorneOut(_ prose: String, by other: Double) -> Bool {
    ProseNumbers.numbers(in: prose)[0].isBorneOut(by: other)
  }

  @Test func bearingOut() {
    #expect(isBorneOut("3.66", by: -3.660322))
    #expect(!isBorneOut("3.67", by: -3.660322))
    #expect(isBorneOut("60,000", by: 60_000))
    #expect(isBorneOut("77 %", by: 0.7712) && !isBorneOut("77", by: 0.7712))
    #expect(isBorneOut("12", by: 12.3) && !isBorneOut("12", by: 12.6))
    #expect(ProseNumbers.values(in: "3.4e38, [1_000, 0.5]") == [3.4e38, 3.4, 1000, 0.5])
  }
}
