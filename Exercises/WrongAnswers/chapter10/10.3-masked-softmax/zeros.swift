// Says: nothing has been computed yet
import DeepLearning

func paddingMask(_ lengths: [Int], length: Int) throws -> Tensor {
  (Tensor.arange(length) .< Tensor(lengths).unsqueeze(1)).unsqueeze(1)
}

func weights(_ scores: Tensor, seeing mask: Tensor) throws -> Tensor {
  Tensor.zeros(scores.shape)
}
