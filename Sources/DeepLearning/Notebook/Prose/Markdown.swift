/// Renders a chapter's Markdown for a terminal: wrapped paragraphs, lists, tables, quotes and mathematics.
///
/// The blocks understood are those that the course's prose uses: headings, paragraphs, lists (nested), fenced
/// code, pipe tables, block quotes, rules and display mathematics; within a line emphasis, code, links and
/// `$...$`. What is not understood stays as it was typed.
package struct Markdown {
  package var width: Int
  package var usesColor: Bool

  package init(width: Int, usesColor: Bool = false) {
    self.width = width
    self.usesColor = usesColor
  }

  /// The lines of `text`, without a blank one at either end.
  package func render(_ text: String) -> [String] {
    blocks(text.lines.map(String.init), width: width)
      .map { $0.rendered(usesColor: usesColor).withoutTrailingSpaces }
  }
}

// MARK: - Blocks

extension Markdown {
  private func blocks(_ source: [String], width: Int) -> [StyledText] {
    var output: [StyledText] = []
    var rest = source[...]
    var previous: Kind?
    while let line = rest.first {
      if line.trimmed.isEmpty {
        rest.removeFirst()
        continue
      }
      let kind = Kind(line)
      // A list stands close to itself and to the line above it; all else is set apart.
      if let previous, !(kind.isList && (kind == previous || isTight(source, rest.startIndex))) {
        output.append(StyledText())
      }
      previous = kind
      output += block(line, &rest, width: width)
    }
    return output
  }

  private enum Kind: Equatable {
    case bullets, numbers, other

    init(_ line: String) {
      self = ListItem(line).map { $0.marker == "•" ? .bullets : .numbers } ?? .other
    }

    var isList: Bool { self != .other }
  }

  private func isTight(_ source: [String], _ index: Int) -> Bool {
    index > 0 && Markdown.isParagraph(source[index - 1])
  }

  private func block(_ line: String, _ rest: inout ArraySlice<String>, width: Int) -> [StyledText] {
    let start = line.trimmed
    if start.hasPrefix("```") { return code(&rest) }
    if Markdown.isFormula(line) { return display(&rest) }
    if let heading = Markdown.heading(line) {
      rest.removeFirst()
      return inline(heading.title, .bold).wrapped(to: width)
    }
    if start.hasPrefix(">") {
      let quoted = rest.prefix { $0.trimmed.hasPrefix(">") }
      rest = rest.dropFirst(quoted.count)
      let inner = quoted.map { line in
        let text = line.trimmed.dropFirst()
        return String(text.hasPrefix(" ") ? text.dropFirst() : text)
      }
      return blocks(inner, width: width - 4).map { StyledText("  ▌ ", .yellow) + $0 }
    }
    if start.hasPrefix("|") {
      let rows = rest.prefix { $0.trimmed.hasPrefix("|") }
      rest = rest.dropFirst(rows.count)
      return table(Array(rows))
    }
    if start.count >= 3, start.allSatisfy({ $0 == "-" }) || start.allSatisfy({ $0 == "*" }) {
      rest.removeFirst()
      return [StyledText(String(repeating: "─", count: width), .dim)]
    }
    if let item = ListItem(line) { return list(item, &rest, width: width) }
    return paragraph(&rest, width: width)
  }

  private static func isParagraph(_ line: String) -> Bool {
    let start = line.trimmed
    return !start.isEmpty && heading(line) == nil && ListItem(line) == nil
      && !["```", "$$", ">", "|"].contains { start.hasPrefix($0) }
  }

  private static func isFormula(_ line: String) -> Bool { line.trimmed.hasPrefix("$$") }

  /// Whether the last of the lines open a display formula and do not close it.
  private static func isWithinFormula(_ lines: [String]) -> Bool {
    let block = lines.reversed().prefix { !$0.trimmed.isEmpty }
    return block.reduce(0) { $0 + $1.ranges(of: "$$").count } % 2 == 1
  }

  private func paragraph(_ rest: inout ArraySlice<String>, width: Int) -> [StyledText] {
    // The first line is taken whatever it is, so that every call moves on.
    // A sentence may end in a number at the start of a line; only a list that begins, with 1, breaks in.
    var lines = [rest.removeFirst()]
    while let line = rest.first,
      Markdown.isParagraph(line) || ListItem(line)?.continuesCounting == true
        || Markdown.isWithinFormula(lines) && !line.trimmed.isEmpty
    {
      lines.append(line)
      rest.removeFirst()
    }
    return inline(lines.map { String($0.trimmed) }.joined(separator: " ")).wrapped(to: width)
  }

