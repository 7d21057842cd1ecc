import Testing

@testable import DeepLearning
@testable import Tensors
@testable import Prose

@Suite struct NotebookMarkdownTests {
  private func render(_ text: String, width: Int = 40) -> [String] { Markdown(width: width).render(text) }

  @Test func `paragraphs are joined and wrapped`() {
    #expect(
      render("One two three\nfour five six seven eight nine.\n\nTen.", width: 20) == [
        "One two three four", "five six seven eight", "nine.", "", "Ten.",
      ])
  }

  @Test func `a number that begins a line is not a list`() {
    #expect(render("It goes to\n0. Then it stays.\n2. too") == ["It goes to 0. Then it stays. 2. too"])
  }

  @Test func `a word wider than the line stays whole`() {
    #expect(render("a bbbbbbbbbbbb c", width: 5) == ["a", "bbbbbbbbbbbb", "c"])
  }

  @Test func `marks of emphasis and code go`() {
    #expect(render("A **bold** and *slanted* `code*s` 2 * 3") == ["A bold and slanted code*s 2 * 3"])
    #expect(render(#"an \* and a \$5 note"#) == ["an * and a $5 note"])
  }

  @Test func `mathematics and prices are told apart`() {
    #expect(render("the $\\delta^{[l]}$ for $5 or $6") == ["the δ^[l] for $5 or $6"])
  }

  @Test func `a short formula is not broken`() {
    #expect(render("aaaa bbbb $x = y$ c", width: 12) == ["aaaa bbbb", "x = y c"])
  }

  @Test func `links keep their text, and addresses outside`() {
    #expect(render("[here](#x) [there](https://a.b)") == ["here there (https://a.b)"])
  }

  @Test func `headings, rules and code`() {
    #expect(render("## Title\nText") == ["Title", "", "Text"])
    #expect(render("---", width: 5) == ["─────"])
    #expect(
      render("```swift\nlet x = 1\n\n  y\n```\nafter") == ["    let x = 1", "", "      y", "", "after"])
  }

  @Test func `lists`() {
    #expect(
      render("Intro:\n- one\n  more\n- two\n  - inner\n\n1. first\n2. second") == [
        "Intro:", "  • one more", "  • two", "      • inner", "", "  1. first", "  2. second",
      ])
    #expect(render("- wrapped item text", width: 14) == ["  • wrapped", "    item text"])
    #expect(render("- a\n\n- b\n\n  under b") == ["  • a", "  • b", "", "    under b"])
  }

  @Test func `an item goes on behind a formula`() {
    let lines = ["  1. First:", "", "         a = b", "", "     and so on.", "  2. Second"]
    #expect(render("1. First:\n   $$ a = b $$\n   and so on.\n2. Second") == lines)
    // Formulas are often written at the margin, whatever they stand in.
    #expect(render("1. First:\n$$\na = b\n$$\n   and so on.\n2. Second") == lines)
    #expect(render("1. First:\n$$ a = b $$\nand so on.\n2. Second") == lines)
    #expect(render("1. First:\n\n$$ a = b $$\n\n   and so on.\n2. Second") == lines)
    // Or they begin within the sentence.
    #expect(render("- A: $$\na = b\n$$\nand so on.\n- B") == ["  • A: a = b and so on.", "  • B"])
    // Behind the last item the list is over.
    #expect(
      render("- a\n\n$$ b $$\n\nText\n\n- c") == ["  • a", "", "    b", "", "Text", "", "  • c"])
  }

  @Test func `quotes are set off`() {
    #expect(render("> **Mind the slip.** Text\n> more") == ["  ▌ Mind the slip. Text more"])
  }

  @Test func `tables are aligned`() {
    #expect(
      render("| name | $n$ |\n|---|--:|\n| a | 1 |\n| bbb | 100 |") == [
        "  name    n", "  ─────────", "  a       1", "  bbb   100",
      ])
  }

  @Test func `display mathematics stands on its own lines`() {
    #expect(render("Text\n$$\na = b\n$$\nmore") == ["Text", "", "    a = b", "", "more"])
    #expect(render("$$ a = b $$") == ["    a = b"])
    #expect(render("$$ never closed") == ["    neverclosed"])
  }

  @Test func `color only where it is asked for`() {
    #expect(Markdown(width: 40, usesColor: true).render("a **b** c") == ["a \u{1B}[1mb\u{1B}[0m c"])
    // Escape codes take no room on the line.
    #expect(Markdown(width: 5, usesColor: true).render("**aa bb**") == ["\u{1B}[1maa bb\u{1B}[0m"])
  }
}

@Suite struct NotebookSourceTests {
  static let text = #"""
    /*:
     # Chapter 1
     Introduction.
     */
    let notebook = Notebook("x", title: "X")
    // an ordinary comment
    /*:
     ## 1.1 First
     Before.

       - indented
     */
    notebook.section("1.1", "First") { page in
      //: Within,
      //: on two lines.
      page.show("a", 1)
      let text = """
        //: not prose
        """
    }
    //: After.

    /*: ## 1.2 Second */
    func helper() {}
    //: About the helper.
    notebook.section("1.2", "Second") { page in
      if true {
      }
    }
    notebook.section("1.3", "Third") { page in
    }
    """#

  private let source = ChapterSource(text)

  @Test func `blocks know their lines`() {
    #expect(
      source.blocks == [
        .init(lines: 1...4, text: "# Chapter 1\nIntroduction."),
        .init(lines: 7...12, text: "## 1.1 First\nBefore.\n\n  - indented"),
        .init(lines: 14...15, text: "Within,\non two lines."),
        .init(lines: 21...21, text: "After."),
        .init(lines: 23...23, text: "## 1.2 Second"),
        .init(lines: 25...25, text: "About the helper."),
      ])
  }

  @Test func `prose is divided among the sections`() throws {
    let (introduction, sections) = source.sections(at: [("1.1", 13), ("1.2", 26), ("1.3", 30)])
    #expect(introduction.map(\.lines) == [1...4])
    try #require(sections.map(\.id) == ["1.1", "1.2", "1.3"])
    #expect(sections.map(\.code) == [13...20, 26...29, 30...31])
    #expect(sections[0].blocks.map(\.lines) == [7...12, 14...15, 21...21])
    #expect(sections[1].blocks.map(\.lines) == [23...23, 25...25])
    #expect(sections[2].blocks.isEmpty)
  }

  @Test func `a section without a heading takes the prose behind the one before`() {
    let source = ChapterSource("s(1)\n{\n}\n//: A.\ns(2)\n{\n}\n//: B.")
    let sections = source.sections(at: [("1", 1), ("2", 5)]).sections
    #expect(sections.map { $0.blocks.map(\.text) } == [[], ["A.", "B."]])
  }

  @Test func `an empty file and a wrong line do no harm`() {
    let (introduction, sections) = ChapterSource("").sections(at: [("1", 40)])
    #expect(introduction.isEmpty && sections.count == 1 && sections[0].blocks.isEmpty)
    #expect(ChapterSource("/*: never closed").blocks.map(\.text) == ["never closed"])
    #expect(ChapterSource(path: "/nonexistent/main.swift") == nil)
  }

  @Test func `lines of code can be quoted`() {
    #expect(source.lines(13...14) == ["notebook.section(\"1.1\", \"First\") { page in", "  //: Within,"])
    #expect(ChapterSource("a").lines(1...9) == ["a"])
  }
}
