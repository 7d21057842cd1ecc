// Says: δ in rows goes back through W itself
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
  let weights = Layer(u: delta.T.matmul(x), w: delta.T.matmul(h), b: delta.sum(dim: 0))
  return (delta.matmul(layer.u), delta.matmul(layer.w.T), weights)
}
