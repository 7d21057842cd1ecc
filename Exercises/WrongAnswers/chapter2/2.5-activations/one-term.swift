// Says: the term σ(z) is missing
import DeepLearning

func sigmoidSlope(_ z: Tensor) throws -> Tensor {
  let s = z.sigmoid()
  return s * (1 - s)
}

func exponentialLinear(_ z: Tensor) throws -> Tensor {
  z.clamp(min: 0) + (z.clamp(max: 0).exp() - 1)
}

func exponentialLinearSlope(_ z: Tensor) throws -> Tensor {
  z.clamp(max: 0).exp()
}

func siluSlope(_ z: Tensor) throws -> Tensor {
  let s = z.sigmoid()
  return z * s * (1 - s)
}
