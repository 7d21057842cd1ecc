// Says: fourth root of their product
import DeepLearning
import Foundation

func ngrams(_ words: [String], _ n: Int) throws -> [[String]: Int] {
  guard words.count >= n else { return [:] }
  return (0...words.count - n).reduce(into: [:]) { counts, start in
    counts[Array(words[start..<start + n]), default: 0] += 1
  }
}

func precision(_ candidates: [[String]], _ references: [[String]], _ n: Int) throws -> Double {
  var (matches, total) = (0, 0)
  for (candidate, reference) in zip(candidates, references) {
    let allowed = try ngrams(reference, n)
    for (ngram, count) in try ngrams(candidate, n) {
      matches += min(count, allowed[ngram] ?? 0)
      total += count
    }
  }
  return Double(matches) / Double(total)
}

func bleu(_ candidates: [[String]], _ references: [[String]]) throws -> Double {
  let product = try (1...4).reduce(0) { try $0 + precision(candidates, references, $1) }
  let c = Double(candidates.joined().count)
  let r = Double(references.joined().count)
  return (c >= r ? 1 : exp(1 - r / c)) * product / 4
}
