// Says: Along a row j changes
import DeepLearning

func squaredDistances(_ a: Tensor, _ b: Tensor) throws -> Tensor {
  (a.unsqueeze(1) - b).square().sum(dim: 2)
}

func nearest(_ a: Tensor, _ b: Tensor) throws -> Tensor { b[try squaredDistances(a, b).argmin(dim: 0)] }
