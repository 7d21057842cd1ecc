import Foundation
import Testing

@testable import Datasets
@testable import DeepLearning
@testable import Tensors

@Suite struct GeneratedTextTests {
  // MARK: - Dates

  @Test func calendarAgreesWithFoundation() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
    let days = CalendarDay.all
    #expect(days.count == 73_049)
    #expect(days.first?.iso == "1900-01-01" && days.last?.iso == "2099-12-31")
    var date = try #require(calendar.date(from: DateComponents(year: 1900, month: 1, day: 1)))
    for day in days {
      let parts = calendar.dateComponents([.year, .month, .day, .weekday], from: date)
      // Foundation counts weekdays from Sunday, which is 1.
      let isEqual =
        parts.year == day.year && parts.month == day.month && parts.day == day.day
        && (parts.weekday! + 5) % 7 == day.weekday
      if !isEqual { Issue.record("\(day.iso) and \(parts)") }
      date = calendar.date(byAdding: .day, value: 1, to: date)!
    }
  }

  @Test func everyFormOfADay() {
    let day = CalendarDay(year: 2019, month: 5, day: 3, weekday: 4)
    #expect(
      WrittenDates.forms.map { $0(day) } == [
        "3 May 2019", "May 3, 2019", "May 3rd, 2019", "3 May 2019", "May 3 2019", "3.5.2019", "03.05.2019",
        "2019/05/03", "2019, May 3", "3rd of May 2019", "the 3rd of May, 2019", "Fri, 3 May 2019",
        "Friday, 3 May 2019", "Friday, May 3, 2019", "Friday, the 3rd of May, 2019",
        "the third of May, 2019", "Friday, the third of May, 2019", "on friday the third day of may 2019",
      ])
    #expect(day.iso == "2019-05-03")
  }

  @Test func ordinals() {
    let days = (1...31).map { CalendarDay(year: 2000, month: 1, day: $0, weekday: 0) }
    #expect(
      days.map(\.ordinal).joined(separator: " ")
        == """
        1st 2nd 3rd 4th 5th 6th 7th 8th 9th 10th 11th 12th 13th 14th 15th 16th 17th 18th 19th 20th 21st 22nd 23rd \
        24th 25th 26th 27th 28th 29th 30th 31st
        """)
    #expect(
      [1, 2, 3, 5, 8, 9, 12, 13, 20, 21, 22, 29, 30, 31].map { days[$0 - 1].spelledOrdinal } == [
        "first", "second", "third", "fifth", "eighth", "ninth", "twelfth", "thirteenth", "twentieth",
        "twenty-first", "twenty-second", "twenty-ninth", "thirtieth", "thirty-first",
      ])
  }

  @Test func heldOutDaysAreUnseen() throws {
    let train = WrittenDates(train: true)
    let test = WrittenDates(train: false)
    #expect(train.count == 10_000 && test.count == 1_000)
    let seen = Set(train.pairs.map(\.target))
    #expect(test.pairs.allSatisfy { !seen.contains($0.target) })
    // Nor would they be seen with any number of examples.
    let many = Set(WrittenDates(train: true, count: 300_000).pairs.map(\.target))
    #expect(many.count > 60_000 && many.isDisjoint(with: test.pairs.map(\.target)))
    let lengths = train.pairs.map(\.source.count)
    #expect(lengths.min() == 8 && lengths.max()! >= 50 && lengths.max()! <= 53)
    #expect(train.pairs.allSatisfy { $0.target.count == 10 })
    // What the test part is written in, the training part has, too.
    let characters = Set(train.pairs.map(\.source).joined())
    #expect(characters.isSuperset(of: test.pairs.map(\.source).joined()) && characters.count < 64)
  }

  @Test func theSameSeedWritesTheSame() {
    let pairs = WrittenDates(train: true, count: 100, seed: 3).pairs
    #expect(pairs == Array(WrittenDates(train: true, count: 200, seed: 3).pairs.prefix(100)))
    #expect(pairs != WrittenDates(train: true, count: 100, seed: 4).pairs)
    let sentences = EnglishSpanish(train: false, count: 50, seed: 3).pairs
    #expect(sentences == Array(EnglishSpanish(train: false, count: 80, seed: 3).pairs.prefix(50)))
    #expect(sentences != EnglishSpanish(train: false, count: 50, seed: 4).pairs)
  }

  // MARK: - English and Spanish

  private func phrase(_ noun: String, _ adjective: String?, _ isPlural: Bool, _ isDefinite: Bool)
    -> NounPhrase
  {
    NounPhrase(
      nounNumber: SpanishWords.nouns.firstIndex { $0.english == noun }!,
      adjectiveNumber: adjective.map { a in SpanishWords.adjectives.firstIndex { $0.english == a }! },
      isPlural: isPlural, isDefinite: isDefinite)
  }

  /// Written by hand: English, Spanish, and the phrase they belong to.
  @Test(
    arguments: [
      ("the black cat", "el gato negro", "cat", "black", false, true),
      ("the black cats", "los gatos negros", "cat", "black", true, true),
      ("a black cow", "una vaca negra", "cow", "black", false, false),
      ("some black cows", "unas vacas negras", "cow", "black", true, false),
      ("an old house", "una casa vieja", "house", "old", false, false),
      ("an orange", "una naranja", "orange", nil, false, false),
      ("an expensive shoe", "un zapato caro", "shoe", "expensive", false, false),
      ("the green trees", "los árboles verdes", "tree", "green", true, true),
      ("the blue flowers", "las flores azules", "flower", "blue", true, true),
      ("the blue flower", "la flor azul", "flower", "blue", false, true),
      ("some gray mice", "unos ratones grises", "mouse", "gray", true, false),
      ("a gray mouse", "un ratón gris", "mouse", "gray", false, false),
      ("the happy girls", "las niñas felices", "girl", "happy", true, true),
      ("the happy boy", "el niño feliz", "boy", "happy", false, true),
      ("the young women", "las mujeres jóvenes", "woman", "young", true, true),
      ("a young man", "un hombre joven", "man", "young", false, false),
      ("the kings", "los reyes", "king", nil, true, true),
      ("some boxes", "unas cajas", "box", nil, true, false),
      ("the big cakes", "los pasteles grandes", "cake", "big", true, true),
      ("the kind queen", "la reina amable", "queen", "kind", false, true),
      ("the small spiders", "las arañas pequeñas", "spider", "small", true, true),
      ("the clever grandmother", "la abuela lista", "grandmother", "clever", false, true),
      ("some old newspapers", "unos periódicos viejos", "newspaper", "old", true, false),
      ("the red keys", "las llaves rojas", "key", "red", true, true),
      ("some strong horses", "unos caballos fuertes", "horse", "strong", true, false),
    ] as [(String, String, String, String?, Bool, Bool)])
  func nounPhrases(
    _ english: String, _ spanish: String, noun: String, adjective: String?, isPlural: Bool, isDefinite: Bool
  ) {
    let phrase = phrase(noun, adjective, isPlural, isDefinite)
    #expect(phrase.english.joined(separator: " ") == english)
    #expect(phrase.spanish.joined(separator: " ") == spanish)
  }

  /// The present of all verbs: I, you, he or she, we, they; and the English third person.
  @Test(arguments: [
    ("compro compras compra compramos compran", "buys"), ("vendo vendes vende vendemos venden", "sells"),
    ("pinto pintas pinta pintamos pintan", "paints"), ("dibujo dibujas dibuja dibujamos dibujan", "draws"),
    ("lavo lavas lava lavamos lavan", "washes"), ("recibo recibes recibe recibimos reciben", "receives"),
    ("necesito necesitas necesita necesitamos necesitan", "needs"),
    ("busco buscas busca buscamos buscan", "looks for"), ("llevo llevas lleva llevamos llevan", "carries"),
    ("toco tocas toca tocamos tocan", "touches"), ("rompo rompes rompe rompemos rompen", "breaks"),
    ("escondo escondes esconde escondemos esconden", "hides"), ("como comes come comemos comen", "eats"),
    ("leo lees lee leemos leen", "reads"), ("escribo escribes escribe escribimos escriben", "writes"),
    ("abro abres abre abrimos abren", "opens"), ("corro corres corre corremos corren", "runs"),
    ("camino caminas camina caminamos caminan", "walks"), ("nado nadas nada nadamos nadan", "swims"),
    ("salto saltas salta saltamos saltan", "jumps"),
    ("descanso descansas descansa descansamos descansan", "rests"),
    ("llego llegas llega llegamos llegan", "arrives"), ("canto cantas canta cantamos cantan", "sings"),
    ("bailo bailas baila bailamos bailan", "dances"),
    ("trabajo trabajas trabaja trabajamos trabajan", "works"),
    ("grito gritas grita gritamos gritan", "shouts"), ("lloro lloras llora lloramos lloran", "cries"),
  ])
  func verbs(_ spanish: String, _ english: String) throws {
    let all = SpanishWords.transitive + SpanishWords.intransitive
    #expect(all.count == 27)
    let verb = try #require(all.first { $0.english(.heOrShe).joined(separator: " ") == english })
    let persons: [Person] = [.i, .you, .heOrShe, .we, .they]
    #expect(persons.map(verb.spanish).joined(separator: " ") == spanish)
    #expect(verb.english(.we).joined(separator: " ") == verb.english)
  }

  /// Written by hand, and found among the sentences that the grammar makes.
  @Test func sentencesAsAPersonWouldTranslateThem() {
    let made = Dictionary(
      uniqueKeysWithValues: EnglishSpanish(train: true, count: 150_000).pairs.map { ($0.source, $0.target) })
    let expected = [
      "i need a key": "necesito una llave",
      "you write the letters": "escribes las cartas",
      "he eats an apple": "él come una manzana",
      "she opens the door": "ella abre la puerta",
      "we look for the key": "buscamos la llave",
      "they sing": "ellos cantan",
      "we dance": "bailamos",
      "he works": "él trabaja",
      "the boy runs": "el niño corre",
      "the women work": "las mujeres trabajan",
      "the king is tall": "el rey es alto",
      "the queen is tall": "la reina es alta",
      "the houses are expensive": "las casas son caras",
      "the car is new": "el coche es nuevo",
      "the girls are happy": "las niñas son felices",
      "some birds swim": "unos pájaros nadan",
    ]
    for (english, spanish) in expected { #expect(made[english] == spanish, "\(english)") }
  }

  /// What the held-out combinations are is told by the sentences themselves, not by the grammar.
  private func combinations(_ set: EnglishSpanish) -> [Set<String>] {
    zip(set.pairs, set.exchanges).map { pair, exchanges in
      let words = pair.source.split(separator: " ")
      return Set(
        exchanges.map { exchange in
          let noun = String(words[exchange.noun.english])
          let lemma = SpanishWords.nouns.first { [$0.english, $0.englishPlural].contains(noun) }!.english
          return "\(words[exchange.adjective.english]) \(lemma)"
        })
    }
  }

  @Test(arguments: [0, 1, 2] as [UInt64]) func combinationsAreHeldOutButNoWordIs(seed: UInt64) {
    let train = EnglishSpanish(train: true, seed: seed)
    let test = EnglishSpanish(train: false, seed: seed)
    #expect(Set(train.pairs).count == 6_000 && Set(test.pairs).count == 1_000)
    for part in [\TextPair.source, \TextPair.target] {
      let words = { (set: EnglishSpanish) in
        Set(set.pairs.flatMap { $0[keyPath: part].split(separator: " ") })
      }
      #expect(words(test).isSubset(of: words(train)))
    }
    let seen = combinations(train).reduce(into: Set()) { $0.formUnion($1) }
    #expect(combinations(test).allSatisfy { !$0.isSubset(of: seen) })
    // Even many more sentences would not show them.
    let more = combinations(EnglishSpanish(train: true, count: 40_000, seed: seed)).reduce(into: Set()) {
      $0.formUnion($1)
    }
    #expect(combinations(test).allSatisfy { !$0.isSubset(of: more) })
    // Nor are they seen behind a form of `be`.
    let heldOut = combinations(test).reduce(into: Set()) { $0.formUnion($1.subtracting(more)) }
    for pair in train.pairs {
      let words = pair.source.split(separator: " ").map(String.init)
      guard let be = words.firstIndex(where: { ["is", "are"].contains($0) }) else { continue }
      let noun = SpanishWords.nouns.first { [$0.english, $0.englishPlural].contains(words[be - 1]) }!
      #expect(!heldOut.contains("\(words[be + 1]) \(noun.english)"))
    }
  }

  @Test func exchangesNameTheWordsThatChangePlaces() {
    let set = EnglishSpanish(train: true, count: 500)
    for (pair, exchanges) in zip(set.pairs, set.exchanges) {
      let english = pair.source.split(separator: " ").map(String.init)
      let spanish = pair.target.split(separator: " ").map(String.init)
      for exchange in exchanges {
        let adjective = SpanishWords.adjectives.first { $0.english == english[exchange.adjective.english] }
        let noun = SpanishWords.nouns.first {
          [$0.english, $0.englishPlural].contains(english[exchange.noun.english])
        }
        let isPlural = noun?.englishPlural == english[exchange.noun.english]
        #expect(exchange.noun.english == exchange.adjective.english + 1)
        #expect(exchange.noun.spanish == exchange.adjective.spanish - 1)
        #expect(
          spanish[exchange.noun.spanish] == (isPlural ? noun?.spanishPlural : noun?.spanish)
            && spanish[exchange.adjective.spanish] == adjective?.spanish(noun!.gender, isPlural: isPlural))
      }
    }
    #expect(set.exchanges.contains { $0.count == 2 } && set.exchanges.contains { $0.isEmpty })
  }

  @Test func vocabulariesReadTheSentences() {
    let set = EnglishSpanish(train: true)
    let english = Vocabulary(of: set.pairs.map(\.source), tokenizer: WordTokenizer())
    let spanish = Vocabulary(of: set.pairs.map(\.target), tokenizer: WordTokenizer())
    for pair in set.pairs {
      #expect(english.decode(english.encode(pair.source)) == pair.source)
      #expect(spanish.decode(spanish.encode(pair.target)) == pair.target)
    }
  }
}
