// Says: Each gets its weight's share
import DeepLearning

func attend(_ q: Tensor, _ k: Tensor, _ v: Tensor) throws -> (context: Tensor, weights: Tensor) {
  let weights = q.matmul(k.T).softmax(dim: 1)
  return (weights.matmul(v), weights)
}

func attendBackward(
  _ g: Tensor, weights: Tensor, values: Tensor
) throws -> (values: Tensor, scores: Tensor) {
  let context = weights.matmul(values)
  return (g.expand(values.shape), weights * (values - context).matmul(g))
}
