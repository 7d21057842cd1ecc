import DeepLearning

/// The code of a part, without prose, divided into statements.
///
/// Where a statement begins, its indentation says: the code is formatted. A `for` with all that is in its braces is
/// one statement, and so is a function.
struct Statements {
  struct Statement {
    /// From its first line, comments above it included, to its last.
    var lines: ClosedRange<Int>
    /// The function's name where the statement declares one.
    var function: String?
    /// Whether nothing runs where it stands: it declares a function or a type.
    var isDeclaration = false
  }

  private(set) var statements: [Statement] = []
  /// The lines that are code and worth showing, with their numbers and without the section's indentation.
  private(set) var code: [(number: Int, text: String)] = []
  /// The lines of prose.
  private let prose: [ClosedRange<Int>]

  init(_ part: ChapterText.Part, of source: ChapterSource) {
    prose = part.blocks.map(\.lines)
    let texts = source.lines(part.lines)
    var isWithinString = false
    var isInHead = false
    var onlyComments = true
    for (number, text) in zip(part.lines, texts) where !prose.contains(where: { $0.contains(number) }) {
      // The call that opens the section, its closing brace, and what every chapter has.
      if number == part.call?.lowerBound || !isWithinString && Self.isFrame(text) { isInHead = true }
      if isInHead {
        isInHead = !(text.hasSuffix(" in") || text.hasSuffix(")") || text.hasPrefix("import "))
        continue
      }
      if number == part.call?.upperBound { continue }
      let isWithin = part.call.map { $0.contains(number) } ?? false
      let indent = text.prefix { $0 == " " }.count
      let base = isWithin ? 2 : 0
      let isStart =
        !isWithinString && !text.isEmpty && indent <= base
        && !"})].:?".contains(text.dropFirst(indent).first ?? "}")
      let isComment = text.dropFirst(indent).hasPrefix("//")
      if isStart && !(onlyComments && !statements.isEmpty) || statements.isEmpty {
        statements.append(Statement(lines: number...number))
        onlyComments = isComment
      } else if !text.isEmpty {
        let first = statements[statements.count - 1].lines.lowerBound
        statements[statements.count - 1].lines = first...number
        if isStart { onlyComments = isComment }
      }
      if isStart,
        let match = text.firstMatch(of: /\b(func|struct|class|enum|extension|protocol) ([\p{L}\p{N}_]+)/),
        !isComment
      {
        statements[statements.count - 1].isDeclaration = true
        if match.1 == "func" { statements[statements.count - 1].function = String(match.2) }
      }
      if text.split(separator: "\"\"\"", omittingEmptySubsequences: false).count % 2 == 0 {
        isWithinString.toggle()
      }
      code.append((number, String(text.dropFirst(min(indent, base)))))
    }
  }

  /// Lines that belong to the machinery of a chapter: imports, the notebook and its run.
  private static func isFrame(_ text: String) -> Bool {
    text.hasPrefix("import ") || text.hasPrefix("let notebook = Notebook(") || text == "notebook.run()"
  }

  /// The line under which each output stands, given the lines that made them, in the order in which they came; nil for
  /// one that was made elsewhere, in another file.
  ///
  /// That is the end of the output's statement or, where prose stands in the middle of the statement, the line above the
  /// prose. What a function puts out stands where the function is called: between the outputs before and after it.
  func places(ofOutputsAt lines: [Int?]) -> [Int] {
    let fixed = lines.map { $0.flatMap(place) }
    var places: [Int] = []
    var start = 0
    while start < lines.count {
      let previous = places.last ?? 0
      if let place = fixed[start] {
        places.append(max(place, previous))
        start += 1
        continue
      }
      // Those that have no place of their own, up to the next that has one.
      let end = fixed[start...].firstIndex { $0 != nil } ?? lines.count
      let next = end < lines.count ? fixed[end]! : Int.max
      let function = lines[start..<end].lazy.compactMap { $0.flatMap(statement)?.function }.first
      let calls = calls(of: function, after: previous, upTo: next)
      let count = end - start
      for index in 0..<count {
        // As many for each of the calls; all under the last where that does not come out even.
        let call =
          calls.isEmpty ? nil : count % calls.count == 0 ? calls[index * calls.count / count] : calls.last
        places.append(max(call ?? 0, places.last ?? 0))
      }
      start = end
    }
    return places
  }

  private func statement(at line: Int) -> Statement? { statements.first { $0.lines.contains(line) } }

  /// The place of an output that stands in the section's own code; nil in a function or a type, which only declare.
  private func place(ofOutputAt line: Int) -> Int? {
    guard let statement = statement(at: line), !statement.isDeclaration else { return nil }
    let next = prose.first { line < $0.lowerBound && $0.lowerBound < statement.lines.upperBound }
    return next.map { $0.lowerBound - 1 } ?? statement.lines.upperBound
  }

  private func calls(of function: String?, after first: Int, upTo last: Int) -> [Int] {
    guard let function else { return [] }
    let lines = code.filter { $0.text.contains(function + "(") && !$0.text.contains("func " + function) }
    let places = lines.compactMap { place(ofOutputAt: $0.number) }.filter { first <= $0 && $0 <= last }
    return Array(Set(places)).sorted()
  }
}
