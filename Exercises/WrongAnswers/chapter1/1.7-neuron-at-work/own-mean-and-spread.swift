// Says: not with their own
import DeepLearning

struct Neuron {
  var mean, spread, w: Tensor
  var b: Double
}

func train(_ x: Tensor, _ y: Tensor, steps: Int, lr: Double) throws -> Neuron {
  let (mean, measured) = (x.mean(dim: 0), x.std(dim: 0))
  let spread = measured.maskedFill(measured .== 0, 1)
  let standardized = (x - mean) / spread
  var (w, b) = (Tensor.zeros(x.size(1)), 0.0)
  for _ in 0..<steps {
    let error = (standardized.matmul(w) + b).sigmoid() - y
    w = w - lr * standardized.T.matmul(error) / Double(x.size(0))
    b -= lr * error.mean().item()
  }
  return Neuron(mean: mean, spread: spread, w: w, b: b)
}

func probability(_ neuron: Neuron, _ x: Tensor) throws -> Tensor {
  (((x - x.mean(dim: 0)) / x.std(dim: 0)).matmul(neuron.w) + neuron.b).sigmoid()
}
