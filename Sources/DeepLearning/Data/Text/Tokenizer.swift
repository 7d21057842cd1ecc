/// Takes text apart into tokens, the pieces that a model reads and writes, and puts it together again.
public protocol Tokenizer: Sendable {
  func tokens(of text: String) -> [String]
  func text(of tokens: [String]) -> String
}

/// Each character is a token: what a reader sees as one, with its accents.
public struct CharacterTokenizer: Tokenizer {
  public init() {}

  public func tokens(of text: String) -> [String] { text.map { String($0) } }

  public func text(of tokens: [String]) -> String { tokens.joined() }
}

/// Each word is a token, and so is each mark of punctuation; white space only separates.
///
///     WordTokenizer().tokens(of: "The T-shirt isn't red.")    // ["the", "t-shirt", "isn't", "red", "."]
///
/// Put together, tokens have spaces between them, but none before a closing mark nor after an opening one.
public struct WordTokenizer: Tokenizer {
  /// Whether `The` and `the` are one token, the latter.
  public let lowercases: Bool

  public init(lowercases: Bool = true) { self.lowercases = lowercases }

  public func tokens(of text: String) -> [String] {
    let characters = Array(lowercases ? text.lowercased() : text)
    var tokens: [String] = []
    var word = ""
    for (i, character) in characters.enumerated() {
      let isInside = !word.isEmpty && i + 1 < characters.count && Self.isWordPart(characters[i + 1])
      if Self.isWordPart(character) || Self.joints.contains(character) && isInside {
        word.append(character)
        continue
      }
      if !word.isEmpty { tokens.append(word) }
      word = ""
      if !character.isWhitespace { tokens.append(String(character)) }
    }
    return word.isEmpty ? tokens : tokens + [word]
  }

  public func text(of tokens: [String]) -> String {
    var text = ""
    var previous = ""
    for token in tokens {
      let isClose = text.isEmpty || Self.closing.contains(token) || Self.opening.contains(previous)
      text += isClose ? token : " " + token
      previous = token
    }
    return text
  }

  /// Marks that belong to a word where a letter or a digit stands on both sides.
  private static let joints: Set<Character> = ["'", "’", "-"]
  private static let opening: Set<String> = ["(", "[", "{", "¿", "¡", "“", "«"]
  private static let closing: Set<String> = [
    ".", ",", ";", ":", "!", "?", ")", "]", "}", "”", "»", "…", "%",
  ]

  private static func isWordPart(_ character: Character) -> Bool { character.isLetter || character.isNumber }
}
