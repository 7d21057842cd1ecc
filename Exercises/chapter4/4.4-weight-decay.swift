/*:
 # 4.4 Weight decay by hand

 **Weight decay** pulls every weight toward 0 while it is trained. In each step it adds to the gradient of the
 loss $E$ that of the penalty $\frac{\lambda}{2} \|\theta\|^2$, which is $\lambda \theta$:

 $$\theta \leftarrow \theta - \eta \left( \frac{\partial E}{\partial \theta} + \lambda \, \theta \right)$$

 First do it with the tools of section 4.4 alone. `descend` starts from the numbers in `start`, which it
 leaves as they are, takes `steps` such steps down the `loss`, and returns where it has come to, as a tensor
 without a history. For $E = (\theta - 1)^2$ from θ = 2 with η = 0.1 and λ = 0.5 the first step has the
 gradient 2 and goes to 2 − 0.1 · (2 + 0.5 · 2) = 1.7.

 Then make an optimizer of it. `Optimizer` goes through its parameters, under `noGrad`, and calls `update` for
 each that has a gradient; `update` moves the one in place. Parameters come in groups with settings of their
 own, `group.lr` for η and `group.weightDecay` for λ: biases, for instance, are mostly left without decay. The
 gradient is the caller's. Do not change it.
 */
import DeepLearning
import Exercises

/// Where `steps` steps of gradient descent with weight decay lead to, of the shape of `start`.
///
/// - Parameters:
///   - lr: η
///   - weightDecay: λ
///   - loss: One number for given parameters.
func descend(
  from start: Tensor, steps: Int, lr: Double, weightDecay: Double, _ loss: (Tensor) -> Tensor
) throws -> Tensor {
  throw NotAttempted()
}

/// Gradient descent with weight decay.
final class DecayingSGD: Optimizer {
  init<P: Trainable>(_ parameters: [P], lr: Double, weightDecay: Double) {
    super.init(parameters, defaults: [.lr: lr, .weightDecay: weightDecay])
  }

  override func update(
    _ parameter: Tensor, gradient: Tensor, group: ParameterGroup, step: Int, state: inout [String: Tensor]
  ) {
    notAttempted()
  }
}
