/*:
 # 5.2 Three rules for a step

 Section 5.2 derives them one from another. Here you write them down: momentum, RMSprop and Adam. Each function
 gets the parameter $\theta$ where it starts and the gradients $g_1, g_2, \dots$ of the steps that it is to take,
 one after another, all of one shape. It returns where θ is after the last step. What a rule remembers begins
 as zeros, and all operations are meant element by element.

 **Momentum** keeps a velocity:

 $$v \leftarrow \mu v + g \qquad \theta \leftarrow \theta - \eta v$$

 **RMSprop** divides by the root of a running average of the squares:

 $$s \leftarrow \alpha s + (1 - \alpha) g^2 \qquad \theta \leftarrow \theta - \eta \frac{g}{\sqrt s + \epsilon}$$

 **Adam** keeps both averages, and makes up for their start at zero; $t$ counts the steps from 1:

 $$m \leftarrow \beta_1 m + (1 - \beta_1) g \qquad s \leftarrow \beta_2 s + (1 - \beta_2) g^2$$

 $$\theta \leftarrow \theta - \eta \, \frac{m / (1 - \beta_1^t)}{\sqrt{s / (1 - \beta_2^t)} + \epsilon}$$

 The first step of Adam is easy to check with a pencil: the corrections turn m into g and s into g², so that each
 number moves by η against the sign of its gradient. The given tensors stay as they are.
 */
import DeepLearning
import Exercises
import Foundation

/// Where θ is after a step with momentum for each of the gradients.
func momentum(_ theta: Tensor, _ gradients: [Tensor], lr: Double, mu: Double) throws -> Tensor {
  throw NotAttempted()
}

/// Where θ is after a step of RMSprop for each of the gradients.
func rmsprop(_ theta: Tensor, _ gradients: [Tensor], lr: Double, alpha: Double, eps: Double) throws -> Tensor
{
  throw NotAttempted()
}

/// Where θ is after a step of Adam for each of the gradients.
func adam(_ theta: Tensor, _ gradients: [Tensor], lr: Double, beta1: Double, beta2: Double, eps: Double)
  throws -> Tensor
{
  throw NotAttempted()
}
