// The words of the English–Spanish sentences, and how they are inflected. All Spanish verbs here are regular in
// the present, and no feminine noun begins with a stressed a, before which the article would be `el`.

enum Gender: Sendable { case masculine, feminine }

struct Noun: Sendable {
  enum Kind: Sendable { case person, animal, thing }

  let english: String
  let englishPlural: String
  let spanish: String
  let spanishPlural: String
  let gender: Gender
  let kind: Kind

  init(
    _ english: String, _ spanish: String, _ gender: Gender, _ kind: Kind, englishPlural: String? = nil,
    spanishPlural: String? = nil
  ) {
    self.english = english
    self.spanish = spanish
    self.gender = gender
    self.kind = kind
    self.englishPlural = englishPlural ?? englishWithS(english)
    self.spanishPlural = spanishPlural ?? regularSpanishPlural(spanish)
  }
}

struct Adjective: Sendable {
  let english: String
  /// What it can be said of.
  let kinds: [Noun.Kind]
  private let spanish: String
  private let plural: String

  init(_ english: String, _ spanish: String, _ kinds: [Noun.Kind], plural: String? = nil) {
    self.english = english
    self.spanish = spanish
    self.kinds = kinds
    self.plural = plural ?? regularSpanishPlural(spanish)
  }

  /// The form that agrees with a noun: -o becomes -a, -os or -as; other endings have no gender.
  func spanish(_ gender: Gender, isPlural: Bool) -> String {
    guard gender == .feminine, spanish.hasSuffix("o") else { return isPlural ? plural : spanish }
    return spanish.dropLast() + (isPlural ? "as" : "a")
  }
}

struct Verb: Sendable {
  let english: String
  let infinitive: String
  /// Who does it.
  let subjects: [Noun.Kind]
  /// To what it is done, nouns in English; any thing where it is nil.
  let objects: [String]?

  init(
    _ english: String, _ infinitive: String, _ subjects: [Noun.Kind] = [.person], objects: [String]? = nil
  ) {
    self.english = english
    self.infinitive = infinitive
    self.subjects = subjects
    self.objects = objects
  }

  /// The present: `runs` or `looks for` for the third person singular, the plain form for all others.
  func english(_ person: Person) -> [String] {
    let words = english.split(separator: " ").map(String.init)
    return person == .heOrShe ? [englishWithS(words[0])] + words.dropFirst() : words
  }

  /// The regular present of verbs in -ar, -er and -ir.
  func spanish(_ person: Person) -> String {
    let endings =
      switch infinitive.suffix(2) {
      case "ar": ["o", "as", "a", "amos", "an"]
      case "er": ["o", "es", "e", "emos", "en"]
      default: ["o", "es", "e", "imos", "en"]
      }
    return infinitive.dropLast(2) + endings[person.rawValue]
  }
}

/// Who acts: the five forms that a Spanish verb has here.
enum Person: Int, Sendable { case i, you, heOrShe, we, they }

/// An English plural, or a verb's third person: cats, boxes, flies.
func englishWithS(_ word: String) -> String {
  if ["s", "x", "ch", "sh"].contains(where: word.hasSuffix) { return word + "es" }
  let isAfterVowel = word.dropLast().last.map("aeiou".contains) ?? true
  return word.hasSuffix("y") && !isAfterVowel ? word.dropLast() + "ies" : word + "s"
}

/// A regular Spanish plural: gatos, flores, felices.
func regularSpanishPlural(_ word: String) -> String {
  if word.hasSuffix("z") { return word.dropLast() + "ces" }
  return word.last.map("aeiou".contains) == true ? word + "s" : word + "es"
}

