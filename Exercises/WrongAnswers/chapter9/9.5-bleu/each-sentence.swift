// Says: Each sentence has been judged by itself
import DeepLearning
import Foundation

func ngrams(_ words: [String], _ n: Int) throws -> [[String]: Int] {
  guard words.count >= n else { return [:] }
  return (0...words.count - n).reduce(into: [:]) { counts, start in
    counts[Array(words[start..<start + n]), default: 0] += 1
  }
}

func precision(_ candidates: [[String]], _ references: [[String]], _ n: Int) throws -> Double {
  var sum = 0.0
  for (candidate, reference) in zip(candidates, references) where candidate.count >= n {
    let allowed = try ngrams(reference, n)
    let matches = try ngrams(candidate, n).reduce(0) { $0 + min($1.value, allowed[$1.key] ?? 0) }
    sum += Double(matches) / Double(candidate.count - n + 1)
  }
  return sum / Double(candidates.count)
}

func bleu(_ candidates: [[String]], _ references: [[String]]) throws -> Double {
  let product = try (1...4).reduce(1) { try $0 * precision(candidates, references, $1) }
  let c = Double(candidates.joined().count)
  let r = Double(references.joined().count)
  return (c >= r ? 1 : exp(1 - r / c)) * pow(product, 0.25)
}
