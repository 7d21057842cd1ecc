// Says: nothing has been computed yet
import DeepLearning

struct Weights {
  var u, w, bx, bh: Tensor
}

func step(_ x: Tensor, _ h: Tensor, _ weights: Weights) throws -> Tensor {
  Tensor.zeros(like: h)
}

func kept(_ gates: Tensor) throws -> (start: Tensor, candidates: Tensor) {
  (Tensor.zeros(gates.size(1)), Tensor.zeros(like: gates))
}
