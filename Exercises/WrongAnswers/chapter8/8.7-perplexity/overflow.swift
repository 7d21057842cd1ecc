// Says: A large logit overflows
import DeepLearning
import Foundation

func perplexity(_ logits: Tensor, _ targets: [Int]) throws -> Double {
  let p = logits.exp() / logits.exp().sum(dim: 1, keepDim: true)
  let logs = targets.indices.map { log(p[$0, targets[$0]].item()) }
  return exp(-logs.reduce(0, +) / Double(logs.count))
}

func joined(_ pieces: [(perplexity: Double, count: Int)]) throws -> Double {
  let characters = pieces.reduce(0) { $0 + $1.count }
  let surprise = pieces.reduce(0) { $0 + Double($1.count) * log($1.perplexity) }
  return exp(surprise / Double(characters))
}

func bits(_ perplexity: Double) throws -> Double {
  log2(perplexity)
}
