/*:
 # 6.6 A mask that holds

 Section 6.7 takes the smallest weights out of a network. Which ones is written in **masks**, tensors of the same shapes
 with a 1 where a weight is kept and a 0 where it is gone.

 1. `masks` makes them for several weight tensors at once. Of all n numbers together, exactly
    $\operatorname{round}(s \, n)$ are to go, those of the smallest magnitude, s being the **sparsity** between 0 and 1. One tensor
    may lose more than another. Where magnitudes are equal it does not matter which go, but the count has to be right.
 2. `prunedStep` takes a step of gradient descent with momentum, and keeps what is gone at 0:

    $$v \leftarrow \mu v + g \qquad w \leftarrow m \odot (w - \eta v)$$

    It returns the new w and v. Mind that the gradient of a pruned weight is not 0, and neither is its velocity.

 With the weights (0.5, −0.1) and (0.9, 0.02) and s = 0.5 the masks are (1, 0) and (1, 0). `topK`, which section 6.7 uses, and
 `sort` may help.
 */
import DeepLearning
import Exercises

/// Masks of the shapes of `weights`, with zeros for the smallest of all numbers together.
func masks(_ weights: [Tensor], sparsity: Double) throws -> [Tensor] {
  // solution
  let sizes = cat(weights.map { $0.flatten().abs() })
  let gone = sizes.topK(Int((sparsity * Double(sizes.count)).rounded()), largest: false).indices
  let all = Tensor.ones(sizes.count).scatter(0, gone, 0.0)
  var start = 0
  return weights.map { weight in
    defer { start += weight.count }
    return all.narrow(0, start, weight.count).reshape(weight.shape)
  }
  // end of solution
}

/// The weight and the velocity after a step with momentum.
func prunedStep(
  _ w: Tensor, _ v: Tensor, gradient g: Tensor, mask: Tensor, lr: Double, mu: Double
) throws -> (w: Tensor, v: Tensor) {
  // solution
  let velocity = mu * v + g
  return (mask * (w - lr * velocity), velocity)
  // end of solution
}
