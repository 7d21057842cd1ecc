// Says: so is ln p
import DeepLearning

func logisticLoss(_ z: Tensor, _ y: Tensor) throws -> Double {
  let p = z.sigmoid()
  let losses = -(y * p.log() + (1 - y) * (1 - p).log())
  return losses.mean().item()
}

func logisticGradient(_ x: Tensor, _ y: Tensor, _ w: Tensor, _ b: Double) throws -> (w: Tensor, b: Double) {
  let error = (x.matmul(w) + b).sigmoid() - y
  return (w: x.T.matmul(error) / Double(y.count), b: error.mean().item())
}
