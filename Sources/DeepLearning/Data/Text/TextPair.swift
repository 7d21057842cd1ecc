/// A text and what it is to become: a sentence and its translation, a date as it was written and in digits.
public struct TextPair: Sendable, Hashable {
  public let source: String
  public let target: String

  public init(_ source: String, _ target: String) {
    self.source = source
    self.target = target
  }
}

/// Pairs of texts as numbers, the targets between a start and an end token.
///
///     let english = Vocabulary(of: pairs.map(\.source), tokenizer: WordTokenizer())
///     let spanish = Vocabulary(of: pairs.map(\.target), tokenizer: WordTokenizer())
///     let data = EncodedPairs(pairs, source: english, target: spanish)
///     let loader = DataLoader(data, batchSize: 64, shuffle: true, collate: { PaddedPairs($0) })
public struct EncodedPairs: Dataset {
  private let pairs: [(source: [Int], target: [Int])]

  public init(_ pairs: [TextPair], source: Vocabulary, target: Vocabulary) {
    self.pairs = pairs.map { (source.encode($0.source), target.encode($0.target, start: true, end: true)) }
  }

  public var count: Int { pairs.count }

  public subscript(index: Int) -> (source: [Int], target: [Int]) {
    checkIndex(index, "EncodedPairs")
    return pairs[index]
  }
}
