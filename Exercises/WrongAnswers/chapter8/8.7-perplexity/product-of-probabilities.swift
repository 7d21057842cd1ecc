// Says: The product of many probabilities is 0
import DeepLearning
import Foundation

func perplexity(_ logits: Tensor, _ targets: [Int]) throws -> Double {
  let logs = logits.logSoftmax(dim: 1)
  let product = targets.indices.reduce(1.0) { $0 * exp(logs[$1, targets[$1]].item()) }
  return pow(product, -1 / Double(targets.count))
}

func joined(_ pieces: [(perplexity: Double, count: Int)]) throws -> Double {
  let characters = pieces.reduce(0) { $0 + $1.count }
  let surprise = pieces.reduce(0) { $0 + Double($1.count) * log($1.perplexity) }
  return exp(surprise / Double(characters))
}

func bits(_ perplexity: Double) throws -> Double {
  log2(perplexity)
}
