// Says: nothing has been computed yet
import DeepLearning

func normalizedLoss(_ logits: Tensor, _ targets: Tensor, _ mask: Tensor) throws -> Tensor {
  0 * logits[0, 0, 0]
}

func sentenceLogs(_ logits: Tensor, _ targets: Tensor, _ mask: Tensor) throws -> Tensor {
  Tensor.zeros(logits.size(0))
}

func epochLoss(_ batches: [(loss: Double, tokens: Int)]) throws -> Double {
  0
}
