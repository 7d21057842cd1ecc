import Foundation
import Testing

@testable import DeepLearning
@testable import Tensors
@testable import Prose

/// What a notebook prints and how it ends, with the sections given.
private func output(
  _ options: Notebook.Options = .init(plotsDirectory: "plots"), file: String = "/nonexistent.swift",
  isTerminal: Bool = false, printsCode: Bool = false, _ fill: (Notebook) -> Void
) -> (out: String, error: String, status: Int32, record: Notebook.Record) {
  var options = options
  options.printsCode = printsCode
  var out = ""
  var error = ""
  let console = Console(isTerminal: isTerminal, write: { out += $0 }, complain: { error += $0 })
  let notebook = Notebook("fixture", title: "Fixture", options: options, console: console, file: file)
  fill(notebook)
  let status = notebook.perform()
  return (out, error, status, notebook.record)
}

/// What one section prints between its heading and its time.
private func page(
  _ options: Notebook.Options = .init(plotsDirectory: "plots"), isTerminal: Bool = false,
  _ body: @escaping (Page) throws -> Void
) -> (lines: [String], error: String, status: Int32) {
  let result = output(options, isTerminal: isTerminal) { $0.section("1", "S", body) }
  let lines = result.out.lines.map(String.init)
  let start = lines.firstIndex(of: "────")! + 2
  let end = lines.lastIndex { $0.hasPrefix("1  [") }! - 1
  return (Array(lines[min(start, end)..<end]), result.error, result.status)
}

private func withoutTimes(_ text: String) -> String {
  text.replacing(/\[[0-9.e+-]+ [^\]]+\]/, with: "[time]")
}

@Suite struct NotebookOptionsTests {
  private func parse(_ arguments: String...) throws -> Notebook.Options {
    try Notebook.Options(parsing: arguments, chapter: "chapter3-backprop", title: "Backpropagation")
  }

  @Test func `nothing asks for the standard run`() throws {
    let options = try parse()
    #expect(options.length == .standard && options.seed == 0 && options.dataDirectory == nil)
    #expect(options.plotsDirectory == "plots/chapter3-backprop" && options.sections.isEmpty)
    #expect(options.printsProse && !options.drawsInTerminal && !options.onlyLists)
    #expect(options.scale(quick: 1, standard: 2, full: 3) == 2)
  }

  @Test func `every option arrives`() throws {
    let options = try parse(
      "--section", "3.1", "--section=3.3", "--quick", "--seed", "7", "--data", "/tmp", "--plots", "p",
      "--ascii",
      "--no-prose", "--list")
    #expect(options.isQuick && options.seed == 7 && options.dataDirectory == "/tmp")
    #expect(options.plotsDirectory == "p" && options.sections == ["3.1", "3.3"])
    #expect(!options.printsProse && options.drawsInTerminal && options.onlyLists)
    #expect(options.scale(quick: 1, standard: 2, full: 3) == 1)
    #expect(try parse("--full").scale(quick: 1, standard: 2, full: 3) == 3)
    #expect(try parse("--full").scale(quick: 1, standard: 2) == 2)
  }

  @Test(arguments: [
    (["--bogus"], "--bogus"), (["x"], "x"), (["--seed", "-1"], "--seed"), (["--seed"], "--seed"),
    (["--section"], "--section"), (["--quick", "--full"], "--quick and --full"),
    (["--data", "/nonexistent"], "/nonexistent"), (["--data", "/etc/passwd"], "Not a directory"),
  ])
  func `wrong use is one line and status 2`(_ arguments: [String], _ mention: String) throws {
    let end = try #require(throws: Notebook.CommandLineExit.self) {
      _ = try Notebook.Options(parsing: arguments, chapter: "c", title: "t")
    }
    #expect(end.status == 2 && end.message.contains(mention) && !end.message.contains("\n"))
  }

  @Test func `help names the chapter and every option`() throws {
    let end = try #require(throws: Notebook.CommandLineExit.self) { _ = try parse("--help") }
    #expect(end.status == 0)
    for word in [
      "chapter3-backprop", "Backpropagation", "--list", "--section", "--quick", "--full", "--seed", "--data",
      "--plots", "--ascii", "--no-prose",
    ] {
      #expect(end.message.contains(word), "\(word)")
    }
  }
}

