/*:
 # 1.4 The logistic loss and its gradient

 Section 1.7 writes the loss of one example with its label $y$, 0 or 1, in two ways. With $p = \sigma(z)$,

 $$E_n = -\bigl[\,y \ln p + (1 - y) \ln(1 - p)\bigr] = \ln(1 + e^z) - y z$$

 The second way does without p and its rounding. But to a computer $e^{1000}$ is infinite, and this loss with
 it. Write `logisticLoss` such that z = 1000 costs 1000 where y = 0, and nothing where y = 1. `z` and `y` have
 the shape (N); the result is the *mean* loss over the N examples.

 `logisticGradient` has the features `x` of shape (N, D), the labels `y` of shape (N), the weights `w` of
 shape (D) and the bias `b`. It returns the gradient of the mean loss,

 $$\frac{\partial E}{\partial w} = \frac{1}{N} \sum_{n=1}^{N} \bigl(p^{(n)} - y^{(n)}\bigr)\, x^{(n)} \qquad
 \frac{\partial E}{\partial b} = \frac{1}{N} \sum_{n=1}^{N} \bigl(p^{(n)} - y^{(n)}\bigr) \qquad
 p^{(n)} = \sigma(w^\top x^{(n)} + b)$$

 To check by hand: z = (0, 2) and y = (1, 0) cost $\tfrac12 (\ln 2 + \ln(1 + e^2)) = 1.4100$. With the rows
 (1, 2) and (3, −1) in x, y = (1, 0), and all weights 0, each p is ½; the gradient is (0.5, −0.75), and 0
 for the bias. Use neither `backward()` nor the library's loss.
 */
import DeepLearning
import Exercises

/// The mean logistic loss of the predictors `z` with the labels `y`.
func logisticLoss(_ z: Tensor, _ y: Tensor) throws -> Double {
  throw NotAttempted()
}

/// The gradient of the mean logistic loss by the weights and by the bias.
func logisticGradient(_ x: Tensor, _ y: Tensor, _ w: Tensor, _ b: Double) throws -> (w: Tensor, b: Double) {
  throw NotAttempted()
}
