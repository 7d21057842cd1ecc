// Says: so that the gradients add up
import DeepLearning

func batchNormBackward(
  _ g: Tensor, _ z: Tensor, gamma: Tensor, eps: Double
) throws -> (z: Tensor, gamma: Tensor, beta: Tensor) {
  let mean = z.mean(dim: 0)
  let deviation = ((z - mean).square().mean(dim: 0) + eps).sqrt()
  let normalized = (z - mean) / deviation
  let h = gamma * g
  let share = (h * normalized).mean(dim: 0)
  return ((h - h.mean(dim: 0) - normalized * share) / deviation, (g * normalized).sum(dim: 0), g.mean(dim: 0))
}
