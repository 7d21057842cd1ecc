/// TeX mathematics as text for a terminal: `\frac{\partial E}{\partial w}` becomes `∂E/∂w`.
///
/// Characters come from Unicode wherever it has them (`W^\top` → `Wᵀ`, `\sum_n` → `Σₙ`); what it lacks keeps
/// TeX's own mark (`a^{[l]}` → `a^[l]`). Matrices and aligned equations take several lines in display
/// and one line inline. An unknown command degrades to its name. Nothing is ever an error.
enum TeX {
  /// One line, for `$...$` within a sentence.
  static func inline(_ source: String) -> String {
    var parser = Parser(source, isDisplay: false)
    return parser.rows().map { layout($0.flatMap { $0 }).flat }.joined(separator: "; ")
  }

  /// One or more lines, for `$$...$$` standing alone.
  static func display(_ source: String) -> [String] {
    var parser = Parser(source, isDisplay: true)
    return stack(parser.rows(), columns: .aligned).lines
  }
}

// MARK: - Boxes and atoms

extension TeX {
  /// A rectangle of text; `baseline` is the line that its neighbors stand on.
  struct Box {
    var lines: [String]
    var baseline = 0

    init(_ text: String) { lines = [text] }

    init(lines: [String]) {
      let width = lines.map(\.count).max() ?? 0
      self.lines = lines.isEmpty ? [""] : lines.map { $0.padded(to: width) }
      baseline = (self.lines.count - 1) / 2
    }

    var width: Int { lines[0].count }
    /// The text of a box that is one line high; a higher one is not built inline.
    var flat: String { lines.joined(separator: " ") }

    static func + (left: Box, right: Box) -> Box {
      if left.lines.count == 1, right.lines.count == 1 { return Box(left.lines[0] + right.lines[0]) }
      let above = max(left.baseline, right.baseline)
      let below = max(left.lines.count - left.baseline, right.lines.count - right.baseline)
      func line(_ box: Box, _ index: Int) -> String {
        let own = index - above + box.baseline
        return box.lines.indices.contains(own) ? box.lines[own] : String(repeating: " ", count: box.width)
      }
      var sum = Box(lines: (0..<above + below).map { line(left, $0) + line(right, $0) })
      sum.baseline = above
      return sum
    }
  }

  /// One symbol or group, with the class that decides the space around it, as in TeX.
  struct Atom {
    enum Kind {
      case ordinary, sign, namedOperator, bigOperator, binary, relation, opening, closing, punctuation,
        fraction,
        space
    }

    var box: Box
    var kind: Kind
    /// Scripts that Unicode has no characters for (`W^[l]`) run into what follows without a space.
    var needsSpaceAfter = false
    /// A group of several atoms needs parentheses where it becomes a denominator.
    var isSingle = true

    init(_ text: String, _ kind: Kind) { self.init(Box(text), kind) }

    init(_ box: Box, _ kind: Kind) {
      self.box = box
      self.kind = kind
    }
  }

  /// Sets atoms side by side with TeX's spaces; scripts (`isCompact`) have none around `=` and `+`.
  static func layout(_ atoms: [Atom], isCompact: Bool = false) -> Box {
    var box = Box("")
    var previous: Atom?
    let atoms = withArgumentsInParentheses(atoms)
    for (index, original) in atoms.enumerated() {
      var atom = original
      if atom.kind == .binary {
        // A sign at the start or after another sign belongs to its operand: −x, a = −b.
        let next = atoms[(index + 1)...].first { $0.kind != .space }
        if previous.map({ !$0.kind.endsOperand }) ?? true || next == nil { atom.kind = .sign }
      }
      if atom.kind == .space {
        if !isCompact { box = box + atom.box }
        continue
      }
      if let previous, !box.lines[box.baseline].hasSuffix(" "), isSpace(previous, atom, isCompact: isCompact)
      {
        // Two fractions side by side are a product: ∂E/∂z · ∂z/∂w.
        box = box + Box(previous.kind == .fraction && atom.kind == .fraction ? " · " : " ")
      }
      box = box + atom.box
      previous = atom
    }
    return box
  }

  /// `ln µ/(1 − µ)` could be read as a fraction of logarithms: `ln(µ/(1 − µ))`.
  private static func withArgumentsInParentheses(_ atoms: [Atom]) -> [Atom] {
    var output: [Atom] = []
    for atom in atoms {
      let isArgument = atom.kind == .fraction && output.last?.kind == .namedOperator
      output += isArgument ? [Atom("(", .opening), atom, Atom(")", .closing)] : [atom]
    }
    return output
  }

