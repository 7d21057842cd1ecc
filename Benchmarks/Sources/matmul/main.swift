import DeepLearning
import Timing

// Square products in single precision.
manualSeed(0)
for n in [64, 128, 256, 512, 1024] {
  let a = Tensor.randn(n, n)
  let b = Tensor.randn(n, n)
  time("matmul \(n)", runs: max(5, 200_000_000 / (n * n * n))) { _ = a.matmul(b) }
}
