import Foundation

/// A part of a document as pandoc has it: text, a list, or an element with a type and contents.
///
/// Pandoc writes a document as JSON in which an element is `{"t": type, "c": contents}`. Blocks (paragraphs, lists,
/// code) contain inlines (words, emphasis, formulas), and both stand in lists.
indirect enum Node: Equatable, Sendable {
  case text(String)
  case number(Double)
  case list([Node])
  case fields([String: Node])
  case none

  static func element(_ type: String, _ contents: Node? = nil) -> Node {
    .fields(["t": .text(type)].merging(contents.map { ["c": $0] } ?? [:]) { $1 })
  }

  /// An element's type, such as `Para`.
  var type: String? {
    if case .fields(let fields) = self, case .text(let type)? = fields["t"] { type } else { nil }
  }

  var contents: Node? { if case .fields(let fields) = self { fields["c"] } else { nil } }

  var items: [Node] { if case .list(let items) = self { items } else { [] } }

  var string: String? { if case .text(let text) = self { text } else { nil } }

  var int: Int? { if case .number(let number) = self { Int(number) } else { nil } }
}

// MARK: - The elements that the book makes or looks into

extension Node {
  static let space = element("Space")

  static func word(_ text: String) -> Node { element("Str", .text(text)) }

  static func paragraph(_ inlines: [Node]) -> Node { element("Para", .list(inlines)) }

  static func html(_ text: String) -> Node { element("RawBlock", .list([.text("html"), .text(text)])) }

  static func inlineHTML(_ text: String) -> Node {
    element("RawInline", .list([.text("html"), .text(text)]))
  }

  static func swift(_ code: String) -> Node {
    element("CodeBlock", .list([attributes(classes: ["swift"]), .text(code)]))
  }

  static func link(_ inlines: [Node], to address: String, class name: String? = nil) -> Node {
    let classes = name.map { [$0] } ?? []
    return element(
      "Link", .list([attributes(classes: classes), .list(inlines), .list([.text(address), .text("")])]))
  }

  static func span(_ inlines: [Node], id: String = "", class name: String) -> Node {
    element("Span", .list([attributes(id: id, classes: [name]), .list(inlines)]))
  }

  static func header(_ level: Int, id: String, _ inlines: [Node]) -> Node {
    element("Header", .list([.number(Double(level)), attributes(id: id), .list(inlines)]))
  }

  static func division(id: String = "", class name: String, _ blocks: [Node]) -> Node {
    element("Div", .list([attributes(id: id, classes: [name]), .list(blocks)]))
  }

  private static func attributes(id: String = "", classes: [String] = []) -> Node {
    .list([.text(id), .list(classes.map(Node.text)), .list([])])
  }

  /// The inlines or blocks of an element that has some, behind its attributes.
  var children: [Node] {
    guard let contents else { return [] }
    return switch type {
    case "Para", "Plain", "Emph", "Strong", "BlockQuote", "Strikeout", "Superscript", "Subscript":
      contents.items
    case "Span", "Div", "Link", "Quoted", "Image": contents.items[1].items
    case "Header": contents.items[2].items
    default: []
    }
  }

  /// The same blocks, each heading with an anchor made of its text.
  static func anchored(_ blocks: [Node]) -> [Node] {
    blocks.map { block in
      guard let level = block.level else { return block }
      return header(level, id: PlainText.slug(Node.list(block.children).plainText), block.children)
    }
  }

  /// A heading's level.
  var level: Int? { type == "Header" ? contents?.items[0].int : nil }

  /// Where a link leads.
  var address: String? { type == "Link" ? contents?.items[2].items[0].string : nil }

  /// The TeX of a formula, and whether it stands alone.
  var formula: (tex: String, isDisplay: Bool)? {
    guard type == "Math", let items = contents?.items, let tex = items[1].string else { return nil }
    return (tex, items[0].type == "DisplayMath")
  }

  /// Whether it is a paragraph of nothing but formulas that stand alone.
  var isEquation: Bool {
    let inlines = children.filter { !["Space", "SoftBreak"].contains($0.type) }
    return type == "Para" && !inlines.isEmpty && inlines.allSatisfy { $0.formula?.isDisplay == true }
  }