  private static func isSpace(_ left: Atom, _ right: Atom, isCompact: Bool) -> Bool {
    if right.kind == .closing || right.kind == .punctuation { return false }
    if left.kind == .opening || left.kind == .sign { return false }
    switch (left.kind, right.kind) {
    case (.namedOperator, .opening): return false
    case (.namedOperator, _), (.bigOperator, _): return true
    case (_, .namedOperator), (_, .bigOperator): return left.kind.endsOperand || !isCompact
    default: break
    }
    if isCompact { return false }
    switch (left.kind, right.kind) {
    case (.relation, _), (_, .relation), (.binary, _), (_, .binary), (.punctuation, _): return true
    case (.fraction, _): return true
    case (_, .fraction): return true
    default: return left.needsSpaceAfter && right.kind == .ordinary
    }
  }

  /// Puts a table of cells on top of each other.
  enum Columns { case aligned, centered, left }

  static func stack(_ rows: [[[Atom]]], columns: Columns) -> Box {
    let rows = rows.filter { !$0.allSatisfy(\.isEmpty) }
    // In `a &= b` the sign leads its cell: an empty atom before it makes it keep its space.
    let boxes = rows.map { row in
      row.enumerated().map { index, cell in
        layout(columns == .aligned && index % 2 == 1 ? [Atom("", .ordinary)] + cell : cell)
      }
    }
    let count = boxes.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in
      boxes.map { $0.indices.contains(column) ? $0[column].width : 0 }.max() ?? 0
    }
    let columns = count == 1 && columns == .aligned ? .left : columns
    var lines: [String] = []
    for row in boxes {
      var line = Box("")
      for (column, cell) in row.enumerated() {
        let gap = widths[column] - cell.width
        let before: Int
        switch columns {
        case .aligned: before = column % 2 == 0 ? gap : 0
        case .centered: before = (gap + 1) / 2
        case .left: before = 0
        }
        let separator = column == 0 ? "" : columns == .aligned ? (column % 2 == 0 ? "   " : "") : "  "
        line = line + Box(separator + .spaces(before)) + cell + Box(.spaces(gap - before))
      }
      lines += line.lines
    }
    return Box(lines: lines)
  }

  /// Draws a pair of delimiters as high as what they enclose.
  static func fence(_ box: Box, _ left: String, _ right: String) -> Box {
    func side(_ delimiter: String) -> Box {
      let height = box.lines.count
      guard height > 1, let pieces = tall[delimiter] else {
        var one = Box(lines: [String](repeating: delimiter, count: height))
        one.baseline = box.baseline
        return one
      }
      var lines = [String](repeating: pieces[1], count: height)
      lines[0] = pieces[0]
      lines[height - 1] = pieces[2]
      if pieces.count > 3, height > 2 { lines[box.baseline] = pieces[3] }
      var drawn = Box(lines: lines)
      drawn.baseline = box.baseline
      return drawn
    }
    return side(left) + box + side(right)
  }

  private static let tall: [String: [String]] = [
    "(": ["⎛", "⎜", "⎝"], ")": ["⎞", "⎟", "⎠"], "[": ["⎡", "⎢", "⎣"], "]": ["⎤", "⎥", "⎦"],
    "{": ["⎧", "⎪", "⎩", "⎨"], "}": ["⎫", "⎪", "⎭", "⎬"],
  ]
}

extension TeX.Atom.Kind {
  /// Whether a `+` after it joins two operands, rather than being a sign.
  fileprivate var endsOperand: Bool { self == .ordinary || self == .closing || self == .fraction }

  fileprivate var isFunction: Bool { self == .namedOperator || self == .bigOperator }
}

// MARK: - Parser

extension TeX {
  private struct Parser {
    private let source: [Character]
    private var position = 0
    private let isDisplay: Bool

    init(_ source: String, isDisplay: Bool) {
      self.source = Array(source)
      self.isDisplay = isDisplay
    }

    private enum Stop { case end, brace, cell, row, environment, right, bracket }

    /// Rows separated by `\\`, each of cells separated by `&`.
    mutating func rows() -> [[[Atom]]] {
      var rows: [[[Atom]]] = [[]]
      while true {
        let (atoms, stop) = list()
        rows[rows.count - 1].append(atoms)
        switch stop {
        case .cell: continue
        case .row: rows.append([])
        case .brace, .bracket, .right: continue
        case .end, .environment: return rows
        }
      }
    }

