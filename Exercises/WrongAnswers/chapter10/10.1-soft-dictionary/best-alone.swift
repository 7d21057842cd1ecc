// Says: the best key alone
import DeepLearning

func attend(_ q: Tensor, _ k: Tensor, _ v: Tensor) throws -> (context: Tensor, weights: Tensor) {
  let weights = q.matmul(k.T).softmax(dim: 1)
  return (v.indexSelect(0, weights.argmax(dim: 1)), weights)
}

func attendBackward(
  _ g: Tensor, weights: Tensor, values: Tensor
) throws -> (values: Tensor, scores: Tensor) {
  let context = weights.matmul(values)
  return (weights.unsqueeze(1) * g, weights * (values - context).matmul(g))
}
