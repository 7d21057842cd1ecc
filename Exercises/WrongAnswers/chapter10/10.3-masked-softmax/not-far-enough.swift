// Says: but not far enough
import DeepLearning

func paddingMask(_ lengths: [Int], length: Int) throws -> Tensor {
  (Tensor.arange(length) .< Tensor(lengths).unsqueeze(1)).unsqueeze(1)
}

func weights(_ scores: Tensor, seeing mask: Tensor) throws -> Tensor {
  let isEmpty = mask.to(scores.dtype).sum(dim: -1, keepDim: true) .== 0
  return scores.maskedFill(.!mask, -100).softmax(dim: -1).maskedFill(isEmpty, 0)
}