    private mutating func list(endsAtBracket: Bool = false) -> ([Atom], Stop) {
      var atoms: [Atom] = []
      while position < source.count {
        let character = source[position]
        position += 1
        switch character {
        case " ", "\n", "\t", "\r": continue
        case "}": return (atoms, .brace)
        case "&": return (atoms, .cell)
        case "]" where endsAtBracket: return (atoms, .bracket)
        case "\\":
          let name = commandName()
          switch name {
          case "\\":
            skipOptionalArgument()
            return (atoms, .row)
          case "end":
            _ = rawArgument()
            return (atoms, .environment)
          case "right": return (atoms, .right)
          default: atoms += scripted(command(name))
          }
        case "{":
          let group = list().0
          atoms += scripted(Parser.grouped(group))
        case "^", "_", "'":
          position -= 1
          atoms += scripted([Atom("", .ordinary)])
        default: atoms += scripted([Parser.atom(character)])
        }
      }
      return (atoms, .end)
    }

    private static func grouped(_ atoms: [Atom]) -> [Atom] {
      // A sign in braces is no sign (60{,}000); more than one atom is an operand of its own.
      var atom = Atom(layout(atoms), .ordinary)
      atom.isSingle = atoms.count == 1
      if atoms.count == 1, atoms[0].kind.isFunction || atoms[0].kind == .fraction {
        atom.kind = atoms[0].kind
      }
      return atoms.isEmpty ? [] : [atom]
    }

    private static func atom(_ character: Character) -> Atom {
      switch character {
      case "+", "*": return Atom(String(character), .binary)
      case "-": return Atom("−", .binary)
      case "=", "<", ">", ":": return Atom(String(character), .relation)
      case "(", "[": return Atom(String(character), .opening)
      case ")", "]": return Atom(String(character), .closing)
      case ",", ";": return Atom(String(character), .punctuation)
      case "~": return Atom(" ", .space)
      default: return Atom(String(character), .ordinary)
      }
    }

    /// The name after a backslash: letters, or one other character.
    private mutating func commandName() -> String {
      guard position < source.count else { return "" }
      let start = position
      while position < source.count, source[position].isASCII, source[position].isLetter { position += 1 }
      if position == start { position += 1 }
      let name = String(source[start..<position])
      if name == "operatorname", position < source.count, source[position] == "*" { position += 1 }
      return name
    }

    private mutating func skipSpaces() {
      while position < source.count, source[position].isWhitespace { position += 1 }
    }

    private mutating func skipOptionalArgument() {
      guard position < source.count, source[position] == "[" else { return }
      while position < source.count, source[position] != "]" { position += 1 }
      position += 1
    }

    /// The text of a `{...}` argument as it stands in the source.
    private mutating func rawArgument() -> String {
      skipSpaces()
      guard position < source.count, source[position] == "{" else { return "" }
      let start = position + 1
      var depth = 0
      while position < source.count {
        if source[position] == "{" { depth += 1 }
        if source[position] == "}" { depth -= 1 }
        position += 1
        if depth == 0 { return String(source[start..<position - 1]) }
      }
      return String(source[min(start, source.count)...])
    }

    /// One argument: a group, a command or a character.
    private mutating func argument() -> [Atom] {
      skipSpaces()
      guard position < source.count else { return [] }
      let character = source[position]
      position += 1
      switch character {
      case "{": return list().0
      case "\\": return command(commandName())
      case "}", "&":
        position -= 1
        return []
      default: return [Parser.atom(character)]
      }
    }

    /// Adds the superscript, subscript and primes that follow to the last of `atoms`.
    private mutating func scripted(_ atoms: [Atom]) -> [Atom] {
      guard var nucleus = atoms.last else { return atoms }
      var above: [Atom] = []
      var below: [Atom] = []
      while true {
        skipSpaces()
        guard position < source.count else { break }
        if source[position] == "'" {
          position += 1
          above.append(Atom("′", .ordinary))
        } else if source[position] == "^" {
          position += 1
          above += argument()
        } else if source[position] == "_" {
          position += 1
          below += argument()
        } else if source[position...].starts(with: "\\limits") {
          position += "\\limits".count
        } else {
          break
        }
      }
      if above.isEmpty, below.isEmpty { return atoms }
      let sub = TeX.script(below, mark: "_", TeX.subscripts)
      let sup = TeX.script(above, mark: "^", TeX.superscripts)
      nucleus.needsSpaceAfter = sub.contains("_") && sup.isEmpty || sup.contains("^")
      nucleus.box = nucleus.box + Box(sub + sup)
      if nucleus.kind == .space { nucleus.kind = .ordinary }
      return atoms.dropLast() + [nucleus]
    }

