// Says: The formula has means
import DeepLearning

func batchNormBackward(
  _ g: Tensor, _ z: Tensor, gamma: Tensor, eps: Double
) throws -> (z: Tensor, gamma: Tensor, beta: Tensor) {
  let mean = z.mean(dim: 0)
  let deviation = ((z - mean).square().mean(dim: 0) + eps).sqrt()
  let normalized = (z - mean) / deviation
  let h = gamma * g
  let share = (h * normalized).mean(dim: 0)
  return (
    (h - h.sum(dim: 0) - normalized * share * Double(z.size(0))) / deviation, (g * normalized).sum(dim: 0),
    g.sum(dim: 0)
  )
}
