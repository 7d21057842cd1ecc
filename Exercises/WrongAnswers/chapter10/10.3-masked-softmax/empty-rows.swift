// Says: Such a row gets zeros
import DeepLearning

func paddingMask(_ lengths: [Int], length: Int) throws -> Tensor {
  (Tensor.arange(length) .< Tensor(lengths).unsqueeze(1)).unsqueeze(1)
}

func weights(_ scores: Tensor, seeing mask: Tensor) throws -> Tensor {
  scores.maskedFill(.!mask, -.infinity).softmax(dim: -1)
}
