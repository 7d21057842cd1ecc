// Says: 1 over the mean probability
import DeepLearning
import Foundation

func perplexity(_ logits: Tensor, _ targets: [Int]) throws -> Double {
  let p = logits.softmax(dim: 1)
  return Double(targets.count) / targets.indices.reduce(0.0) { $0 + p[$1, targets[$1]].item() }
}

func joined(_ pieces: [(perplexity: Double, count: Int)]) throws -> Double {
  let characters = pieces.reduce(0) { $0 + $1.count }
  let surprise = pieces.reduce(0) { $0 + Double($1.count) * log($1.perplexity) }
  return exp(surprise / Double(characters))
}

func bits(_ perplexity: Double) throws -> Double {
  log2(perplexity)
}
