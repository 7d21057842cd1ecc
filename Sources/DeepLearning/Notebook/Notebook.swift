import Prose
#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A chapter that runs as a page: sections of prose and code, with what the code shows between them.
///
///     let notebook = Notebook("chapter3-backprop", title: "Backpropagation")
///
///     /*: ## 3.3 The error terms  ... */
///     notebook.section("3.3", "The error terms") { page in
///       page.show("cost", cost.item(), digits: 6)
///       page.claim("outer product", w.grad!, equals: delta.T.matmul(a), within: 1e-6)
///     }
///
///     notebook.run()
///
/// The notebook reads the chapter's own source and prints its prose where it stands. Every section starts from
/// the same seed, so that one alone (`--section 3.3`) prints what it prints among the others.
public final class Notebook {
  public let name: String
  public let title: String
  public let options: Options
  /// What the sections that have run so far put on their pages.
  public private(set) var record: Record

  private let console: Console
  private let file: String
  private var sections: [(record: SectionRecord, body: (Page) throws -> Void)] = []

  /// A chapter's notebook, which reads the command line; a wrong one ends the program with status 2.
  ///
  /// - Parameters:
  ///   - name: the target's name, also the folder's for its plots.
  ///   - title: what stands above the page.
  public convenience init(_ name: String, title: String, file: String = #filePath) {
    let console = Console.standard(name: name)
    do {
      let options = try Options(
        parsing: Array(CommandLine.arguments.dropFirst()), chapter: name, title: title)
      self.init(name, title: title, options: options, console: console, file: file)
    } catch let end as CommandLineExit {
      if end.status == 0 { console.print(end.message) } else { console.error("\(name): \(end.message)") }
      exit(end.status)
    } catch {
      fatalError("options throw nothing else: \(error)")
    }
  }

  init(_ name: String, title: String, options: Options, console: Console, file: String) {
    self.name = name
    self.title = title
    self.options = options
    self.console = console
    self.file = file
    record = Record(chapter: name, title: title, length: options.length, seed: options.seed)
  }

  /// Adds a section, which `run()` will run.
  ///
  /// - Parameters:
  ///   - id: what `--section` calls it, such as `3.3`, unique within the chapter.
  ///   - body: the section's code. What it throws fails the section; the others still run.
  public func section(
    _ id: String, _ title: String, file: String = #filePath, line: Int = #line,
    _ body: @escaping (Page) throws -> Void
  ) {
    check(!sections.contains { $0.record.id == id }, "section", "\(name) has two sections \(id)")
    sections.append((SectionRecord(id: id, title: title, file: file, line: line), body))
  }

  /// Runs the sections that the command line asks for, and ends the program: with status 1 if a claim failed,
  /// a section threw or a figure could not be written, with 2 for a section that does not exist, else with 0.
  public func run() -> Never { exit(perform()) }

  /// `run()` without leaving: returns the exit status.
  func perform() -> Int32 {
    if options.onlyLists {
      let width = sections.map(\.record.id.count).max() ?? 0
      console.print(sections.map { "\($0.record.id.padded(to: width))  \($0.record.title)" })
      return 0
    }
    let ids = sections.map(\.record.id)
    if let unknown = options.sections.first(where: { !ids.contains($0) }) {
      console.error(
        "\(name): there is no section \(unknown); this chapter has \(ids.joined(separator: ", "))")
      return 2
    }
    let chosen = sections.filter { options.sections.isEmpty || options.sections.contains($0.record.id) }
    let prose = options.printsProse ? Prose(of: sections.map(\.record), main: file) : Prose()
    printHeader(chosen.count, prose)

    let start = ContinuousClock.now
    let pages = chosen.map { run($0.record, prose, $0.body) }
    printSummary(pages, seconds: (.now - start).seconds)
    let failures = pages.flatMap(\.failures)
    for failure in failures { console.error("\(name): \(failure.message)") }
    let isRecorded = writeRecord()
    return failures.isEmpty && isRecorded ? 0 : 1
  }

