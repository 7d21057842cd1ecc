// Says: subtract each row's largest logit
import DeepLearning

func softmaxBackward(_ logits: Tensor, _ labels: [Int]) throws -> Tensor {
  let exponentials = logits.exp()
  let probabilities = exponentials / exponentials.sum(dim: 1, keepDim: true)
  let targets = oneHot(Tensor(labels), classes: logits.size(1), dtype: logits.dtype)
  return (probabilities - targets) / Double(labels.count)
}
