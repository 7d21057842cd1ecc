// Says: A constant has no slope
import DeepLearning

func sigmoidSlope(_ z: Tensor) throws -> Tensor {
  let s = z.sigmoid()
  return s * (1 - s)
}

func exponentialLinear(_ z: Tensor) throws -> Tensor {
  z.clamp(min: 0) + (z.clamp(max: 0).exp() - 1)
}

func exponentialLinearSlope(_ z: Tensor) throws -> Tensor {
  let above = (z .> 0).to(z.dtype)
  return above + (1 - above) * (z.clamp(max: 0).exp() - 1)
}

func siluSlope(_ z: Tensor) throws -> Tensor {
  let s = z.sigmoid()
  return s + z * s * (1 - s)
}
