// Says: This is the direct way alone
import DeepLearning

func batchNormBackward(
  _ g: Tensor, _ z: Tensor, gamma: Tensor, eps: Double
) throws -> (z: Tensor, gamma: Tensor, beta: Tensor) {
  let mean = z.mean(dim: 0)
  let deviation = ((z - mean).square().mean(dim: 0) + eps).sqrt()
  let normalized = (z - mean) / deviation
  let h = gamma * g
  return (h / deviation, (g * normalized).sum(dim: 0), g.sum(dim: 0))
}
