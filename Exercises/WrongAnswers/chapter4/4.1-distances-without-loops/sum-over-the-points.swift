// Says: not over the coordinates: dim 2
import DeepLearning

func squaredDistances(_ a: Tensor, _ b: Tensor) throws -> Tensor {
  (a.unsqueeze(1) - b).square().sum(dim: 1)
}

func nearest(_ a: Tensor, _ b: Tensor) throws -> Tensor { b[try squaredDistances(a, b).argmin(dim: 1)] }
