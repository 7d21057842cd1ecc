// Says: a mean of each sentence's mean
import DeepLearning

func normalizedLoss(_ logits: Tensor, _ targets: Tensor, _ mask: Tensor) throws -> Tensor {
  -((try sentenceLogs(logits, targets, mask)) / mask.to(logits.dtype).sum(dim: 1)).mean()
}

func sentenceLogs(_ logits: Tensor, _ targets: Tensor, _ mask: Tensor) throws -> Tensor {
  let finite = logits.maskedFill(.!mask.unsqueeze(2), 0)
  let logs = finite.logSoftmax(dim: 2).gather(2, targets.unsqueeze(2)).squeeze(2)
  return logs.maskedFill(.!mask, 0).sum(dim: 1)
}

func epochLoss(_ batches: [(loss: Double, tokens: Int)]) throws -> Double {
  let sum = batches.reduce(0) { $0 + $1.loss * Double($1.tokens) }
  return sum / Double(batches.reduce(0) { $0 + $1.tokens })
}
