// Says: A place too many
import DeepLearning

func paddingMask(_ lengths: [Int], length: Int) throws -> Tensor {
  (Tensor.arange(length) .<= Tensor(lengths).unsqueeze(1)).unsqueeze(1)
}

func weights(_ scores: Tensor, seeing mask: Tensor) throws -> Tensor {
  let isHidden = .!mask
  let open = scores.maskedFill(isHidden, -.infinity)
  // Where all are hidden, any numbers will do, since all weights become 0 in the end.
  let isEmpty = open.amax(dim: -1, keepDim: true) .== -Double.infinity
  return open.maskedFill(isEmpty, 0).softmax(dim: -1).maskedFill(isHidden, 0)
}
