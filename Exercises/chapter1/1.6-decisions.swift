/*:
 # 1.6 Decisions and slopes

 Section 1.9 has two lessons, and here is the arithmetic of both.

 A missed 1 costs `miss`, and a false alarm costs `alarm`. If the label is 1 with probability
 $p = \sigma(z)$, the answer 0 costs $p \cdot \text{miss}$ on average and the answer 1 costs
 $(1 - p) \cdot \text{alarm}$. `threshold` returns the value of z above which the answer 1 is the cheaper
 one. (Not the value of p: the neuron computes z, and need not compute σ(z) at all.)

 `slopes` shows why the loss is not the squared error. For predictors z and labels y, both of shape (N), it
 returns the slope of each example's loss by its z,

 $$\frac{\partial}{\partial z}\Bigl(-\bigl[y \ln \sigma(z) + (1 - y) \ln(1 - \sigma(z))\bigr]\Bigr)
 \qquad\text{and}\qquad \frac{\partial}{\partial z}\,\bigl(\sigma(z) - y\bigr)^2$$

 The section works them out for y = 1; yours hold for 0 as well. Remember $\sigma' = \sigma (1 - \sigma)$.
 There is no sum and no mean here: N examples have N slopes.

 By hand: where a miss is 4 times as bad as an alarm, the threshold is $\ln\frac14 = -1.3863$. At z = 0 with
 label 1 the two slopes are −0.5 and −0.25.
 */
import DeepLearning
import Exercises
import Foundation

/// The z above which the answer 1 costs less than the answer 0.
func threshold(miss: Double, alarm: Double) throws -> Double {
  throw NotAttempted()
}

/// The slope of the logistic loss and of the squared error at each z.
func slopes(_ z: Tensor, _ y: Tensor) throws -> (logistic: Tensor, squared: Tensor) {
  throw NotAttempted()
}