    private mutating func command(_ name: String) -> [Atom] {
      if let symbol = TeX.symbols[name] { return [symbol] }
      if let accent = TeX.accents[name] {
        let text = layout(argument(), isCompact: true).flat
        return [Atom(text.map { String($0) + accent }.joined(), .ordinary)]
      }
      if TeX.typefaces.contains(name) { return Parser.grouped(argument()) }
      switch name {
      case "text", "textbf", "textit", "textrm", "texttt", "mbox", "textsf":
        return [Atom(rawArgument().replacing("$", with: ""), .ordinary)]
      case "operatorname": return [Atom(layout(argument(), isCompact: true).flat, .namedOperator)]
      case "mathbb", "mathcal", "mathscr":
        let text = layout(argument(), isCompact: true).flat
        return [Atom(String(text.map { TeX.capital($0, style: name) }), .ordinary)]
      case "frac", "dfrac", "tfrac", "nicefrac": return [Parser.fraction(argument(), argument())]
      case "binom": return [Atom("C(\(layout(argument()).flat), \(layout(argument()).flat))", .ordinary)]
      case "sqrt": return [root()]
      case "left": return fenced()
      case "begin": return [environment(rawArgument())]
      case "tag": return [Atom("   (\(rawArgument()))", .space)]
      case "label", "hspace", "vspace", "phantom", "color":
        _ = rawArgument()
        return []
      case "eqref", "ref": return [Atom("(\(rawArgument()))", .ordinary)]
      case "underbrace": return braced(label: "_")
      case "overbrace": return braced(label: "^")
      case "boxed", "mathop", "mathbin", "mathrel", "smash", "substack":
        return Parser.grouped(argument())
      case "stackrel", "overset":
        let above = argument()
        return [Atom(layout(argument()).flat + TeX.script(above, mark: "^", TeX.superscripts), .relation)]
      case "underset":
        let below = argument()
        return [Atom(layout(argument()).flat + TeX.script(below, mark: "_", TeX.subscripts), .namedOperator)]
      case "not":
        return [Atom(layout(argument(), isCompact: true).flat + "\u{338}", .relation)]
      default: return name.isEmpty ? [] : [Atom(name, name.count > 1 ? .namedOperator : .ordinary)]
      }
    }

    /// A term with a brace and, behind `mark`, what it is called: `a + b [gain]`, as there is no room for a brace.
    private mutating func braced(label mark: Character) -> [Atom] {
      let term = Parser.grouped(argument())
      skipSpaces()
      guard var atom = term.first, position < source.count, source[position] == mark else { return term }
      position += 1
      atom.box = atom.box + Box(" [\(layout(argument()).flat)]")
      atom.needsSpaceAfter = true
      atom.isSingle = false
      return [atom]
    }

    private static func fraction(_ numerator: [Atom], _ denominator: [Atom]) -> Atom {
      func isSum(_ atoms: [Atom]) -> Bool { layout(atoms).flat.contains(" ") && !isFenced(atoms) }
      let over = layout(numerator).flat
      let under = layout(denominator).flat
      if let vulgar = TeX.vulgarFractions["\(over)/\(under)"] { return Atom(vulgar, .ordinary) }
      // ∂E/∂w reads well; 1/2σ² does not, as it may mean ½σ².
      let isDifferential =
        denominator.count == 2 && ["∂", "d", "Δ"].contains(denominator[0].box.flat) && denominator[1].isSingle
      let isCall =
        denominator.count > 2 && denominator.last?.kind == .closing && denominator[1].kind == .opening
      let isPlain = denominator.count == 1 && denominator[0].isSingle || isDifferential || isCall
      let isNumber = under.allSatisfy(\.isNumber)
      let top = isSum(numerator) ? "(\(over))" : over
      let bottom = (isPlain || isNumber) && !isSum(denominator) ? under : "(\(under))"
      return Atom("\(top)/\(bottom)", .fraction)
    }

