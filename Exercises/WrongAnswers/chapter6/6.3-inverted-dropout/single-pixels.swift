// Says: share one number of the mask
import DeepLearning

func inverted(_ x: Tensor, p: Double, training: Bool) throws -> Tensor {
  guard training, p > 0 else { return x }
  guard p < 1 else { return x * 0 }
  let mask = (Tensor.rand(x.shape) .>= p).to(x.dtype)
  return x * mask / (1 - p)
}

func spatial(_ x: Tensor, p: Double, training: Bool) throws -> Tensor {
  try inverted(x, p: p, training: training)
}

func expectation(_ w: Tensor, _ x: Tensor, p: Double, count: Int) throws -> Double {
  var sum = 0.0
  for _ in 0..<count { sum += (w * (try inverted(x, p: p, training: true))).sum().item() }
  return sum / Double(count)
}