@Suite(.serialized) struct NotebookTests {
  @Test func `a page in a pipe`() {
    let result = output {
      $0.section("1.1", "First") { page in page.show("answer", 42) }
      $0.section("1.2", "Second") { page in page.claim("sum", 1 + 1, equals: 2) }
    }
    #expect(result.status == 0 && result.error.isEmpty)
    #expect(
      withoutTimes(result.out) == """
        Fixture
        ═══════
        2 sections, standard run (--quick takes seconds, --full longer), seed 0
        The chapter's source is not beside this program: results only.


        1.1  First
        ──────────

            answer               = 42

        1.1  [time]


        1.2  Second
        ───────────

            ✓ sum  (2)

        1.2  [time]


        2 sections · 1 claim holds
        total  [time]

        """)
  }

  @Test func `list and selection`() {
    func fill(_ notebook: Notebook) {
      for id in ["1.1", "1.2", "1.10"] { notebook.section(id, "Section \(id)") { $0.print("ran \(id)") } }
    }
    var options = Notebook.Options(plotsDirectory: "plots")
    options.onlyLists = true
    #expect(output(options, fill).out == "1.1   Section 1.1\n1.2   Section 1.2\n1.10  Section 1.10\n")
    options.onlyLists = false
    options.sections = ["1.10", "1.1"]
    let some = output(options, fill)
    #expect(some.record.sections.map(\.id) == ["1.1", "1.10"] && some.status == 0)
    options.sections = ["9.9"]
    let none = output(options, fill)
    #expect(none.status == 2 && none.out.isEmpty)
    #expect(none.error == "fixture: there is no section 9.9; this chapter has 1.1, 1.2, 1.10\n")
  }

  @Test func `a failed claim says everything and the rest still runs`() {
    let result = output { notebook in
      notebook.section("1", "A") {
        $0.claim("cost", 0.6, equals: 0.5, within: 1e-6, file: "/x/main.swift", line: 7)
      }
      notebook.section("2", "B") { _ in throw CancellationError() }
      notebook.section("3", "C") { $0.print("still here") }
    }
    #expect(result.status == 1)
    let detail = "cost: expected 0.5, got 0.6, difference 0.1, tolerance 1e-06"
    #expect(result.out.contains("✗ \(detail)  (main.swift:7)"))
    #expect(
      result.error
        == "fixture: main.swift:7: claim failed: \(detail)\nfixture: section 2 stopped: CancellationError()\n"
    )
    #expect(result.out.contains("still here") && result.out.contains("3 sections · 1 of 1 claim failed"))
  }

  @Test func `every section starts from the seed`() {
    func draw(_ sections: [String], seed: UInt64 = 0) -> [String] {
      var options = Notebook.Options(plotsDirectory: "plots")
      options.sections = sections
      options.seed = seed
      let result = output(options) { notebook in
        let shared = notebook.once { (0..<9).map { _ in Generator.default.nextUniform() } }
        notebook.section("1", "A") { page in
          _ = try shared()
          page.show("draw", Generator.default.nextUniform())
        }
        notebook.section("2", "B") { page in
          page.show("shared", try shared())
          page.show("draw", Generator.default.nextUniform())
        }
      }
      return result.record.sections.last!.outputs.map { "\($0.content)" }
    }
    #expect(draw(["2"]) == draw([]))
    #expect(draw(["2"], seed: 1) != draw([]))
  }

  @Test func `prose stands where the source has it`() throws {
    let path = "/tmp/notebook-prose-\(getpid()).swift"
    let source = """
      /*:
       # Fixture
       Introduction.
       */
      /*:
       ## 1 One
       Before $\\delta$.
       */
      notebook.section("1", "One") { page in
        //: Above the loop.
        for i in 0..<2 {
          page.show("a", i)
          //: In the loop.
          page.show("b", i)
        }
        //: At the end.
      }
      """
    let file = try #require(fopen(path, "w"))
    fputs(source, file)
    fclose(file)
    defer { unlink(path) }
    func fill(_ notebook: Notebook) {
      notebook.section("1", "One", file: path, line: 9) { page in
        for i in 0..<2 {
          page.show("a", i, file: path, line: 12)
          page.show("b", i, file: path, line: 14)
          page.show("helper", i, file: "elsewhere.swift", line: 99)
        }
      }
    }
    let result = output(file: path, fill)
    let body = result.out.lines.filter { !$0.isEmpty }.map { $0.trimmed }
    #expect(
      body.dropLast(3) == [
        "Fixture", "═══════", "1 section, standard run (--quick takes seconds, --full longer), seed 0",
        "Introduction.", "1  One", "──────", "Before δ.", "Above the loop.", "a                    = 0",
        "In the loop.", "b                    = 0", "helper               = 0", "a                    = 1",
        "b                    = 1", "helper               = 1", "At the end.",
      ])
    let withCode = output(file: path, printsCode: true, fill).out.lines.filter { !$0.isEmpty }
      .map { $0.trimmed }
    #expect(
      withCode.dropFirst(6).prefix(8) == [
        "Before δ.", "Above the loop.", "│ for i in 0..<2 {", "│   page.show(\"a\", i)",
        "a                    = 0", "In the loop.", "│   page.show(\"b\", i)", "b                    = 0",
      ])
    #expect(withCode.contains("│ }"))
    #expect(result.record.sections[0].outputs.map(\.line) == [12, 14, 99, 12, 14, 99])
    #expect(result.record.sections[0].line == 9 && result.record.sections[0].file == path)

    var options = Notebook.Options(plotsDirectory: "plots")
    options.printsProse = false
    let bare = output(options, file: path, fill)
    #expect(!bare.out.contains("loop") && !bare.out.contains("Introduction") && bare.out.contains("b  "))
    options.printsProse = true
    options.sections = ["1"]
    #expect(!output(options, file: path, fill).out.contains("Introduction"))
  }

  @Test func `the prose quotes the library`() throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("notebook-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    func write(_ path: String, _ text: String) throws -> String {
      let url = root.appendingPathComponent(path)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: url, atomically: true, encoding: .utf8)
      return url.path
    }
    _ = try write(
      "Sources/SGD.swift",
      "func step() {\n  // excerpt: step\n  if a {\n    b()\n  }\n  // end of excerpt\n}\n")
    let chapter = try write(
      "Chapters/chapter1/main.swift",
      """
      /*:
       ## 1 One

       It reads:

       [Sources/SGD.swift](#excerpt-step)

       [Sources/SGD.swift](#excerpt-other)
       */
      notebook.section("1", "One") { page in
      }
      """)
    let body = output(file: chapter) { $0.section("1", "One", file: chapter, line: 10) { _ in } }.out.lines
      .filter { !$0.isEmpty }
    #expect(
      body.dropFirst(5).prefix(6) == [
        "It reads:", "Sources/SGD.swift", "    if a {", "      b()", "    }", "Sources/SGD.swift",
      ])
  }

  @Test func `excerpts that are not whole`() {
    func complaints(_ source: String) -> [String] {
      var lines: [String] = []
      _ = Excerpt.all(in: source) { lines.append("\($0): \($1)") }
      return lines
    }
    #expect(complaints("// excerpt: a\nx\n// end of excerpt") == [])
    #expect(complaints("// excerpt: a\nx") == ["1: excerpt a does not end"])
    #expect(complaints("// excerpt: a\n// end of excerpt") == ["2: excerpt a is empty"])
    #expect(complaints("x\n// end of excerpt") == ["2: no excerpt ends here"])
    #expect(
      complaints("// excerpt: a\nx\n// excerpt: b\ny\n// end of excerpt") == [
        "1: excerpt a does not end before the next begins"
      ])
    #expect(Excerpt.all(in: "// excerpt: a\n    x\n\n      y\n// end of excerpt")[0].code == "x\n\n  y")
  }

  // MARK: Shown values

  @Test func `numbers, text and arrays`() {
    let lines = page {
      $0.show("a", 1.0 / 3)
      $0.show("b", 6.698978, digits: 2, note: "nats")
      $0.show("n", -7_960_000)
      $0.show("small", 1234)
      $0.show("s", "text")
      $0.show("v", [1.5, 2], digits: 1)
      $0.show("shape", [64, 1, 28, 28, 60000])
      $0.show("m", [[1, -0.5], [10, 2]])
      $0.show("long", Array(0..<500))
      $0.show("", "no label")
      $0.show("speed", measured: 155.4321, unit: "GFLOP/s")
    }.lines
    #expect(
      lines == [
        "    a                    = 0.333333", "    b                    = 6.70  (nats)",
        "    n                    = -7,960,000", "    small                = 1234",
        "    s                    = text", "    v                    = [1.5, 2.0]",
        "    shape                = [64, 1, 28, 28, 60000]", "    m                    = [[   1, -0.5],",
        "                            [  10,    2]]",
        "    long                 = [0, 1, 2, 3, 4, 5, …, 497, 498, 499]  (500 values)", "    no label",
        "    speed                = [155 GFLOP/s]",
      ])
  }

  @Test func `tables stand below their label`() {
    let lines = page {
      $0.show(
        "after 100 steps", Table(["optimizer", "loss"], [["SGD", 0.31], ["Adam", 0.1254]]), digits: 3)
    }.lines
    #expect(
      lines == [
        "    after 100 steps", "      optimizer   loss", "      ────────────────", "      SGD        0.310",
        "      Adam       0.125",
      ])
  }

  @Test func `tensors show their shape`() {
    let lines = page {
      $0.show("t", Tensor([[1.0, 2], [3, 4.5]]))
      $0.show("d", Tensor([1.0, 2]), digits: 1)
      $0.show("scalar", Tensor(0.25))
      $0.show("labels", Tensor([9, 0]))
    }.lines
    #expect(
      lines == [
        "    t                    = tensor([[1.0000, 2.0000],",
        "                                   [3.0000, 4.5000]])  (2, 2)",
        "    d                    = [1.0, 2.0]  (2,)", "    scalar               = 0.25",
        "    labels               = tensor([9, 0])  (2,) int64",
      ])
  }

  @Test func `a value too wide for its place goes below the label`() {
    let wide = String(repeating: "x", count: 70)
    #expect(page { $0.show("w", wide) }.lines == ["    w =", "      \(wide)"])
  }

  // MARK: Claims

  @Test func `claims that hold`() {
    let result = page {
      $0.claim("true", true)
      $0.claim("text", "Sneaker", equals: "Sneaker")
      $0.claim("close", 1.0000001, equals: 1, within: 1e-6)
      $0.claim("arrays", [1.0, 2], equals: [1, 2])
      $0.claim("mixed", Tensor([[1.0, 2]]), equals: [[1, 2]], within: 1e-6)
      $0.claim("scalar", Tensor([0.5]), equals: 0.5)
      $0.claim("infinity", Double.infinity, equals: Double.infinity, within: 1)
      $0.claim("more", 0.45, isAtLeast: 0.45)
      $0.claim("less", [1, 2], isAtMost: 2)
      $0.claim("between", 3, isBetween: 1...4)
      $0.claim("empty", [Double](), equals: [Double]())
    }
    #expect(result.status == 0 && result.error.isEmpty)
    #expect(
      result.lines == [
        "    ✓ true", "    ✓ text  (Sneaker)", "    ✓ close  (1, off by 1e-07, allowed 1e-06)",
        "    ✓ arrays  (exactly)",
        "    ✓ mixed  (off by 0, allowed 1e-06)", "    ✓ scalar  (0.5)",
        "    ✓ infinity  (inf, off by 0, allowed 1)",
        "    ✓ more  (0.45 ≥ 0.45)", "    ✓ less  (all 2 ≤ 2)", "    ✓ between  (3 in 1…4)",
        "    ✓ empty  (both are empty)",
      ])
  }

  @Test func `claims that fail`() {
    func detail(_ make: @escaping (Page) -> Void) -> String {
      let result = page { make($0) }
      #expect(result.status == 1)
      return String(result.error.divided(at: "claim failed: c: ").1.trimmed)
    }
    #expect(detail { $0.claim("c", false) } == "expected true, got false")
    #expect(detail { $0.claim("c", "a", equals: "b") } == "expected b, got a")
    #expect(detail { $0.claim("c", 3, equals: 2) } == "expected 2, got 3, difference 1, tolerance 0")
    #expect(
      detail { $0.claim("c", [[1.0, 2], [3, 5]], equals: [[1, 2], [3, 4]], within: 0.5) }
        == "expected 4, got 5 at [1, 1], difference 1, tolerance 0.5")
    #expect(
      detail { $0.claim("c", [1.0, .nan], equals: [1, 2], within: 1) }
        == "expected 2, got nan at [1], difference nan, tolerance 1")
    #expect(detail { $0.claim("c", Double.nan, equals: Double.nan, within: 1) }.contains("got nan"))
    #expect(detail { $0.claim("c", [1, 2], equals: [1, 2, 3]) } == "expected shape (3,), got shape (2,)")
    #expect(
      detail { $0.claim("c", Tensor.zeros(2, 3), equals: Tensor.zeros(3, 2)) }
        == "expected shape (3, 2), got shape (2, 3)")
    #expect(detail { $0.claim("c", 0.3, isAtLeast: 0.4) } == "expected ≥ 0.4, got 0.3, difference 0.1")
    #expect(detail { $0.claim("c", [1, 9], isAtMost: 2) } == "expected ≤ 2, got 9 at [1], difference 7")
    #expect(detail { $0.claim("c", Double.nan, isBetween: 0...1) }.hasPrefix("expected in 0…1, got nan"))
    // Two numbers that six digits cannot tell apart are written out.
    #expect(
      detail { $0.claim("c", 1.0000000001, equals: 1, within: 1e-12) }
        == "expected 1, got 1.0000000001, difference 1e-10, tolerance 1e-12")
  }

  // MARK: Progress

  @Test func `progress in a pipe depends on the count alone`() {
    let lines = page { page in
      var sum = 0
      for i in page.progress(500, "training") { sum += i }
      for i in page.progress(99, "short") { sum += i }
      for i in page.progress(200, "speaks for itself") where i % 20 == 0 { page.print("step \(i)") }
      for x in page.progress([1, 2], "items") { sum += x }
      page.show("sum", sum)
    }.lines
    #expect(
      lines == [
        "    training: 125 of 500", "    training: 250 of 500", "    training: 375 of 500",
        "    step 0", "    step 20", "    step 40", "    step 60", "    step 80", "    step 100",
        "    step 120",
        "    step 140", "    step 160", "    step 180",
        "    sum                  = 129,604",
      ])
  }

  @Test func `a progress bar leaves nothing behind`() {
    let out = output(isTerminal: true) {
      $0.section("1", "A") { page in
        for i in page.progress(4, "slow") {
          if i == 2 { page.print("line") }
          usleep(160_000)
        }
      }
    }.out
    #expect(out.contains("\r    slow  ━━━━━━"))
    #expect(out.contains(#/2\/4  \[[^\]]+ left\]\u{1B}\[K\r\u{1B}\[K\n    line\n/#))
    #expect(out.contains(#/3\/4  \[[^\]]+ left\]\u{1B}\[K\r\u{1B}\[K\n1  \[/#))
  }

  @Test func `two runs print the same apart from times`() {
    func run() -> String {
      withoutTimes(
        output {
          $0.section("1", "A") { page in
            page.show("r", Generator.default.nextNormal())
            page.show("t", measured: Double.random(in: 0...9), unit: "ms")
          }
        }.out)
    }
    #expect(run() == run())
  }

  // MARK: The record

  @Test func `the record of a run is left where it is asked for`() throws {
    let file = "/tmp/notebook-record-\(getpid()).json"
    defer { remove(file) }
    var options = Notebook.Options(plotsDirectory: "plots")
    options.recordFile = file
    let result = output(options) {
      $0.section("1.1", "A", file: "a.swift", line: 3) { page in
        page.show("x", 0.5, note: "half", file: "a.swift", line: 4)
        page.claim("small", 0.5, isAtMost: 1, file: "a.swift", line: 5)
        page.print("π", file: "a.swift", line: 6)
        page.show("t", Table(["n", "E"], [[1, 0.25]]), digits: 1, file: "a.swift", line: 7)
      }
    }
    #expect(result.status == 0)
    let record = try Notebook.Record(contentsOf: URL(fileURLWithPath: file))
    #expect(record.chapter == "fixture" && record.length == .standard)
    #expect(record.sections.map(\.id) == ["1.1"] && record.sections[0].seconds > 0)
    #expect(record.sections[0].outputs == result.record.sections[0].outputs)
    #expect(record.sections[0].outputs.map(\.line) == [4, 5, 6, 7])
    #expect(
      record.sections[0].outputs.last?.content
        == .table(label: "t", columns: ["n", "E"], rows: [["1", "0.2"]], note: nil))
  }

  @Test func `a record that cannot be written fails the run`() {
    var options = Notebook.Options(plotsDirectory: "plots")
    options.recordFile = "/nonexistent/record.json"
    let result = output(options) { $0.section("1", "A") { _ in } }
    #expect(result.status == 1 && result.error.contains("/nonexistent/record.json"))
  }

  // MARK: Figures

  private static let figure = Figure(title: "T", caption: "It falls.").line([3, 2, 1], label: "loss")

  @Test func `a figure leaves its files and says where`() throws {
    let folder = "/tmp/notebook-plots-\(getpid())"
    defer { for name in ["/loss.gp", "/loss.svg", ""] { remove(folder + name) } }
    var options = Notebook.Options(plotsDirectory: folder)
    let result = output(options) { $0.section("1", "A") { $0.figure("loss", NotebookTests.figure, line: 5) } }
    #expect(result.status == 0 && result.out.contains("    → \(folder)/loss.svg  It falls.\n"))
    #expect(result.out.contains("1 section · 1 figure in \(folder)\n"))
    let files = ["\(folder)/loss.gp", "\(folder)/loss.svg"]
    #expect(files.allSatisfy { access($0, R_OK) == 0 })
    #expect(
      result.record.sections[0].outputs.map(\.content)
        == [.figure(name: "loss", caption: "It falls.", alternative: "T. Line \"loss\".", files: files)])
    options.drawsInTerminal = true
    #expect(page(options) { $0.figure("loss", NotebookTests.figure) }.lines.count > 10)
  }

  @Test func `a figure that cannot be written fails the run`() {
    // A folder below a file cannot be made, not even by root.
    let result = page(.init(plotsDirectory: "/dev/null/plots")) {
      $0.figure("loss", NotebookTests.figure)
      $0.print("goes on")
    }
    #expect(result.lines[0].hasPrefix("    ✗ figure loss: cannot write /dev/null/plots"))
    #expect(result.lines[1] == "    goes on" && result.status == 1)
    #expect(result.error.hasPrefix("fixture: figure loss: cannot write ") && result.error.lines.count == 2)
  }
}

