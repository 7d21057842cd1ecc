// Says: the mean over the batch is missing
import DeepLearning

func logisticLoss(_ z: Tensor, _ y: Tensor) throws -> Double {
  let losses = z.clamp(min: 0) + (1 + (-z.abs()).exp()).log() - y * z
  return losses.mean().item()
}

func logisticGradient(_ x: Tensor, _ y: Tensor, _ w: Tensor, _ b: Double) throws -> (w: Tensor, b: Double) {
  let error = (x.matmul(w) + b).sigmoid() - y
  return (w: x.T.matmul(error), b: error.mean().item())
}
