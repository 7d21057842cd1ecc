// Says: Every row of a is to meet every row of b
import DeepLearning

func squaredDistances(_ a: Tensor, _ b: Tensor) throws -> Tensor { (a - b).square().sum(dim: 1) }

func nearest(_ a: Tensor, _ b: Tensor) throws -> Tensor { b[try squaredDistances(a, b).argmin(dim: 0)] }
