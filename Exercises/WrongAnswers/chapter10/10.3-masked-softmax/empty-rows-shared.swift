// Says: all got the same weight
import DeepLearning

func paddingMask(_ lengths: [Int], length: Int) throws -> Tensor {
  (Tensor.arange(length) .< Tensor(lengths).unsqueeze(1)).unsqueeze(1)
}

func weights(_ scores: Tensor, seeing mask: Tensor) throws -> Tensor {
  scores.maskedFill(.!mask, -1e9).softmax(dim: -1)
}
