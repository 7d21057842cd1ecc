// Says: Rows and columns are exchanged
import DeepLearning

func squaredDistances(_ a: Tensor, _ b: Tensor) throws -> Tensor {
  (a - b.unsqueeze(1)).square().sum(dim: 2)
}

func nearest(_ a: Tensor, _ b: Tensor) throws -> Tensor { b[try squaredDistances(a, b).argmin(dim: 0)] }