    /// Whether one pair of parentheses encloses all of it, as in (x − µ)².
    private static func isFenced(_ atoms: [Atom]) -> Bool {
      var depth = 0
      for (index, atom) in atoms.enumerated() {
        if atom.kind == .opening { depth += 1 }
        if atom.kind == .closing { depth -= 1 }
        if depth == 0 { return index == atoms.count - 1 && atom.kind == .closing }
      }
      return false
    }

    private mutating func root() -> Atom {
      var sign = "√"
      skipSpaces()
      if position < source.count, source[position] == "[" {
        position += 1
        let degree = list(endsAtBracket: true).0
        sign =
          ["3": "∛", "4": "∜"][layout(degree).flat] ?? TeX.script(degree, mark: "", TeX.superscripts) + "√"
      }
      let atoms = argument()
      let text = layout(atoms).flat
      let isPlain = atoms.count == 1 && atoms[0].isSingle || text.allSatisfy(\.isNumber)
      return Atom(isPlain ? sign + text : "\(sign)(\(text))", .ordinary)
    }

    /// `\left( ... \right)`: the delimiters with what stands between them.
    private mutating func fenced() -> [Atom] {
      let left = delimiter()
      let atoms = list().0
      let right = delimiter()
      let inner = layout(atoms)
      if inner.lines.count > 1 { return [Atom(fence(inner, left, right), .ordinary)] }
      return [Atom(left, .opening)] + atoms + [Atom(right, .closing)]
    }

    private mutating func delimiter() -> String {
      skipSpaces()
      guard position < source.count else { return "" }
      position += 1
      if source[position - 1] == "." { return "" }
      guard source[position - 1] == "\\" else { return String(source[position - 1]) }
      let name = commandName()
      return TeX.symbols[name]?.box.flat ?? name
    }

    private mutating func environment(_ name: String) -> Atom {
      let kind = name.hasSuffix("*") ? String(name.dropLast()) : name
      if kind == "array" || kind == "alignedat" || kind == "alignat" { _ = rawArgument() }
      let fences = [
        "pmatrix": ("(", ")"), "bmatrix": ("[", "]"), "vmatrix": ("|", "|"), "Vmatrix": ("‖", "‖"),
        "Bmatrix": ("{", "}"), "smallmatrix": ("", ""), "matrix": ("", ""), "array": ("", ""),
        "cases": ("{", ""),
      ]
      let rows = rows()
      guard let (left, right) = fences[kind] else {
        return isDisplay ? Atom(stack(rows, columns: .aligned), .ordinary) : Parser.oneLine(rows, "", "")
      }
      guard isDisplay else { return Parser.oneLine(rows, left, right) }
      let isCases = kind == "cases"
      let body = stack(rows, columns: isCases ? .left : .centered)
      return Atom(fence(isCases ? Box(" ") + body : body, left, right), .ordinary)
    }

    /// A matrix within a sentence: `[a b; c d]`.
    private static func oneLine(_ rows: [[[Atom]]], _ left: String, _ right: String) -> Atom {
      let text =
        rows
        .map { $0.map { layout($0).flat }.filter { !$0.isEmpty }.joined(separator: " ") }
        .filter { !$0.isEmpty }
        .joined(separator: "; ")
      return Atom(left + text + right, .ordinary)
    }
  }

  /// A super- or subscript in Unicode's characters, or behind TeX's mark where one is missing.
  fileprivate static func script(_ atoms: [Atom], mark: String, _ table: [Character: Character]) -> String {
    let text = layout(atoms, isCompact: true).flat
    // Letters below make one name (w_o1); above they would be a product (e^(βz)).
    let isName = mark == "_" && text.allSatisfy { $0.isLetter || $0.isNumber }
    let isWord = isName || atoms.count == 1 || text.allSatisfy { $0.isNumber || $0 == "." }
    return script(text, mark: mark, table, isWord: isWord)
  }

  private static func script(
    _ text: String, mark: String, _ table: [Character: Character], isWord: Bool
  ) -> String {
    let small = text.compactMap { table[$0] }
    if small.count == text.count { return String(small) }
    // The layer index of a^{[l]} is in brackets already; a transpose may follow it.
    if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
      let rest = text[text.index(after: end)...]
      return mark + text[...end] + script(String(rest), mark: mark, table, isWord: isWord)
    }
    return isWord ? mark + text : "\(mark)(\(text))"
  }
}
