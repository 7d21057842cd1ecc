/*:
 # 7.5 Backward through a convolution

 Section 7.5 finds the gradients of a convolution from one rule: what a number is multiplied by, times the error
 term of what it feeds, added up over all places where it is used. Apply the rule to a whole layer, with channels,
 stride and padding. For one picture x of shape (D, H, W), filters w of shape (F, D, K, K) and biases b of shape
 (F),

 $$z_{fij} = b_f + \sum_c \sum_r \sum_s w_{fcrs} \, \tilde x_{c,\, iS + r,\, jS + s}$$

 where $\tilde x$ is x with P zeros on each side. You are given the error terms
 $\delta_{fij} = \partial E / \partial z_{fij}$, of the shape (F, H′, W′) of z, and are asked for the gradients by
 x, w and b, each of its tensor's shape:

 $$\frac{\partial E}{\partial w_{fcrs}} = \sum_{i,j} \delta_{fij} \, \tilde x_{c,\, iS + r,\, jS + s} \qquad
   \frac{\partial E}{\partial \tilde x_{cpq}} = \sum_f \sum_{i,r:\; iS + r = p} \; \sum_{j,s:\; jS + s = q} w_{fcrs} \, \delta_{fij}$$

 and for b the sum of its filter's error terms. The zeros of the padding have derivatives, too, which nobody asks
 for: cut them off.

 One channel and one filter: x = ((1, 2), (3, 4)), w = ((5, 6), (7, 8)), S = 1, P = 0 and δ = ((10)) give 10 x for
 w, 10 w for x, and 10 for b. Do it without `backward()`; loops over the error terms are fast enough.
 */
import DeepLearning
import Exercises

/// The gradients of a convolutional layer.
///
/// - Parameters:
///   - delta: ∂E/∂z, (F, H′, W′)
///   - x: (D, H, W)
///   - w: (F, D, K, K)
func convolutionBackward(
  _ delta: Tensor, _ x: Tensor, _ w: Tensor, stride: Int, padding: Int
) throws -> (x: Tensor, w: Tensor, b: Tensor) {
  throw NotAttempted()
}