enum SpanishWords {
  static let nouns: [Noun] = [
    Noun("boy", "niño", .masculine, .person),
    Noun("girl", "niña", .feminine, .person),
    Noun("man", "hombre", .masculine, .person, englishPlural: "men"),
    Noun("woman", "mujer", .feminine, .person, englishPlural: "women"),
    Noun("king", "rey", .masculine, .person),
    Noun("queen", "reina", .feminine, .person),
    Noun("grandfather", "abuelo", .masculine, .person),
    Noun("grandmother", "abuela", .feminine, .person),
    Noun("cat", "gato", .masculine, .animal),
    Noun("dog", "perro", .masculine, .animal),
    Noun("horse", "caballo", .masculine, .animal),
    Noun("cow", "vaca", .feminine, .animal),
    Noun("bird", "pájaro", .masculine, .animal),
    Noun("duck", "pato", .masculine, .animal),
    Noun("turtle", "tortuga", .feminine, .animal),
    Noun("frog", "rana", .feminine, .animal),
    Noun("mouse", "ratón", .masculine, .animal, englishPlural: "mice", spanishPlural: "ratones"),
    Noun("hen", "gallina", .feminine, .animal),
    Noun("rabbit", "conejo", .masculine, .animal),
    Noun("spider", "araña", .feminine, .animal),
    Noun("book", "libro", .masculine, .thing),
    Noun("letter", "carta", .feminine, .thing),
    Noun("newspaper", "periódico", .masculine, .thing),
    Noun("apple", "manzana", .feminine, .thing),
    Noun("cake", "pastel", .masculine, .thing),
    Noun("orange", "naranja", .feminine, .thing),
    Noun("door", "puerta", .feminine, .thing),
    Noun("window", "ventana", .feminine, .thing),
    Noun("box", "caja", .feminine, .thing),
    Noun("house", "casa", .feminine, .thing),
    Noun("car", "coche", .masculine, .thing),
    Noun("boat", "barco", .masculine, .thing),
    Noun("table", "mesa", .feminine, .thing),
    Noun("chair", "silla", .feminine, .thing),
    Noun("hat", "sombrero", .masculine, .thing),
    Noun("shirt", "camisa", .feminine, .thing),
    Noun("shoe", "zapato", .masculine, .thing),
    Noun("ball", "pelota", .feminine, .thing),
    Noun("flower", "flor", .feminine, .thing),
    Noun("tree", "árbol", .masculine, .thing),
    Noun("key", "llave", .feminine, .thing),
  ]

  static let adjectives: [Adjective] = [
    Adjective("black", "negro", [.animal, .thing]),
    Adjective("white", "blanco", [.animal, .thing]),
    Adjective("red", "rojo", [.animal, .thing]),
    Adjective("yellow", "amarillo", [.animal, .thing]),
    Adjective("green", "verde", [.animal, .thing]),
    Adjective("blue", "azul", [.animal, .thing]),
    Adjective("gray", "gris", [.animal, .thing]),
    Adjective("small", "pequeño", [.person, .animal, .thing]),
    Adjective("big", "grande", [.person, .animal, .thing]),
    Adjective("old", "viejo", [.person, .animal, .thing]),
    Adjective("pretty", "bonito", [.person, .animal, .thing]),
    Adjective("new", "nuevo", [.thing]),
    Adjective("expensive", "caro", [.thing]),
    Adjective("cheap", "barato", [.thing]),
    Adjective("tall", "alto", [.person]),
    Adjective("kind", "amable", [.person]),
    Adjective("young", "joven", [.person, .animal], plural: "jóvenes"),
    Adjective("strong", "fuerte", [.person, .animal]),
    Adjective("thin", "delgado", [.person, .animal]),
    Adjective("clever", "listo", [.person, .animal]),
    Adjective("happy", "feliz", [.person, .animal]),
  ]

  /// What is done to something.
  static let transitive: [Verb] = [
    Verb("buy", "comprar"),
    Verb("sell", "vender"),
    Verb("paint", "pintar"),
    Verb("draw", "dibujar"),
    Verb("wash", "lavar"),
    Verb("receive", "recibir"),
    Verb("need", "necesitar", [.person, .animal]),
    Verb("look for", "buscar", [.person, .animal]),
    Verb("carry", "llevar", [.person, .animal]),
    Verb("touch", "tocar", [.person, .animal]),
    Verb("break", "romper", [.person, .animal]),
    Verb("hide", "esconder", [.person, .animal]),
    Verb("eat", "comer", [.person, .animal], objects: ["apple", "cake", "orange"]),
    Verb("read", "leer", objects: ["book", "letter", "newspaper"]),
    Verb("write", "escribir", objects: ["book", "letter"]),
    Verb("open", "abrir", objects: ["door", "window", "box", "book", "letter"]),
  ]

  /// What needs nothing else.
  static let intransitive: [Verb] = [
    Verb("run", "correr", [.person, .animal]),
    Verb("walk", "caminar", [.person, .animal]),
    Verb("swim", "nadar", [.person, .animal]),
    Verb("jump", "saltar", [.person, .animal]),
    Verb("rest", "descansar", [.person, .animal]),
    Verb("arrive", "llegar", [.person, .animal]),
    Verb("sing", "cantar"),
    Verb("dance", "bailar"),
    Verb("work", "trabajar"),
    Verb("shout", "gritar"),
    Verb("cry", "llorar"),
  ]
}
