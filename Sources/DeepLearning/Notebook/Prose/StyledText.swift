/// How a terminal sets a character; `plain` output ignores it.
package struct TextStyle: OptionSet, Hashable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let bold = TextStyle(rawValue: 1)
  package static let dim = TextStyle(rawValue: 2)
  package static let italic = TextStyle(rawValue: 4)
  package static let underline = TextStyle(rawValue: 8)
  package static let red = TextStyle(rawValue: 16)
  package static let green = TextStyle(rawValue: 32)
  package static let yellow = TextStyle(rawValue: 64)
  package static let cyan = TextStyle(rawValue: 128)

  /// The parameters of the escape sequence that switches the style on.
  package var escape: String {
    let codes: [(TextStyle, String)] = [
      (.bold, "1"), (.dim, "2"), (.italic, "3"), (.underline, "4"), (.red, "31"), (.green, "32"),
      (.yellow, "33"), (.cyan, "36"),
    ]
    return "\u{1B}[" + codes.filter { contains($0.0) }.map(\.1).joined(separator: ";") + "m"
  }
}

/// Characters with their styles: what can be measured and wrapped before escape codes are put in.
package struct StyledText {
  package private(set) var characters: [(character: Character, style: TextStyle)] = []

  package init() {}

  package init(_ text: some StringProtocol, _ style: TextStyle = []) { append(text, style) }

  package var count: Int { characters.count }
  package var isEmpty: Bool { characters.isEmpty }

  package mutating func append(_ text: some StringProtocol, _ style: TextStyle = []) {
    for character in text { characters.append((character, style)) }
  }

  package static func + (left: StyledText, right: StyledText) -> StyledText {
    var sum = left
    sum.characters += right.characters
    return sum
  }

  /// Breaks at spaces so that no line is wider than `width` unless a single word is.
  package func wrapped(to width: Int) -> [StyledText] {
    var lines: [StyledText] = []
    var line = StyledText()
    for word in characters.split(whereSeparator: { $0.character == " " || $0.character == "\n" }) {
      if !line.isEmpty {
        if line.count + 1 + word.count > width {
          lines.append(line)
          line = StyledText()
        } else {
          // A space within one style carries it, so that underlines do not break.
          let isInside = line.characters.last?.style == word.first?.style
          line.characters.append((" ", isInside ? word.first!.style : []))
        }
      }
      line.characters += word
    }
    if !line.isEmpty { lines.append(line) }
    return lines
  }

  /// The text, with escape codes where styles change if `usesColor`.
  package func rendered(usesColor: Bool) -> String {
    guard usesColor else { return String(characters.map(\.character)).withPlainSpaces }
    var text = ""
    var current: TextStyle = []
    for (character, style) in characters {
      if style != current {
        if !current.isEmpty { text += "\u{1B}[0m" }
        if !style.isEmpty { text += style.escape }
        current = style
      }
      text.append(character)
    }
    return (current.isEmpty ? text : text + "\u{1B}[0m").withPlainSpaces
  }
}

extension String {
  /// Spaces that wrapping must not break at are only needed until it is done.
  fileprivate var withPlainSpaces: String { String(map { $0 == "\u{A0}" ? " " : $0 }) }
}
