// Says: Both gates are open
import DeepLearning
import Foundation

struct Weights {
  var u, w, bIH, bHH: Tensor
}

func step(_ x: Tensor, _ h: Tensor, _ c: Tensor, _ weights: Weights) throws -> (h: Tensor, c: Tensor) {
  let z = h.matmul(weights.w.T) + weights.bHH + x.matmul(weights.u.T) + weights.bIH
  let parts = z.chunk(4, dim: 1)
  let (i, f, candidate, o) = (parts[0].sigmoid(), parts[1].sigmoid(), parts[2].tanh(), parts[3].sigmoid())
  let new = f * c + i * candidate
  return (o * new.tanh(), new)
}

func read(_ x: Tensor, _ weights: Weights) throws -> (output: Tensor, h: Tensor, c: Tensor) {
  var h = Tensor.zeros(x.size(1), weights.w.size(1))
  var c = Tensor.zeros(like: h)
  var outputs: [Tensor] = []
  for x in x.unbind() {
    (h, c) = try step(x, h, c, weights)
    outputs.append(h)
  }
  return (stack(outputs), h, c)
}

func rememberFor(_ k: Double, _ weights: Weights) throws -> Weights {
  var copy = weights
  let n = weights.w.size(1)
  copy.bIH = weights.bIH.clone()
  copy.bIH[0..<n].fill_(log(k))
  copy.bIH[n..<2 * n].fill_(log(k))
  return copy
}