  private func run(_ section: SectionRecord, _ prose: Prose, _ body: (Page) throws -> Void) -> Page {
    let page = Page(section, prose.sections[section.id], options: options, console: console)
    let heading = "\(section.id)  \(section.title)"
    console.print("", "", console.styled(heading, .bold), String(repeating: "─", count: heading.count))
    let start = ContinuousClock.now
    manualSeed(options.seed)
    page.begin()
    do {
      try body(page)
    } catch {
      page.fail("section \(section.id) stopped: \(error)", section.file, section.line)
    }
    let seconds = (.now - start).seconds
    page.end(seconds: seconds)
    console.print("", console.styled("\(section.id)  [\(seconds.formatted("%.2f")) s]", .dim))
    record.sections.append(page.record)
    return page
  }

  /// Leaves the record where the command line asks for it; returns whether that went well.
  private func writeRecord() -> Bool {
    guard let file = options.recordFile else { return true }
    do {
      try record.write(to: file)
      return true
    } catch {
      console.error("\(name): --record: cannot write \(file): \(error.localizedDescription)")
      return false
    }
  }

  // MARK: Above and below the sections

  private func printHeader(_ count: Int, _ prose: Prose) {
    let length =
      switch options.length {
      case .quick: "quick run"
      case .standard: "standard run (--quick takes seconds, --full longer)"
      case .full: "full run"
      }
    console.print(
      console.styled(title, .bold), String(repeating: "═", count: title.count),
      console.styled("\(counted(count, "section")), \(length), seed \(options.seed)", .dim))
    if options.printsProse, !prose.isComplete {
      console.print(console.styled("The chapter's source is not beside this program: results only.", .dim))
    }
    guard options.sections.isEmpty else { return }
    for block in prose.introduction {
      let lines = Markdown(width: console.width, usesColor: console.usesColor)
        .render(Notebook.withoutTitle(block.text))
      if !lines.isEmpty { console.print([""] + lines) }
    }
  }

  private func printSummary(_ pages: [Page], seconds: Double) {
    let claims = pages.map(\.claimCount).reduce(0, +)
    let failed = pages.flatMap(\.failures).count(where: \.isClaim)
    let figures = pages.map(\.figureCount).reduce(0, +)
    var parts = [counted(pages.count, "section")]
    if failed > 0 {
      parts.append(console.styled("\(failed) of \(counted(claims, "claim")) failed", .red))
    } else if claims > 0 {
      parts.append(claims == 1 ? "1 claim holds" : "all \(claims) claims hold")
    }
    if figures > 0 { parts.append("\(counted(figures, "figure")) in \(options.plotsDirectory)") }
    console.print(
      "", "", parts.joined(separator: " · "), console.styled("total  [\(seconds.formatted("%.2f")) s]", .dim))
  }

  private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}

extension Notebook {
  /// Something that makes the run fail.
  struct Failure {
    let message: String
    let isClaim: Bool

    init(_ message: String, isClaim: Bool) {
      self.message = message
      self.isClaim = isClaim
    }
  }

  /// The prose of a chapter, from the files that its sections stand in.
  private struct Prose {
    var introduction: [ChapterSource.Block] = []
    var sections: [String: ChapterSource.Section] = [:]
    /// False where a source could not be read.
    var isComplete = true

    init() {}

    init(of records: [SectionRecord], main: String) {
      for file in Set(records.map(\.file)).union([main]) {
        guard let source = ChapterSource(path: file) else {
          isComplete = false
          continue
        }
        let (first, divided) = source.sections(
          at: records.filter { $0.file == file }.map { ($0.id, $0.line) })
        if file == main { introduction = first }
        for section in divided { sections[section.id] = section }
      }
    }
  }

  /// The prose without the heading that the notebook prints itself.
  static func withoutHeading(_ text: String, of id: String) -> String {
    dropping(text) { $0.title == id || $0.title.hasPrefix(id + " ") }
  }

  /// The introduction without the chapter's title, likewise.
  static func withoutTitle(_ text: String) -> String { dropping(text) { $0.level == 1 } }

  private static func dropping(
    _ text: String, where isPrinted: ((level: Int, title: String)) -> Bool
  ) -> String {
    var lines = text.lines
    if let index = lines.firstIndex(where: { Markdown.heading($0).map(isPrinted) ?? false }) {
      lines.remove(at: index)
    }
    return lines.joined(separator: "\n")
  }
}

extension Duration {
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
