/// The tokens that a model knows, each with its number.
///
///     let spanish = Vocabulary(of: sentences, tokenizer: WordTokenizer(), minimumCount: 2)
///     let indices = spanish.encode("el gato negro", start: true, end: true)    // [1, 4, 9, 17, 2]
///     spanish.decode(indices)                                                  // "el gato negro"
///     spanish["gato"]      // 9
///     spanish[9]           // "gato"
///     spanish[.pad]        // 0
///
/// The special tokens come first, in the order of ``Special``; then the tokens of the texts, the most frequent
/// first, those equally frequent in the order of their characters. The same texts give the same numbers.
public struct Vocabulary: Sendable {
  /// Tokens that stand for no text.
  public enum Special: String, CaseIterable, Sendable {
    /// Fills up the shorter sequences of a batch.
    case pad = "<pad>"
    /// What a decoder reads before it has written anything.
    case start = "<start>"
    /// What a decoder writes when it is done.
    case end = "<end>"
    /// Any token that is not in the vocabulary.
    case unknown = "<unk>"
  }

  /// The tokens by number.
  public let tokens: [String]
  public let tokenizer: any Tokenizer
  private let indices: [String: Int]

  /// Counts the tokens of texts.
  ///
  /// - Parameters:
  ///   - texts: The texts to train on; what occurs in no other text is to stay unknown.
  ///   - tokenizer: How a text is taken apart.
  ///   - minimumCount: How often a token must occur to get a number of its own.
  ///   - specials: The special tokens that the model needs. Without `.unknown` only what is in the texts can be
  ///     encoded.
  public init(
    of texts: some Sequence<String>, tokenizer: any Tokenizer, minimumCount: Int = 1,
    specials: [Special] = Special.allCases
  ) {
    check(minimumCount >= 1, "Vocabulary", "a token occurs at least once, not \(minimumCount) times")
    var counts: [String: Int] = [:]
    for text in texts {
      for token in tokenizer.tokens(of: text) { counts[token, default: 0] += 1 }
    }
    let specialTokens = Special.allCases.filter(specials.contains).map(\.rawValue)
    for token in specialTokens { counts[token] = nil }
    let frequent = counts.filter { $0.value >= minimumCount }.sorted {
      ($1.value, $0.key) < ($0.value, $1.key)
    }
    tokens = specialTokens + frequent.map(\.key)
    self.tokenizer = tokenizer
    indices = Dictionary(uniqueKeysWithValues: zip(tokens, tokens.indices))
  }

  /// Number of tokens, special ones included: the classes of a model that writes them.
  public var count: Int { tokens.count }

  /// Whether the token has a number of its own.
  public func contains(_ token: String) -> Bool { indices[token] != nil }

  /// The number of a token; that of `.unknown` where the vocabulary does not have it.
  public subscript(token: String) -> Int {
    guard let index = indices[token] ?? indices[Special.unknown.rawValue] else {
      fail("Vocabulary", "has neither the token \"\(token)\" nor one for unknown tokens")
    }
    return index
  }

  /// The number of a special token.
  public subscript(special: Special) -> Int {
    guard let index = indices[special.rawValue] else {
      fail("Vocabulary", "was made without the special token \(special.rawValue)")
    }
    return index
  }

  /// The token of a number.
  public subscript(index: Int) -> String {
    check(tokens.indices.contains(index), "Vocabulary", "has \(count) tokens, and none of number \(index)")
    return tokens[index]
  }

  /// The numbers of a text's tokens.
  ///
  /// - Parameters:
  ///   - start: Whether to begin with the token `.start`.
  ///   - end: Whether to end with the token `.end`.
  public func encode(_ text: String, start: Bool = false, end: Bool = false) -> [Int] {
    (start ? [self[.start]] : []) + tokenizer.tokens(of: text).map { self[$0] } + (end ? [self[.end]] : [])
  }

  /// The text of a sequence of numbers: up to the first `.end`, without `.start` and `.pad`.
  public func decode(_ indices: [Int]) -> String {
    let tokens = indices.map { self[$0] }.prefix { $0 != Special.end.rawValue }
    let silent = [Special.start.rawValue, Special.pad.rawValue]
    return tokenizer.text(of: tokens.filter { !silent.contains($0) })
  }

  /// The text of a row of numbers, an int64 tensor of shape (T).
  public func decode(_ indices: Tensor) -> String {
    check(
      indices.rank == 1 && indices.dtype == .int64, "Vocabulary",
      "decodes int64 tensors of shape (T,), found \(indices.dtype) of shape \(describe(indices.shape))")
    return decode(indices.toArray(of: Int.self))
  }
}
