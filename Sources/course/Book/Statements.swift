import DeepLearning
import Foundation

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
  /// Whether the last statement has only comments so far: what follows belongs to it.
  private var isOnlyComment = false

  init(_ part: ChapterText.Part, of source: ChapterSource) {
    prose = part.blocks.map(\.lines)
    var isWithinString = false
    var isInHead = false
    for (number, text) in zip(part.lines, source.lines(part.lines))
    where !prose.contains(where: { $0.contains(number) }) {
      // The call that opens the section, its closing brace, and what every chapter has.
      if number == part.call?.lowerBound || !isWithinString && Self.isFrame(text) { isInHead = true }
      if isInHead {
        isInHead = !(text.hasSuffix(" in") || text.hasSuffix(")") || text.hasPrefix("import "))
        continue
      }
      if number == part.call?.upperBound { continue }
      let isInCall = part.call.map { $0.contains(number) } ?? false
      let margin = min(text.prefix { $0 == " " }.count, isInCall ? 2 : 0)
      add(text.dropFirst(margin), number, isWithinString: isWithinString)
      if text.components(separatedBy: "\"\"\"").count % 2 == 0 { isWithinString.toggle() }
    }
  }

  /// Adds a line of code, without the margin of the section, to the last statement or as the start of another.
  private mutating func add(_ text: Substring, _ number: Int, isWithinString: Bool) {
    code.append((number, String(text)))
    let first = text.first ?? " "
    let isStart = !isWithinString && !" })].:?".contains(first)
    let isComment = text.hasPrefix("//")
    if statements.isEmpty || isStart && !isOnlyComment {
      statements.append(Statement(lines: number...number))
      isOnlyComment = isComment
    } else if !text.isEmpty {
      statements[statements.count - 1].lines = statements[statements.count - 1].lines.lowerBound...number
      if isStart { isOnlyComment = isComment }
    }
    guard isStart, !isComment,
      let match = text.firstMatch(of: /\b(func|struct|class|enum|extension|protocol) ([\p{L}\p{N}_]+)/)
    else { return }
    statements[statements.count - 1].isDeclaration = true
    if match.1 == "func" { statements[statements.count - 1].function = String(match.2) }
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