  private func code(_ rest: inout ArraySlice<String>) -> [StyledText] {
    rest.removeFirst()
    let lines = rest.prefix { !$0.trimmed.hasPrefix("```") }
    rest = rest.dropFirst(lines.count + 1)
    return lines.map { StyledText("    " + $0, .cyan) }
  }

  private func display(_ rest: inout ArraySlice<String>) -> [StyledText] {
    let text = Markdown.formula(&rest).joined(separator: "\n").trimmed.dropFirst(2)
    let (formula, after) = String(text).divided(at: "$$")
    let lines = TeX.display(formula).map { StyledText("    " + $0.withoutTrailingSpaces) }
    let remark = after.trimmed.isEmpty ? [] : inline(String(after.trimmed)).wrapped(to: width)
    return lines + remark
  }

  /// Takes the lines of a display formula: up to its closing dollars, or to a blank line where these are missing.
  private static func formula(_ rest: inout ArraySlice<String>) -> [String] {
    var lines = [rest.removeFirst()]
    var isOpen = !lines[0].trimmed.dropFirst(2).contains("$$")
    while isOpen, let line = rest.first, !line.trimmed.isEmpty {
      lines.append(line)
      isOpen = !line.contains("$$")
      rest.removeFirst()
    }
    return lines
  }

  private func list(_ item: ListItem, _ rest: inout ArraySlice<String>, width: Int) -> [StyledText] {
    rest.removeFirst()
    var inner = [item.text]
    while let line = rest.first {
      if line.trimmed.isEmpty {
        // A blank line ends the item unless what follows is indented under it.
        guard item.goesOn(in: rest) else { break }
        inner.append("")
      } else if item.contains(line) {
        inner.append(String(line.dropFirst(item.contentColumn)))
      } else if Markdown.isParagraph(line) || Markdown.isWithinFormula(inner)
        || Markdown.isFormula(line) && (inner.last?.isEmpty == false || item.goesOn(in: rest))
      {
        // A formula at the margin may stand in the middle of the item.
        inner.append(String(line.trimmed))
      } else {
        break
      }
      rest.removeFirst()
    }
    let margin = item.marker.count + 3
    return blocks(inner, width: width - margin).enumerated().map { index, line in
      StyledText(index == 0 ? "  \(item.marker) " : .spaces(margin)) + line
    }
  }

  private func table(_ rows: [String]) -> [StyledText] {
    let cells = rows.map { row in
      var text = String(row.trimmed.dropFirst())
      if text.hasSuffix("|") { text.removeLast() }
      return text.split(separator: "|", omittingEmptySubsequences: false).map { String($0.trimmed) }
    }
    let isRule = { (row: [String]) in row.allSatisfy { !$0.isEmpty && $0.allSatisfy { "-:".contains($0) } } }
    let rule = cells.first(where: isRule) ?? []
    let body = cells.filter { !isRule($0) }
    let styled = body.enumerated().map { index, row in row.map { inline($0, index == 0 ? .bold : []) } }
    let count = styled.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in
      styled.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
    }
    var lines = styled.map { row in
      row.enumerated().reduce(StyledText("  ")) { line, cell in
        let gap = StyledText(String.spaces(widths[cell.offset] - cell.element.count))
        let isRight = rule.indices.contains(cell.offset) && rule[cell.offset].hasSuffix(":")
        let isLast = cell.offset == row.count - 1
        let padded = isRight ? gap + cell.element : isLast ? cell.element : cell.element + gap
        return line + StyledText(cell.offset == 0 ? "" : "  ") + padded
      }
    }
    if !rule.isEmpty, !lines.isEmpty {
      lines.insert(
        StyledText("  " + widths.map { String(repeating: "─", count: $0) }.joined(separator: "──"), .dim),
        at: 1)
    }
    return lines
  }

  /// The level and text of a `#` heading.
  package static func heading(_ line: some StringProtocol) -> (level: Int, title: String)? {
    let text = line.trimmed
    let level = text.prefix { $0 == "#" }.count
    guard (1...6).contains(level), text.dropFirst(level).hasPrefix(" ") else { return nil }
    return (level, String(text.dropFirst(level).trimmed))
  }

  private struct ListItem {
    let marker: String
    let text: String
    /// Where the item's text starts: lines indented this far belong to it.
    let contentColumn: Int
    /// Whether the item has a number other than 1.
    var continuesCounting: Bool { marker != "•" && !["1.", "1)"].contains(marker) }

    init?(_ line: String) {
      let indent = line.prefix { $0 == " " }.count
      let body = line.dropFirst(indent)
      let digits = body.prefix(while: \.isNumber)
      let mark: Substring
      if digits.isEmpty {
        mark = body.prefix(1)
        guard ["-", "*", "+"].contains(mark) else { return nil }
      } else {
        mark = body.prefix(digits.count + 1)
        guard digits.count < 4, mark.hasSuffix(".") || mark.hasSuffix(")") else { return nil }
      }
      let after = body.dropFirst(mark.count)
      guard after.hasPrefix(" ") else { return nil }
      marker = digits.isEmpty ? "•" : String(mark)
      let gap = after.prefix { $0 == " " }.count
      text = String(after.dropFirst(gap))
      contentColumn = indent + mark.count + gap
    }

    /// Whether the line is indented under the item.
    func contains(_ line: String) -> Bool { line.prefix { $0 == " " }.count >= contentColumn }

    /// Whether the text in front is indented under the item, or a formula is that such text follows.
    func goesOn(in lines: ArraySlice<String>) -> Bool {
      var rest = lines.drop { $0.trimmed.isEmpty }
      if let line = rest.first, !contains(line), Markdown.isFormula(line) {
        _ = Markdown.formula(&rest)
        rest = rest.drop { $0.trimmed.isEmpty }
      }
      return rest.first.map(contains) ?? false
    }
  }
}

