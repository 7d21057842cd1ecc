import Foundation

/// The terms of the book: what stands bold in the prose where it first comes.
struct Terms {
  struct Term {
    /// As the index has it.
    var name: String
    /// Every place where it stands bold, the definition first.
    var places: [Place]
    /// The sentence of the definition.
    var sentence: [Node]
  }

  struct Place {
    let page: String
    let anchor: String
    /// Such as `3.1 The chain rule`.
    let section: String
  }

  private(set) var terms: [String: Term] = [:]
  private var order: [String] = []

  /// Gives every term in `node` a place of its own, and notes it.
  mutating func collect(_ node: Node, page: String, section: String) -> Node {
    node.mapInlines { inlines in
      inlines.enumerated().map { index, inline in
        guard inline.type == "Strong", let name = Self.term(inline) else { return inline }
        let key = Self.key(name)
        let anchor = "term-\(PlainText.slug(key))"
        if terms[key]?.places.contains(where: { $0.page == page }) == true { return inline }
        if terms[key] == nil {
          let startsSentence = index == 0 || Self.endsSentence(inlines[..<index])
          terms[key] = Term(
            name: startsSentence ? Self.lowercasedFirst(name) : name, places: [],
            sentence: Self.sentence(around: index, in: inlines))
          order.append(key)
        }
        terms[key]!.places.append(Place(page: page, anchor: anchor, section: section))
        return .span([inline], id: anchor, class: "term")
      }
    }
  }

  /// In the order of the alphabet, singular and plural of one word together.
  func sorted() -> [Term] {
    var merged = terms
    for key in order where key.hasSuffix("s") {
      guard let plural = merged[key], let singular = merged[String(key.dropLast())] else { continue }
      let isFirst = order.firstIndex(of: key)! < order.firstIndex(of: String(key.dropLast()))!
      var term = isFirst ? plural : singular
      term.name = singular.name
      term.places = isFirst ? plural.places + singular.places : singular.places + plural.places
      merged[String(key.dropLast())] = term
      merged[key] = nil
    }
    return merged.values.sorted { ($0.name.lowercased(), $0.name) < ($1.name.lowercased(), $1.name) }
  }

  /// The term that a bold text is; nil for a text that is bold for another reason: one that opens a paragraph, ending
  /// in a full stop, or half a sentence.
  private static func term(_ strong: Node) -> String? {
    let name = strong.plainText.trimmingCharacters(in: .whitespaces)
    guard let last = name.last, !".:!?".contains(last), name.first?.isLetter == true,
      PlainText.words(name) <= 4
    else {
      return nil
    }
    return name
  }

  static func key(_ name: String) -> String { name.lowercased() }

  private static func lowercasedFirst(_ name: String) -> String {
    // An abbreviation keeps its capitals, and so does a name: one whose second letter says so.
    guard name.dropFirst().allSatisfy({ !$0.isUppercase }) else { return name }
    return name.prefix(1).lowercased() + name.dropFirst()
  }

  private static func endsSentence(_ before: ArraySlice<Node>) -> Bool {
    guard let last = before.last(where: { !["Space", "SoftBreak"].contains($0.type) }) else { return true }
    return isSentenceEnd(last)
  }

  private static func isSentenceEnd(_ inline: Node) -> Bool {
    guard inline.type == "Str" || inline.type == "Strong" else { return false }
    let text = inline.plainText
    let end = text.reversed().first { !"\"”’)".contains($0) }
    // The full stop of an initial is no end.
    let isInitial = text.count == 2 && text.first?.isLetter == true
    return end.map { ".?!".contains($0) } == true && !isInitial
  }

  private static func sentence(around index: Int, in inlines: [Node]) -> [Node] {
    let start = inlines[..<index].lastIndex(where: isSentenceEnd).map { $0 + 1 } ?? 0
    let end = inlines[index...].firstIndex { isSentenceEnd($0) && $0.type == "Str" } ?? inlines.count - 1
    return Array(inlines[start...max(end, index)].drop { ["Space", "SoftBreak"].contains($0.type) })
  }
}
