// Says: e¹⁰⁰⁰ is infinite
import DeepLearning

func logisticLoss(_ z: Tensor, _ y: Tensor) throws -> Double {
  let losses = (1 + z.exp()).log() - y * z
  return losses.mean().item()
}

func logisticGradient(_ x: Tensor, _ y: Tensor, _ w: Tensor, _ b: Double) throws -> (w: Tensor, b: Double) {
  let error = (x.matmul(w) + b).sigmoid() - y
  return (w: x.T.matmul(error) / Double(y.count), b: error.mean().item())
}
