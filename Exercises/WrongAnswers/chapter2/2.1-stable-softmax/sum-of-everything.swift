// Says: the sum of the whole batch
import DeepLearning

func logSumExp(_ z: Tensor) throws -> Tensor {
  let largest = z.amax(dim: 1)
  return largest + (z - largest.unsqueeze(1)).exp().sum(dim: 1).log()
}

func stableSoftmax(_ z: Tensor) throws -> Tensor {
  let positive = (z - z.amax(dim: 1, keepDim: true)).exp()
  return positive / positive.sum()
}
