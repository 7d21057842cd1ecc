// Says: This is a mean over the batch
import DeepLearning

struct Layer {
  var u, w, b: Tensor
}

func step(_ x: Tensor, _ h: Tensor, _ layer: Layer) throws -> Tensor {
  (h.matmul(layer.w.T) + x.matmul(layer.u.T) + layer.b).tanh()
}

func stepBackward(
  _ g: Tensor, _ x: Tensor, _ h: Tensor, _ layer: Layer
) throws -> (x: Tensor, h: Tensor, layer: Layer) {
  let delta = try g * (1 - step(x, h, layer).square())
  let weights = Layer(
    u: delta.T.matmul(x) / Double(x.size(0)), w: delta.T.matmul(h) / Double(x.size(0)), b: delta.mean(dim: 0))
  return (delta.matmul(layer.u), delta.matmul(layer.w), weights)
}
