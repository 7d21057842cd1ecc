// Says: nothing has been computed yet
import DeepLearning
import Foundation

struct Weights {
  var u, w, bIH, bHH: Tensor
}

func step(_ x: Tensor, _ h: Tensor, _ c: Tensor, _ weights: Weights) throws -> (h: Tensor, c: Tensor) {
  (Tensor.zeros(like: h), Tensor.zeros(like: c))
}

func read(_ x: Tensor, _ weights: Weights) throws -> (output: Tensor, h: Tensor, c: Tensor) {
  (Tensor.zeros(like: x), x[0], x[0])
}

func rememberFor(_ k: Double, _ weights: Weights) throws -> Weights {
  weights
}
