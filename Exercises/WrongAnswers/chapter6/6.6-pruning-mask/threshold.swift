// Says: A comparison with a threshold
import DeepLearning

func masks(_ weights: [Tensor], sparsity: Double) throws -> [Tensor] {
  let sizes = cat(weights.map { $0.flatten().abs() })
  let count = Int((sparsity * Double(sizes.count)).rounded())
  guard count > 0 else { return weights.map { Tensor.ones($0.shape) } }
  let limit: Double = sizes.topK(count, largest: false).values.max().item()
  return weights.map { ($0.abs() .> limit).to(.float32) }
}

func prunedStep(
  _ w: Tensor, _ v: Tensor, gradient g: Tensor, mask: Tensor, lr: Double, mu: Double
) throws -> (w: Tensor, v: Tensor) {
  let velocity = mu * v + g
  return (mask * (w - lr * velocity), velocity)
}
