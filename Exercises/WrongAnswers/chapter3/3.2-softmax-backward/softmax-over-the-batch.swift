// Says: The softmax runs down the columns
import DeepLearning

func softmaxBackward(_ logits: Tensor, _ labels: [Int]) throws -> Tensor {
  let targets = oneHot(Tensor(labels), classes: logits.size(1), dtype: logits.dtype)
  return (logits.softmax(dim: 0) - targets) / Double(labels.count)
}
