// Says: It is their magnitude that counts
import DeepLearning

func masks(_ weights: [Tensor], sparsity: Double) throws -> [Tensor] {
  let sizes = cat(weights.map { $0.flatten() })
  let gone = sizes.topK(Int((sparsity * Double(sizes.count)).rounded()), largest: false).indices
  let all = Tensor.ones(sizes.count).scatter(0, gone, 0.0)
  var start = 0
  return weights.map { weight in
    defer { start += weight.count }
    return all.narrow(0, start, weight.count).reshape(weight.shape)
  }
}

func prunedStep(
  _ w: Tensor, _ v: Tensor, gradient g: Tensor, mask: Tensor, lr: Double, mu: Double
) throws -> (w: Tensor, v: Tensor) {
  let velocity = mu * v + g
  return (mask * (w - lr * velocity), velocity)
}
