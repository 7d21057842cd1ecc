// Says: nothing has been computed yet
import DeepLearning

func softmaxBackward(_ logits: Tensor, _ labels: [Int]) throws -> Tensor {
  Tensor.zeros(like: logits)
}
