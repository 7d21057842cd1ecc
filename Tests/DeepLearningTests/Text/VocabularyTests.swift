import Testing

@testable import Datasets
@testable import DeepLearning
@testable import Tensors

@Suite struct VocabularyTests {
  private let texts = ["the cat sees the dog", "the dog sees a cat", "a bird sings"]

  @Test func numbersByFrequencyAndThenByCharacters() {
    let vocabulary = Vocabulary(of: texts, tokenizer: WordTokenizer())
    #expect(
      vocabulary.tokens == [
        "<pad>", "<start>", "<end>", "<unk>", "the", "a", "cat", "dog", "sees", "bird", "sings",
      ])
    #expect(vocabulary.count == 11)
    #expect(vocabulary["dog"] == 7 && vocabulary[7] == "dog")
    #expect([vocabulary[.pad], vocabulary[.start], vocabulary[.end], vocabulary[.unknown]] == [0, 1, 2, 3])
    // The order of the texts makes no difference.
    #expect(Vocabulary(of: texts.reversed(), tokenizer: WordTokenizer()).tokens == vocabulary.tokens)
  }

  @Test func rareTokensAreUnknown() {
    let vocabulary = Vocabulary(of: texts, tokenizer: WordTokenizer(), minimumCount: 2)
    #expect(vocabulary.tokens.dropFirst(4) == ["the", "a", "cat", "dog", "sees"])
    #expect(vocabulary.contains("dog") && !vocabulary.contains("bird"))
    #expect(vocabulary["bird"] == 3 && vocabulary["whale"] == 3)
    #expect(vocabulary.encode("a bird sees the whale") == [5, 3, 8, 4, 3])
    #expect(vocabulary.decode([5, 3, 8]) == "a <unk> sees")
  }

  @Test func startAndEndStandAroundTheText() {
    let vocabulary = Vocabulary(of: texts, tokenizer: WordTokenizer())
    let indices = vocabulary.encode("the cat", start: true, end: true)
    #expect(indices == [1, 4, 6, 2])
    // Behind the end there is nothing that counts.
    #expect(vocabulary.decode(indices + [0, 0]) == "the cat")
    #expect(vocabulary.decode([0, 1, 4, 6, 2, 7, 7]) == "the cat")
    #expect(vocabulary.decode(Tensor([4, 6, 0])) == "the cat")
    #expect(vocabulary.decode([]) == "")
    #expect(vocabulary.encode("") == [])
  }

  @Test func specialsAreChosen() {
    let characters = Vocabulary(of: ["abba", "c"], tokenizer: CharacterTokenizer(), specials: [])
    #expect(characters.tokens == ["a", "b", "c"])
    #expect(characters.encode("cab") == [2, 0, 1])
    let some = Vocabulary(of: ["ab"], tokenizer: CharacterTokenizer(), specials: [.unknown, .pad])
    #expect(some.tokens == ["<pad>", "<unk>", "a", "b"])
    #expect(Vocabulary(of: [], tokenizer: CharacterTokenizer()).count == 4)
  }

  @Test func charactersAreWhatReadersSee() {
    let tokenizer = CharacterTokenizer()
    let text = "née 👩‍🔬\nΔx = 1"
    #expect(tokenizer.tokens(of: text).count == 12)
    #expect(tokenizer.tokens(of: text)[1] == "é" && tokenizer.tokens(of: text)[4] == "👩‍🔬")
    #expect(tokenizer.text(of: tokenizer.tokens(of: text)) == text)
    // An accent may be a character of its own in the file; it is the same token.
    let vocabulary = Vocabulary(of: ["e\u{301}", "\u{e9}"], tokenizer: tokenizer, specials: [])
    #expect(vocabulary.count == 1)
  }

  @Test(arguments: [
    ("The T-shirt isn't red.", ["the", "t-shirt", "isn't", "red", "."]),
    ("¿Dónde está el niño?", ["¿", "dónde", "está", "el", "niño", "?"]),
    ("  a\tb\n\nc ", ["a", "b", "c"]),
    ("'quoted' - well-known-", ["'", "quoted", "'", "-", "well-known", "-"]),
    ("3.14, (x)", ["3", ".", "14", ",", "(", "x", ")"]),
    ("", []),
  ])
  func words(_ text: String, _ tokens: [String]) {
    #expect(WordTokenizer().tokens(of: text) == tokens)
  }

  @Test func wordsArePutTogetherWithSpaces() {
    let tokenizer = WordTokenizer(lowercases: false)
    for text in ["¿Dónde está el niño?", "Yes, (the T-shirt) isn't red; is it?", "«No», 5% less."] {
      #expect(tokenizer.text(of: tokenizer.tokens(of: text)) == text)
    }
  }
}
