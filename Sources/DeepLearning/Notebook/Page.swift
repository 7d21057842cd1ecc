import Prose

/// What a section writes on: it shows values, makes claims, and draws figures.
///
/// Prose that stands in the source above an output is printed before it.
public final class Page {
  public let options: Notebook.Options
  let console: Console
  private(set) var record: Notebook.SectionRecord
  private(set) var failures: [Notebook.Failure] = []
  private(set) var claimCount = 0
  var figureCount = 0
  private var prose: ArraySlice<ChapterSource.Block>
  private let source: ChapterSource.Section?
  /// The first line of the section's source that has not been printed, as prose or as code.
  private var nextLine: Int
  /// Whether the last line was an output; prose and outputs are set apart by a blank line.
  private var isAmongOutputs = false

  init(
    _ record: Notebook.SectionRecord, _ source: ChapterSource.Section?, options: Notebook.Options,
    console: Console
  ) {
    self.record = record
    self.source = source
    self.options = options
    self.console = console
    prose = source?.blocks[...] ?? []
    nextLine = source.map { $0.blocks.first?.lines.lowerBound ?? $0.code.lowerBound } ?? 0
  }

  /// One of three values, by how long the run may take; `full` is `standard` where it is left out.
  public func scale<Value>(quick: Value, standard: Value, full: Value? = nil) -> Value {
    options.scale(quick: quick, standard: standard, full: full)
  }

  /// Shows a value: `label = value  (note)`.
  ///
  /// - Parameters:
  ///   - digits: how many decimals; without it six significant digits.
  ///   - note: the shape, the unit or what to see; a tensor's shape where it is left out.
  public func show(
    _ label: String, _ value: some Showable, digits: Int? = nil, note: String? = nil,
    file: String = #filePath, line: Int = #line
  ) {
    let text = value.shown(digits: digits)
    let note = note ?? value.shownNote
    if let table = value as? Table {
      put(.table(label: label, columns: table.columns, rows: table.cells(digits), note: note), file, line)
    } else {
      put(.value(label: label, text: text, note: note), file, line)
    }
    print(label: label, text, note, isBelow: value.standsBelowLabel)
  }

  /// Shows a time or a rate: a number that another run, with the same seed, will not repeat.
  ///
  /// It is printed as `[1.23 s]`, as all times are, so that two runs can be compared without them.
  public func show(
    _ label: String, measured value: Double, unit: String, note: String? = nil, file: String = #filePath,
    line: Int = #line
  ) {
    let text = "[\(value.formatted("%.3g")) \(unit)]"
    put(.value(label: label, text: text, note: note), file, line)
    print(label: label, text, note, isBelow: false)
  }

  /// Prints text as it is.
  public func print(_ text: String, file: String = #filePath, line: Int = #line) {
    put(.text(text), file, line)
    console.print(text.lines.map { Page.margin + $0 })
  }

  /// The seconds that `work` takes: the shortest of `runs` runs, the one least disturbed.
  public func seconds(runs: Int = 1, _ work: () throws -> Void) rethrows -> Double {
    var shortest = Double.infinity
    for _ in 0..<runs {
      let start = ContinuousClock.now
      try work()
      shortest = min(shortest, (.now - start).seconds)
    }
    return shortest
  }

  // MARK: Order on the page

  static let margin = "    "
  private static let labelWidth = 20

  /// Prints the prose that stands above `line` and has not been printed yet.
  ///
  /// Output from outside the section's own code (a helper function) has no place among its prose.
  func printProse(before line: Int, in file: String) {
    guard file == record.file, let source, source.code.contains(line) else { return }
    printProse { $0.lines.upperBound < line }
    printCode(through: line)
  }

  /// Prints the code up to `line` that has not been printed yet, where the reader asked for it.
  private func printCode(through line: Int) {
    guard options.printsCode, let source, nextLine <= line else { return }
    let last = min(source.lastLine(ofStatementAt: line), source.code.upperBound - 1)
    let lines = nextLine <= last ? source.text(nextLine...last) : []
    nextLine = last + 1
    guard !lines.isEmpty else { return }
    console.print([""] + lines.map { console.styled("  │ " + $0, .cyan) })
    isAmongOutputs = false
  }

