/*:
 # 6.2 Two penalties

 Section 6.3 adds the size of the weights to the loss. Write both penalties yourself, with tensor operations through
 which gradients flow:

 $$E_{L2} = E + \frac{\lambda}{2} \sum_w w^2 \qquad E_{L1} = E + \lambda \sum_w |w|$$

 Biases are usually left out, since they do not make a function any wilder. So the sums run over the *weights* alone:
 those parameters that have two dimensions or more. All parameters of a model come in `parameters`.

 With the weight ((3, −4)), the bias (10), λ = 0.1 and E = 1 it is E_L2 = 1 + 0.05 · 25 = 2.25 and
 E_L1 = 1 + 0.1 · 7 = 1.7.

 Then write one step of gradient descent that does what the L2 penalty does without ever computing it: `decayed`
 shrinks a weight by the factor $1 - \eta\lambda$ and then subtracts $\eta g$, where g is the gradient of E alone.
 The check trains a network both ways, and expects the same numbers after a hundred steps.
 */
import DeepLearning
import Exercises

/// E plus the L2 penalty on the weights.
func withL2(_ loss: Tensor, _ parameters: [Tensor], lambda: Double) throws -> Tensor {
  throw NotAttempted()
}

/// E plus the L1 penalty on the weights.
func withL1(_ loss: Tensor, _ parameters: [Tensor], lambda: Double) throws -> Tensor {
  throw NotAttempted()
}

/// The weight after a step: shrunk, and moved against the gradient g of E.
func decayed(_ weight: Tensor, _ g: Tensor, lr: Double, lambda: Double) throws -> Tensor {
  throw NotAttempted()
}
