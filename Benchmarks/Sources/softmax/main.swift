import DeepLearning
import Timing

// Forward and backward. A classifier of ten garments, the scores of an attention of 16 × 4 × 128 × 128, a vocabulary.
manualSeed(0)
for (rows, classes) in [(64, 10), (8192, 128), (4096, 1000)] {
  let x = Tensor.randn(rows, classes).requiresGrad_()
  let gradient = Tensor.randn(rows, classes)
  time("softmax, \(rows) × \(classes)", runs: max(20, 400_000 / rows / classes * 50)) {
    x.grad = nil
    x.softmax(dim: 1).backward(gradient)
  }
}
