import Foundation

/// A place in the book that others may refer to.
struct Target: Equatable, Sendable {
  enum Kind: Sendable { case chapter, section, exercise, figure, equation, term, excerpt }

  let kind: Kind
  let page: String
  let anchor: String
  let title: String
  /// What stands beside a reference: the number of a figure or an equation.
  var number = ""

  var address: String { anchor.isEmpty ? page : "\(page)#\(anchor)" }
}

/// Everything that can be referred to, and how prose refers to it.
///
/// "section 3.4", "chapters 1 and 2" and "exercise 3.2" become links by themselves. `[text](#name)` refers to a figure,
/// a heading or an equation by its name; behind the text of a link to a figure or an equation comes its number.
struct Links: Sendable {
  /// By number: `3`, `3.4`, `3.2`.
  var chapters: [String: Target] = [:]
  var sections: [String: Target] = [:]
  var exercises: [String: Target] = [:]
  /// What has a name, chapter by chapter; names of the book as a whole under 0.
  var names: [Int: [String: Target]] = [:]
  /// What there is, or will be, but not in this book: `section 3.4`, or `all of chapter 12`.
  var absent: Set<String> = []

  /// Replaces references by links.
  ///
  /// - Parameters:
  ///   - chapter: whose names come first.
  ///   - complain: is told of a reference that leads nowhere.
  func resolve(_ node: Node, in chapter: Int, complain: (String) -> Void) -> Node {
    node.mapInlines { inlines in
      numbered(inlines.flatMap { named($0, chapter, complain) }, chapter, complain)
    }
  }

  // MARK: By name

  private func named(_ inline: Node, _ chapter: Int, _ complain: (String) -> Void) -> [Node] {
    guard let address = inline.address, address.hasPrefix("#") else { return [inline] }
    let name = String(address.dropFirst())
    guard let target = target(name, chapter) else {
      complain("there is nothing with the name \(name)")
      return inline.children
    }
    guard !target.number.isEmpty else { return [.link(inline.children, to: target.address)] }
    // "rule for hidden layers (3.1)", "Figure 3.2", "loss curves (figure 3.2)"
    let isFigure = target.kind == .figure
    let saysSo = isFigure && inline.children.last.map { Self.word($0).lowercased() == "figure" } == true
    let number = saysSo ? target.number : isFigure ? "(figure\u{A0}\(target.number))" : target.number
    return [.link(inline.children + [.word("\u{A0}" + number)], to: target.address)]
  }

  /// What has this name: in the chapter, in the book as a whole, or in exactly one other chapter.
  func target(_ name: String, _ chapter: Int) -> Target? {
    if let target = names[chapter]?[name] ?? names[0]?[name] ?? sections[name] { return target }
    let others = names.values.compactMap { $0[name] }
    return others.count == 1 ? others[0] : nil
  }

  // MARK: By number

  private func numbered(_ inlines: [Node], _ chapter: Int, _ complain: (String) -> Void) -> [Node] {
    var result: [Node] = []
    var rest = inlines[...]
    while let node = rest.first {
      rest.removeFirst()
      guard let keyword = Self.keyword(node), rest.first.map(Self.isSpace) == true,
        let number = rest.dropFirst().first.flatMap(Self.number)
      else {
        result.append(own(node, chapter))
        continue
      }
      let gap = rest.removeFirst()
      rest.removeFirst()
      result += link([node, gap, .word(number.text)], keyword.kind, number.text, complain)
      result += Self.rest(number.rest)
      // "sections 3.1, 3.2 and 3.3"
      var isOpen = keyword.isPlural && [",", ""].contains(number.rest)
      while isOpen {
        let words = rest.prefix { Self.isSpace($0) || ["and", "or", "to"].contains(Self.word($0)) }
        guard !words.isEmpty, let next = rest.dropFirst(words.count).first.flatMap(Self.number) else { break }
        result += words
        rest = rest.dropFirst(words.count + 1)
        result += link([.word(next.text)], keyword.kind, next.text, complain)
        result += Self.rest(next.rest)
        isOpen = [",", ""].contains(next.rest)
      }
    }
    return result
  }

  /// "(3.1)" in chapter 3 is one of its own sections.
  private func own(_ node: Node, _ chapter: Int) -> Node {
    let word = Self.word(node)
    guard word.hasPrefix("("), let match = word.wholeMatch(of: /\(([0-9]+\.[0-9]+)\)([.,;:]?)/),
      match.1.hasPrefix("\(chapter)."), let target = sections[String(match.1)]
    else { return node }
    return .span(
      [.word("("), .link([.word(String(match.1))], to: target.address), .word(")\(match.2)")],
      class: "reference")
  }

  private func link(_ text: [Node], _ kind: Target.Kind, _ number: String, _ complain: (String) -> Void)
    -> [Node]
  {
    let targets: [String: Target]
    let noun: String
    switch kind {
    case .chapter: (targets, noun) = (chapters, "chapter")
    case .exercise: (targets, noun) = (exercises, "exercise")
    default: (targets, noun) = (sections, "section")
    }
    if let target = targets[number] { return [.link(text, to: target.address)] }
    let chapter = number.prefix { $0 != "." }
    if !absent.contains("\(noun) \(number)") && !absent.contains("all of chapter \(chapter)") {
      complain("there is no \(noun) \(number)")
    }
    return text
  }

  private static func word(_ node: Node) -> String { node.type == "Str" ? node.contents?.string ?? "" : "" }

  private static func isSpace(_ node: Node) -> Bool { node.type == "Space" || node.type == "SoftBreak" }

  private static func rest(_ text: String) -> [Node] { text.isEmpty ? [] : [.word(text)] }

  private static let keywords: [String: Target.Kind] = [
    "section": .section, "chapter": .chapter, "exercise": .exercise,
  ]

  private static func keyword(_ node: Node) -> (kind: Target.Kind, isPlural: Bool)? {
    // A text has many words, and hardly any is one of these: no regular expressions here.
    let text = word(node).drop { !$0.isLetter }.lowercased()
    if let kind = keywords[text] { return (kind, false) }
    return text.last == "s" ? keywords[String(text.dropLast())].map { ($0, true) } : nil
  }

  /// A number at the start of a word, and what follows it: "3.5;" is 3.5 and a semicolon.
  private static func number(_ node: Node) -> (text: String, rest: String)? {
    guard let match = word(node).wholeMatch(of: /([0-9]+(?:\.[0-9]+)?)([^0-9].*)?/) else { return nil }
    return (String(match.1), String(match.2 ?? ""))
  }
}
