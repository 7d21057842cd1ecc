// Says: by its own largest logit
import DeepLearning

func logSumExp(_ z: Tensor) throws -> Tensor {
  let largest = z.amax(dim: 1)
  return largest + (z - largest.unsqueeze(1)).exp().sum(dim: 1).log()
}

func stableSoftmax(_ z: Tensor) throws -> Tensor {
  let positive = (z - z.max()).exp()
  return positive / positive.sum(dim: 1, keepDim: true)
}
