// Says: It acts on all others, too
import DeepLearning

func attend(_ q: Tensor, _ k: Tensor, _ v: Tensor) throws -> (context: Tensor, weights: Tensor) {
  let weights = q.matmul(k.T).softmax(dim: 1)
  return (weights.matmul(v), weights)
}

func attendBackward(
  _ g: Tensor, weights: Tensor, values: Tensor
) throws -> (values: Tensor, scores: Tensor) {
  return (weights.unsqueeze(1) * g, weights * (1 - weights) * values.matmul(g))
}
