import DeepLearning
import Timing

// So small that the arithmetic takes no time: what is measured is the bookkeeping of each operation.
manualSeed(0)
let layers = (0..<3).map { _ in (0.5 * Tensor.randn(8, 8)).requiresGrad_() }
let x = Tensor.randn(8, 8)
time("three 8×8 tanh layers, forward and backward", runs: 5000) {
  var h = x
  for w in layers {
    w.grad = nil
    h = h.matmul(w).tanh()
  }
  h.sum().backward()
}
time("one 8×8 addition", runs: 50_000) { _ = x + x }
let w = layers[0]
time("one 8×8 addition, recorded", runs: 50_000) { _ = w + x }
