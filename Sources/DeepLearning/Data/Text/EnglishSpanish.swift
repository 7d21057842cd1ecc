/// English sentences with their translations into Spanish, from a small grammar.
///
///     let train = EnglishSpanish(train: true, count: 6_000)
///     let test = EnglishSpanish(train: false, count: 1_000)
///     train[0]    // TextPair("the black cat eats an apple", "el gato negro come una manzana")
///
/// What there is to learn: articles and adjectives agree with their noun in gender and number (`las casas rojas`);
/// adjectives stand behind it; verbs have an ending for each person, so that Spanish needs no word for I, you and
/// we (`compramos`); two words may be one (`look for`, `buscar`) and one form may mean several.
///
/// The sentences of a set all differ. About a fifth of the combinations of an adjective with a noun is held out:
/// no sentence of the training part has one of them, and each of the test part has at least one, before its noun
/// in English and behind it in Spanish. Its words, in each of their forms, are nevertheless all in a training part
/// of the usual size. One seed always gives the same sentences; a smaller set is the beginning of a larger one.
public struct EnglishSpanish: Dataset, Sendable {
  /// Where a word stands in both sentences, counted in words from 0.
  public struct Place: Sendable, Hashable {
    public let english: Int
    public let spanish: Int
  }

  /// An adjective and its noun, which change places in translation.
  public struct Exchange: Sendable, Hashable {
    public let adjective: Place
    public let noun: Place
  }

  /// The sentences and their translations.
  public let pairs: [TextPair]
  /// For each sentence, the adjectives that stand with a noun.
  public let exchanges: [[Exchange]]

  /// - Parameters:
  ///   - train: Which of the two parts to make.
  ///   - count: Number of sentences, at most a million.
  ///   - seed: Another seed gives other sentences, and holds out other combinations.
  public init(train: Bool, count: Int? = nil, seed: UInt64 = 0) {
    let count = count ?? (train ? 6_000 : 1_000)
    check(0...1_000_000 ~= count, "EnglishSpanish", "cannot make \(count) different sentences")
    var grammar = SpanishGrammar(generator: Generator(seed: 2 * seed &+ (train ? 1 : 2)))
    let shift = Int(seed % 5)
    var sentences: [SpanishGrammar.Sentence] = []
    var known: Set<TextPair> = []
    while sentences.count < count {
      let sentence = grammar.sentence()
      let isHeldOut = { (pair: SpanishGrammar.Combination) in
        (pair.noun + 2 * pair.adjective + shift) % 5 == 0
      }
      let belongs =
        train
        ? !sentence.combinations.contains(where: isHeldOut) : sentence.attributes.contains(where: isHeldOut)
      if belongs, known.insert(sentence.pair).inserted { sentences.append(sentence) }
    }
    pairs = sentences.map(\.pair)
    exchanges = sentences.map(\.exchanges)
  }

  public var count: Int { pairs.count }

  public subscript(index: Int) -> TextPair {
    checkIndex(index, "EnglishSpanish")
    return pairs[index]
  }
}