/// How the process ends, and what it leaves on standard error.
@Suite struct NotebookExitTests {
  private static func error(_ result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  }

  private static func notebook(_ fill: (Notebook) -> Void) -> Never {
    let notebook = Notebook(
      "fixture", title: "Fixture", options: .init(plotsDirectory: "plots"),
      console: .standard(name: "fixture"),
      file: "/nonexistent.swift")
    fill(notebook)
    notebook.run()
  }

  @Test func `claims that hold end with 0`() async {
    await #expect(processExitsWith: .exitCode(0)) {
      NotebookExitTests.notebook { $0.section("1", "A") { $0.claim("true", true) } }
    }
  }

  @Test func `a failed claim ends with 1`() async {
    let result = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      NotebookExitTests.notebook {
        $0.section("1", "A") { $0.claim("c", 2, equals: 1, file: "m.swift", line: 3) }
      }
    }
    #expect(
      Self.error(result).contains(
        "fixture: m.swift:3: claim failed: c: expected 1, got 2, difference 1, tolerance 0\n"))
  }

  @Test func `a wrong command line ends with 2`() async {
    // The child's own arguments are the test runner's, which no chapter knows.
    let result = await #expect(processExitsWith: .exitCode(2), observing: [\.standardErrorContent]) {
      _ = Notebook("fixture", title: "Fixture")
    }
    #expect(Self.error(result).contains("fixture: "))
  }

  @Test func `a reader that leaves early is no failure`() async {
    await #expect(processExitsWith: .exitCode(0)) {
      var ends: [Int32] = [0, 0]
      pipe(&ends)
      close(ends[0])
      dup2(ends[1], STDOUT_FILENO)
      NotebookExitTests.notebook { $0.section("1", "A") { $0.claim("never reached", false) } }
    }
  }

  @Test func `a full disk is one line and status 1`() async {
    let result = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      dup2(open("/dev/full", O_WRONLY), STDOUT_FILENO)
      NotebookExitTests.notebook { $0.section("1", "A") { $0.print("text") } }
    }
    #expect(
      Self.error(result).contains("fixture: cannot write to standard output: No space left on device\n"))
  }
}
