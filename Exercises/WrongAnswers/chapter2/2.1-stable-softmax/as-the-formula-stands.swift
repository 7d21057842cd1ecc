// Says: e¹⁰⁰⁰ is infinite
import DeepLearning

func logSumExp(_ z: Tensor) throws -> Tensor {
  z.exp().sum(dim: 1).log()
}

func stableSoftmax(_ z: Tensor) throws -> Tensor {
  let positive = (z - z.amax(dim: 1, keepDim: true)).exp()
  return positive / positive.sum(dim: 1, keepDim: true)
}