// MARK: - Within a line

extension Markdown {
  /// Emphasis, code, links and mathematics of one line.
  package func inline(_ source: String, _ base: TextStyle = []) -> StyledText {
    var output = StyledText()
    var style = base
    var rest = source[...]
    while let character = rest.first {
      if character == "\\", let next = rest.dropFirst().first, next.isPunctuation || next.isSymbol {
        output.append(String(next), style)
        rest = rest.dropFirst(2)
      } else if character == "`", let (text, after) = Markdown.span(rest, "`") {
        output.append(text, style.union(.cyan))
        rest = after
      } else if rest.hasPrefix("$$"), let (text, after) = Markdown.span(rest, "$$") {
        output.append(Markdown.unbroken(TeX.inline(String(text))), style)
        rest = after
      } else if character == "$", let (text, after) = Markdown.mathematics(rest) {
        output.append(Markdown.unbroken(TeX.inline(String(text))), style)
        rest = after
      } else if rest.hasPrefix("**"), style.contains(.bold) && !base.contains(.bold) || opens(rest, "**") {
        style.formSymmetricDifference(base.contains(.bold) ? [] : .bold)
        rest = rest.dropFirst(2)
      } else if character == "*", style.contains(.italic) || opens(rest, "*") {
        style.formSymmetricDifference(.italic)
        rest = rest.dropFirst()
      } else if character == "[", let (text, address, after) = Markdown.link(rest) {
        output = output + inline(String(text), style.union(.underline))
        if address.contains("://") { output.append(" (\(address))", style) }
        rest = after
      } else {
        output.append(String(character), style)
        rest = rest.dropFirst()
      }
    }
    return output
  }

  /// Whether an asterisk starts emphasis: text follows at once and its partner comes later.
  private func opens(_ text: Substring, _ mark: String) -> Bool {
    let after = text.dropFirst(mark.count)
    guard let next = after.first, !next.isWhitespace else { return false }
    return after.range(of: mark) != nil
  }

  private static func span(_ text: Substring, _ mark: String) -> (Substring, Substring)? {
    let inner = text.dropFirst(mark.count)
    guard let end = inner.range(of: mark) else { return nil }
    return (inner[..<end.lowerBound], inner[end.upperBound...])
  }

  /// `$x$`, but not the two prices in "$5 or $6": no space inside the dollars, no digit after them.
  private static func mathematics(_ text: Substring) -> (Substring, Substring)? {
    guard let (inner, after) = span(text, "$"), let first = inner.first, let last = inner.last,
      !first.isWhitespace, !last.isWhitespace, !(after.first?.isNumber ?? false)
    else { return nil }
    return (inner, after)
  }

  private static func link(_ text: Substring) -> (text: Substring, address: Substring, after: Substring)? {
    guard let middle = text.range(of: "]("), !text[..<middle.lowerBound].contains("\n"),
      let end = text[middle.upperBound...].firstIndex(of: ")")
    else { return nil }
    return (
      text[..<middle.lowerBound].dropFirst(), text[middle.upperBound..<end], text[text.index(after: end)...]
    )
  }

  /// Keeps a short formula on one line.
  private static func unbroken(_ text: String) -> String {
    text.count <= 30 ? String(text.map { $0 == " " ? "\u{A0}" : $0 }) : text
  }
}
