import DeepLearning

/// What a part of a chapter consists of, in the order of the page.
enum Piece {
  /// A block of prose, by its place among the part's.
  case prose(Int)
  case code(String)
  case outputs([Notebook.Output.Content])
}

extension ChapterText {
  /// Divides a part into prose, code, and what the run put out, each under the lines that made it.
  ///
  /// Statements that follow one another and all put something out stay together: the code first, and under it all
  /// their outputs.
  func pieces(of part: Part, _ outputs: [Notebook.Output]) -> [Piece] {
    let statements = Statements(part, of: source)
    var waiting: [Int: [Notebook.Output.Content]] = [:]
    let lines = outputs.map { $0.file.hasSuffix("\(name)/main.swift") ? $0.line : nil }
    for (output, place) in zip(outputs, statements.places(ofOutputsAt: lines)) {
      waiting[max(place, part.lines.lowerBound), default: []].append(output.content)
    }

    var pieces: [Piece] = []
    var code: [String] = []
    var made: [Notebook.Output.Content] = []
    func flush() {
      let lines = code.drop(while: \.isEmpty).reversed().drop(while: \.isEmpty).reversed()
      if !lines.isEmpty { pieces.append(.code(lines.joined(separator: "\n"))) }
      if !made.isEmpty { pieces.append(.outputs(made)) }
      (code, made) = ([], [])
    }
    let texts = Dictionary(uniqueKeysWithValues: statements.code.map { ($0.number, $0.text) })
    let blocks = Dictionary(uniqueKeysWithValues: part.blocks.enumerated().map { ($1.lines.lowerBound, $0) })
    for number in part.lines {
      if let block = blocks[number] {
        flush()
        pieces.append(.prose(block))
      }
      // What stands before the section's own code is another piece of it.
      if number == part.call?.lowerBound { flush() }
      if let text = texts[number] {
        let starts = statements.statements.first { $0.lines.lowerBound == number }
        // A statement that puts nothing out begins new lines of code.
        if let starts, !made.isEmpty, !starts.lines.contains(where: { waiting[$0] != nil }) { flush() }
        code.append(text)
      }
      if let outputs = waiting[number] { made += outputs }
    }
    flush()
    return pieces
  }
}
