/// Makes sentences at random, in English and in Spanish at once.
///
///     sentence   subject verb | subject verb object | noun phrase be adjective
///     subject    noun phrase | pronoun
///     object     noun phrase, of a thing
///
/// Objects are things only: before a person Spanish wants the preposition `a`.
struct SpanishGrammar {
  let generator: Generator

  /// An adjective that is said of a noun, both by their number in ``SpanishWords``.
  struct Combination: Hashable {
    let noun: Int
    let adjective: Int
  }

  struct Sentence {
    let pair: TextPair
    let exchanges: [EnglishSpanish.Exchange]
    /// The combinations of adjectives that stand with their noun.
    let attributes: [Combination]
    /// These, and that of an adjective behind a form of `be`.
    let combinations: [Combination]
  }

  mutating func sentence() -> Sentence {
    var writer = Writer()
    switch generator.nextInt(in: 0..<10) {
    case 0..<2: writeIntransitive(&writer)
    case 2..<4: writePredicate(&writer)
    default: writeTransitive(&writer)
    }
    return writer.sentence
  }

  private func writeIntransitive(_ writer: inout Writer) {
    let verb = pick(SpanishWords.intransitive)
    let person = writeSubject(verb.subjects, &writer)
    writer.append(verb.english(person), [verb.spanish(person)])
  }

  private func writeTransitive(_ writer: inout Writer) {
    let verb = pick(SpanishWords.transitive)
    let person = writeSubject(verb.subjects, &writer)
    writer.append(verb.english(person), [verb.spanish(person)])
    writer.append(
      nounPhrase { noun in noun.kind == .thing && verb.objects?.contains(noun.english) ?? true })
  }

  /// "the houses are red". All adjectives here are lasting qualities, which Spanish says with `ser`.
  private func writePredicate(_ writer: inout Writer) {
    let subject = nounPhrase { _ in true }
    let adjective = adjective(for: subject.nounNumber, otherThan: subject.adjectiveNumber)
    writer.append(subject)
    writer.append(
      [subject.isPlural ? "are" : "is", SpanishWords.adjectives[adjective].english],
      [
        subject.isPlural ? "son" : "es",
        SpanishWords.adjectives[adjective].spanish(subject.noun.gender, isPlural: subject.isPlural),
      ])
    writer.combinations.append(Combination(noun: subject.nounNumber, adjective: adjective))
  }

  private func writeSubject(_ kinds: [Noun.Kind], _ writer: inout Writer) -> Person {
    if generator.nextInt(in: 0..<4) == 0 {
      let pronoun = pick(Self.pronouns)
      writer.append([pronoun.english], pronoun.spanish)
      return pronoun.person
    }
    let subject = nounPhrase { kinds.contains($0.kind) }
    writer.append(subject)
    return subject.isPlural ? .they : .heOrShe
  }

  /// Where the verb's ending says who it is, Spanish leaves the pronoun out.
  private static let pronouns: [(english: String, spanish: [String], person: Person)] = [
    ("i", [], .i), ("you", [], .you), ("he", ["él"], .heOrShe), ("she", ["ella"], .heOrShe),
    ("we", [], .we), ("they", ["ellos"], .they),
  ]

  private func nounPhrase(where isFit: (Noun) -> Bool) -> NounPhrase {
    let noun = pick(SpanishWords.nouns.indices.filter { isFit(SpanishWords.nouns[$0]) })
    return NounPhrase(
      nounNumber: noun, adjectiveNumber: generator.nextInt(in: 0..<5) < 3 ? adjective(for: noun) : nil,
      isPlural: generator.nextInt(in: 0..<2) == 0, isDefinite: generator.nextInt(in: 0..<3) > 0)
  }

  private func adjective(for noun: Int, otherThan other: Int? = nil) -> Int {
    let kind = SpanishWords.nouns[noun].kind
    return pick(
      SpanishWords.adjectives.indices.filter {
        $0 != other && SpanishWords.adjectives[$0].kinds.contains(kind)
      })
  }

  private func pick<Element>(_ elements: [Element]) -> Element {
    elements[generator.nextInt(in: 0..<elements.count)]
  }
}

/// An article, perhaps an adjective, and a noun.
struct NounPhrase {
  let nounNumber: Int
  let adjectiveNumber: Int?
  let isPlural: Bool
  let isDefinite: Bool

  var noun: Noun { SpanishWords.nouns[nounNumber] }
  private var adjective: Adjective? { adjectiveNumber.map { SpanishWords.adjectives[$0] } }

  /// the black cat, an old cat, some black cats
  var english: [String] {
    let words = [adjective?.english, isPlural ? noun.englishPlural : noun.english].compactMap { $0 }
    let indefinite = isPlural ? "some" : "aeiou".contains(words[0].first!) ? "an" : "a"
    return [isDefinite ? "the" : indefinite] + words
  }

  /// el gato negro, un gato viejo, unos gatos negros
  var spanish: [String] {
    let articles =
      isDefinite
      ? [Gender.masculine: ("el", "los"), .feminine: ("la", "las")]
      : [.masculine: ("un", "unos"), .feminine: ("una", "unas")]
    let (singular, plural) = articles[noun.gender]!
    let words = isPlural ? [plural, noun.spanishPlural] : [singular, noun.spanish]
    return words + [adjective?.spanish(noun.gender, isPlural: isPlural)].compactMap { $0 }
  }
}

/// Puts the words of both languages one after another.
private struct Writer {
  private var english: [String] = []
  private var spanish: [String] = []
  private var exchanges: [EnglishSpanish.Exchange] = []
  private var attributes: [SpanishGrammar.Combination] = []
  var combinations: [SpanishGrammar.Combination] = []

  var sentence: SpanishGrammar.Sentence {
    SpanishGrammar.Sentence(
      pair: TextPair(english.joined(separator: " "), spanish.joined(separator: " ")), exchanges: exchanges,
      attributes: attributes, combinations: combinations)
  }

  mutating func append(_ english: [String], _ spanish: [String]) {
    self.english += english
    self.spanish += spanish
  }

  mutating func append(_ phrase: NounPhrase) {
    if let adjective = phrase.adjectiveNumber {
      let combination = SpanishGrammar.Combination(noun: phrase.nounNumber, adjective: adjective)
      attributes.append(combination)
      combinations.append(combination)
      exchanges.append(
        EnglishSpanish.Exchange(
          adjective: EnglishSpanish.Place(english: english.count + 1, spanish: spanish.count + 2),
          noun: EnglishSpanish.Place(english: english.count + 2, spanish: spanish.count + 1)))
    }
    append(phrase.english, phrase.spanish)
  }
}
