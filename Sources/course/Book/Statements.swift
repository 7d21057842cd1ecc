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
      if isStart && !isComment, let match = text.firstMatch(of: /\bfunc ([\p{L}_][\p{L}\p{N}_]*)/) {
        statements[statements.count - 1].function = String(match.1)
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

  /// The line under which an output stands that `line` made, given where the output before it stands.
  ///
  /// That is the end of its statement or, where prose stands in the middle of the statement, the line above the prose.
  /// What a function puts out stands where the function is called.
  func place(ofOutputAt line: Int, after previous: Int) -> Int {
    guard let statement = statements.first(where: { $0.lines.contains(line) }) else { return previous }
    if let function = statement.function {
      let from = max(previous, statement.lines.upperBound)
      if let call = code.first(where: { $0.number > from && $0.text.contains(function + "(") }) {
        return place(ofOutputAt: call.number, after: from)
      }
      return from
    }
    let next = prose.first { line < $0.lowerBound && $0.lowerBound < statement.lines.upperBound }
    return max(next.map { $0.lowerBound - 1 } ?? statement.lines.upperBound, previous)
  }

  /// Whether `number` is the last line of code that belongs to an output standing there: a statement ends.
  func statement(endingAt number: Int) -> Statement? { statements.first { $0.lines.upperBound == number } }
}
