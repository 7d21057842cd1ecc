// Says: nothing but rounding is left of it
import DeepLearning

func squaredDistances(_ a: Tensor, _ b: Tensor) throws -> Tensor {
  a.square().sum(dim: 1, keepDim: true) + b.square().sum(dim: 1) - 2 * a.matmul(b.T)
}

func nearest(_ a: Tensor, _ b: Tensor) throws -> Tensor { b[try squaredDistances(a, b).argmin(dim: 1)] }
