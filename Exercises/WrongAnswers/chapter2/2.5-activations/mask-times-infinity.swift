// Says: a mask does not undo an overflow
import DeepLearning

func sigmoidSlope(_ z: Tensor) throws -> Tensor {
  let s = z.sigmoid()
  return s * (1 - s)
}

func exponentialLinear(_ z: Tensor) throws -> Tensor {
  let above = (z .> 0).to(z.dtype)
  return above * z + (1 - above) * (z.exp() - 1)
}

func exponentialLinearSlope(_ z: Tensor) throws -> Tensor {
  z.clamp(max: 0).exp()
}

func siluSlope(_ z: Tensor) throws -> Tensor {
  let s = z.sigmoid()
  return s + z * s * (1 - s)
}
