// Says: the weights have not moved
import DeepLearning

func answer(_ w: Tensor, _ x: Tensor) -> Double { w.dot(x).item() > 0 ? 1 : 0 }

func update(_ w: Tensor, _ x: Tensor, _ y: Double) throws -> Tensor {
  w + y * x
}

func mistakes(_ x: Tensor, _ y: Tensor) throws -> Int {
  var w = Tensor.zeros(x.size(1))
  var (count, before) = (0, -1)
  while count != before {
    before = count
    for n in 0..<x.size(0) where answer(w, x[n]) != y[n].item() {
      w = try update(w, x[n], y[n].item())
      count += 1
    }
  }
  return count
}

func mistakeBound(_ x: Tensor, _ separator: Tensor) throws -> Double {
  let radius = x.norm(dim: 1).max().item()
  let margin = x.matmul(separator).abs().min().item() / separator.norm().item()
  return (radius / margin) * (radius / margin)
}
