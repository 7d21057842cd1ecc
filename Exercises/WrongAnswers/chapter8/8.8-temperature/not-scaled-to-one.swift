// Says: does not add up to 1
import DeepLearning
import Foundation

func probabilities(_ logits: [Double], temperature: Double, topK: Int? = nil) throws -> [Double] {
  // The largest first; of equal ones the first.
  let ranking = logits.indices.sorted { (logits[$1], $0) < (logits[$0], $1) }
  let chosen = ranking.prefix(temperature == 0 ? 1 : topK ?? logits.count)
  let largest = logits[ranking[0]]
  var p = [Double](repeating: 0, count: logits.count)
  for i in chosen { p[i] = temperature == 0 ? 1 : exp((logits[i] - largest) / temperature) }
  let sum = logits.reduce(0) { $0 + (temperature == 0 ? 0 : exp(($1 - largest) / temperature)) }
  return p.map { $0 / (temperature == 0 ? 1 : sum) }
}

func draw(_ p: [Double], _ u: Double) throws -> Int {
  var sum = 0.0
  for i in p.indices {
    sum += p[i]
    if sum > u { return i }
  }
  return p.lastIndex { $0 > 0 } ?? 0
}
