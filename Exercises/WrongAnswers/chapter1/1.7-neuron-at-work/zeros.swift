// Says: nothing has been learned yet
import DeepLearning

struct Neuron {
  var mean, spread, w: Tensor
  var b: Double
}

func train(_ x: Tensor, _ y: Tensor, steps: Int, lr: Double) throws -> Neuron {
  let zeros = Tensor.zeros(x.size(1))
  return Neuron(mean: zeros, spread: zeros, w: zeros, b: 0)
}

func probability(_ neuron: Neuron, _ x: Tensor) throws -> Tensor { Tensor.zeros(x.size(0)) }
