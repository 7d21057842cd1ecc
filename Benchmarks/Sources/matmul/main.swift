import DeepLearning
import Timing

// Square products in single precision.
manualSeed(0)
for n in [64, 128, 256, 512, 1024] {
  let a = Tensor.randn(n, n)
  let b = Tensor.randn(n, n)
  time("matmul \(n)", runs: max(5, 200_000_000 / (n * n * n))) { _ = a.matmul(b) }
}

// And products as layers have them: rows of a batch, inputs, units.
for (rows, inputs, units) in [(64, 784, 512), (32, 128, 384), (2048, 128, 128), (1, 1024, 1024)] {
  let x = Tensor.randn(rows, inputs)
  let w = Tensor.randn(units, inputs)
  time("linear, \(rows) × \(inputs) → \(units)", runs: max(20, 200_000_000 / (rows * inputs * units))) {
    _ = linear(x, w)
  }
}
