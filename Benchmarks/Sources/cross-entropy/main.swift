import DeepLearning
import Timing

// Forward and backward. A classifier of ten garments, a character model, a vocabulary of a thousand words.
manualSeed(0)
for (rows, classes) in [(64, 10), (2048, 64), (4096, 1000)] {
  let logits = Tensor.randn(rows, classes).requiresGrad_()
  let labels = Tensor.randint(0, classes, [rows])
  time("cross-entropy, \(rows) × \(classes)", runs: max(20, 20_000_000 / (rows * classes) / 50)) {
    logits.grad = nil
    crossEntropy(logits, labels).backward()
  }
}
