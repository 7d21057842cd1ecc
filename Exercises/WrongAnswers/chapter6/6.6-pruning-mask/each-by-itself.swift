// Says: pruned by itself
import DeepLearning

func masks(_ weights: [Tensor], sparsity: Double) throws -> [Tensor] {
  weights.map { weight in
    let sizes = weight.flatten().abs()
    let gone = sizes.topK(Int((sparsity * Double(sizes.count)).rounded()), largest: false).indices
    return Tensor.ones(sizes.count).scatter(0, gone, 0.0).reshape(weight.shape)
  }
}

func prunedStep(
  _ w: Tensor, _ v: Tensor, gradient g: Tensor, mask: Tensor, lr: Double, mu: Double
) throws -> (w: Tensor, v: Tensor) {
  let velocity = mu * v + g
  return (mask * (w - lr * velocity), velocity)
}
