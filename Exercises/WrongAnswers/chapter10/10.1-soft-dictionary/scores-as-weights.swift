// Says: These are the scores
import DeepLearning

func attend(_ q: Tensor, _ k: Tensor, _ v: Tensor) throws -> (context: Tensor, weights: Tensor) {
  let weights = q.matmul(k.T)
  return (weights.matmul(v), weights)
}

func attendBackward(
  _ g: Tensor, weights: Tensor, values: Tensor
) throws -> (values: Tensor, scores: Tensor) {
  let context = weights.matmul(values)
  return (weights.unsqueeze(1) * g, weights * (values - context).matmul(g))
}
