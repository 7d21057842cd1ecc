// Says: A score of 0 is not no weight
import DeepLearning

func paddingMask(_ lengths: [Int], length: Int) throws -> Tensor {
  (Tensor.arange(length) .< Tensor(lengths).unsqueeze(1)).unsqueeze(1)
}

func weights(_ scores: Tensor, seeing mask: Tensor) throws -> Tensor {
  (scores * mask.to(scores.dtype)).softmax(dim: -1)
}
