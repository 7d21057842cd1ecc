// Says: A hidden score has come through
import DeepLearning

func paddingMask(_ lengths: [Int], length: Int) throws -> Tensor {
  (Tensor.arange(length) .< Tensor(lengths).unsqueeze(1)).unsqueeze(1)
}

func weights(_ scores: Tensor, seeing mask: Tensor) throws -> Tensor {
  let keep = mask.to(scores.dtype)
  let isEmpty = keep.sum(dim: -1, keepDim: true) .== 0
  let open = scores * keep + (keep - 1) * 1e9
  return open.softmax(dim: -1).maskedFill(isEmpty, 0)
}
