import DeepLearning
import Timing

manualSeed(0)
for n in [4096, 65_536, 1_048_576] {
  let a = Tensor.randn(n)
  time("relu(a * 2 + 1), \(n)", runs: 20_000_000 / n) { _ = (a * 2 + 1).relu() }
  time("exp, \(n)", runs: 20_000_000 / n) { _ = a.exp() }
}
