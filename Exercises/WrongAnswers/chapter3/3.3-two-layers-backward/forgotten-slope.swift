// Says: The slope of relu is missing
import DeepLearning

struct TwoLayers {
  var w1, b1, w2, b2: Tensor
}

func backward(_ net: TwoLayers, _ x: Tensor, _ y: Tensor) throws -> TwoLayers {
  let z1 = x.matmul(net.w1.T) + net.b1
  let a = z1.relu()
  let z2 = a.matmul(net.w2.T) + net.b2
  let delta2 = (z2 - y) / Double(x.size(0))
  let delta1 = delta2.matmul(net.w2)
  return TwoLayers(
    w1: delta1.T.matmul(x), b1: delta1.sum(dim: 0), w2: delta2.T.matmul(a), b2: delta2.sum(dim: 0))
}