  static func formula(_ tex: String, isDisplay: Bool) -> Node {
    element("Math", .list([element(isDisplay ? "DisplayMath" : "InlineMath"), .text(tex)]))
  }

  /// A table's rows, each a list of cells, each a list of blocks; the head's rows first.
  var tableRows: [[[Node]]] {
    guard type == "Table", let items = contents?.items, items.count == 6 else { return [] }
    // attributes, caption, columns, head, bodies, foot; a body is attributes, columns, its own head, rows.
    let rows = items[3].items[1].items + items[4].items.flatMap { $0.items[2].items + $0.items[3].items }
    return rows.map { $0.items[1].items.map { $0.items[4].items } }
  }
}

// MARK: - Going through a document

extension Node {
  private static let inlineTypes: Set = [
    "Str", "Emph", "Underline", "Strong", "Strikeout", "Superscript", "Subscript", "SmallCaps", "Quoted",
    "Cite",
    "Code", "Space", "SoftBreak", "LineBreak", "Math", "RawInline", "Link", "Image", "Note", "Span",
  ]

  private var isInline: Bool { type.map(Node.inlineTypes.contains) ?? false }

  /// The same with every list of inlines within it, innermost first, replaced by what `change` makes of it.
  ///
  /// What stands in a link is left alone.
  func mapInlines(_ change: ([Node]) throws -> [Node]) rethrows -> Node {
    switch self {
    case .fields where type == "Link": return self
    case .list(let items):
      let mapped = try items.map { try $0.mapInlines(change) }
      return .list(items.first?.isInline == true ? try change(mapped) : mapped)
    case .fields(let fields): return .fields(try fields.mapValues { try $0.mapInlines(change) })
    default: return self
    }
  }

  /// Calls `visit` with every list of inlines that is not part of another: the text of a paragraph, a heading, a cell.
  func forEachTopInlines(_ visit: ([Node]) -> Void) {
    switch self {
    case .list(let items):
      if items.first?.isInline == true {
        visit(items)
      } else {
        for item in items { item.forEachTopInlines(visit) }
      }
    case .fields(let fields): fields["c"]?.forEachTopInlines(visit)
    default: break
    }
  }

  /// Calls `visit` with every element within, this one first.
  func forEachElement(_ visit: (Node) -> Void) {
    if type != nil { visit(self) }
    switch self {
    case .list(let items): for item in items { item.forEachElement(visit) }
    case .fields(let fields): fields["c"]?.forEachElement(visit)
    default: break
    }
  }

  /// What is read, without markup; formulas as a terminal would show them, code blocks left out.
  var plainText: String {
    switch type {
    case "Str": return contents?.string ?? ""
    case "Space", "SoftBreak", "LineBreak": return " "
    case "Code": return contents?.items[1].string ?? ""
    case "Math": return formula.map { PlainText.formula($0.tex) } ?? ""
    case "CodeBlock", "RawBlock", "RawInline": return ""
    case "Quoted":
      let isDouble = contents?.items[0].type == "DoubleQuote"
      let inner = children.map(\.plainText).joined()
      return isDouble ? "“\(inner)”" : "‘\(inner)’"
    default: break
    }
    switch self {
    case .list(let items):
      return items.map(\.plainText).joined(separator: items.first?.isInline == true ? "" : " ")
    case .fields:
      return contents.map { children.isEmpty ? $0.plainText : Node.list(children).plainText } ?? ""
    default: return ""
    }
  }
}

// MARK: - JSON

extension Node {
  /// Reads what `JSONSerialization` gives.
  init(json: Any) {
    switch json {
    case let text as String: self = .text(text)
    case let items as [Any]: self = .list(items.map(Node.init(json:)))
    case let fields as [String: Any]: self = .fields(fields.mapValues(Node.init(json:)))
    case let number as NSNumber: self = .number(number.doubleValue)
    default: self = .none
    }
  }

  var json: Any {
    switch self {
    case .text(let text): text
    case .number(let number): number == number.rounded() ? Int(number) as Any : number
    case .list(let items): items.map(\.json)
    case .fields(let fields): fields.mapValues(\.json)
    case .none: NSNull()
    }
  }
}