  /// Prints what leads up to the section's code.
  func begin() { printProse(before: record.line, in: record.file) }

  /// Prints the prose that is left.
  func end(seconds: Double) {
    console.wipeBar()
    printProse { _ in true }
    if let source { printCode(through: source.code.upperBound - 1) }
    record.seconds = seconds
  }

  private func printProse(while isDue: (ChapterSource.Block) -> Bool) {
    while let block = prose.first, isDue(block) {
      prose.removeFirst()
      printCode(through: block.lines.lowerBound - 1)
      nextLine = max(nextLine, block.lines.upperBound + 1)
      let text = Excerpt.quoted(in: Notebook.withoutHeading(block.text, of: record.id), of: record.file)
      let lines = Markdown(width: console.width, usesColor: console.usesColor).render(text)
      if lines.isEmpty { continue }
      console.print([""] + lines)
      isAmongOutputs = false
    }
  }

  /// Prints the prose that is due, and records an output that the caller prints.
  func put(_ content: Notebook.Output.Content, _ file: String, _ line: Int) {
    printProse(before: line, in: file)
    beginOutputs()
    record.outputs.append(Notebook.Output(file: file, line: line, content: content))
  }

  func beginOutputs() {
    if !isAmongOutputs { console.print("") }
    isAmongOutputs = true
  }

  private func print(label: String, _ text: String, _ note: String?, isBelow: Bool) {
    let head = label.isEmpty ? "" : label.padded(to: isBelow ? 0 : Page.labelWidth) + " = "
    let lines = text.lines.map(String.init)
    let remark = note.map { "  " + console.styled($0.hasPrefix("(") ? $0 : "(\($0))", .dim) } ?? ""
    let width = Page.margin.count + head.count + (lines.map(\.count).max() ?? 0)
    if isBelow || width > console.width {
      let title = isBelow ? label : label + " ="
      if !label.isEmpty { console.print(Page.margin + console.styled(title, .bold) + remark) }
      console.print(lines.map { Page.margin + "  " + $0 })
    } else {
      let hanging = lines.dropFirst().map { Page.margin + .spaces(head.count) + $0 }
      let first = Page.margin + console.styled(head, .bold) + lines[0]
      console.print(
        hanging.isEmpty ? [first + remark] : [first] + hanging.dropLast() + [hanging.last! + remark])
    }
  }

  // MARK: Claims and failures

  func judge(_ what: String, _ verdict: Verdict, _ file: String, _ line: Int) {
    claimCount += 1
    put(.claim(what, holds: verdict.holds, detail: verdict.detail), file, line)
    let mark = verdict.holds ? console.styled("✓", .green) : console.styled("✗", .red)
    let detail = verdict.detail.isEmpty ? "" : "  (\(verdict.detail))"
    if verdict.holds {
      console.print("\(Page.margin)\(mark) \(what)\(console.styled(detail, .dim))")
    } else {
      let place = "\(file.lastPathComponent):\(line)"
      console.print("\(Page.margin)\(mark) \(what): \(verdict.detail)  (\(place))")
      failures.append(Notebook.Failure("\(place): claim failed: \(what): \(verdict.detail)", isClaim: true))
    }
  }

  /// Notes that something went wrong, here and at the end on standard error.
  func fail(_ message: String, _ file: String, _ line: Int) {
    let message = message.onOneLine
    put(.failure(message), file, line)
    console.print("\(Page.margin)\(console.styled("✗", .red)) \(message)")
    failures.append(Notebook.Failure(message, isClaim: false))
  }
}

extension Notebook.Options {
  /// One of three values, by how long the run may take; `full` is `standard` where it is left out.
  public func scale<Value>(quick: Value, standard: Value, full: Value? = nil) -> Value {
    switch length {
    case .quick: quick
    case .standard: standard
    case .full: full ?? standard
    }
  }
}

extension String {
  var lastPathComponent: Substring { split(separator: "/").last ?? self[...] }
}
