// Says: One with more characters has more weight
import DeepLearning
import Foundation

func perplexity(_ logits: Tensor, _ targets: [Int]) throws -> Double {
  exp(crossEntropy(logits, Tensor(targets)).item())
}

func joined(_ pieces: [(perplexity: Double, count: Int)]) throws -> Double {
  exp(pieces.reduce(0) { $0 + log($1.perplexity) } / Double(pieces.count))
}

func bits(_ perplexity: Double) throws -> Double {
  log2(perplexity)
}
