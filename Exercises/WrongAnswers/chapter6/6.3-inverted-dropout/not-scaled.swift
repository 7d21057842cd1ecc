// Says: has not been scaled
import DeepLearning

func inverted(_ x: Tensor, p: Double, training: Bool) throws -> Tensor {
  guard training, p > 0 else { return x }
  guard p < 1 else { return x * 0 }
  let mask = (Tensor.rand(x.shape) .>= p).to(x.dtype)
  return x * mask
}

func spatial(_ x: Tensor, p: Double, training: Bool) throws -> Tensor {
  x * (try inverted(Tensor.ones(x.size(0), x.size(1), 1, 1), p: p, training: training))
}

func expectation(_ w: Tensor, _ x: Tensor, p: Double, count: Int) throws -> Double {
  var sum = 0.0
  for _ in 0..<count { sum += (w * (try inverted(x, p: p, training: true))).sum().item() }
  return sum / Double(count)
}
