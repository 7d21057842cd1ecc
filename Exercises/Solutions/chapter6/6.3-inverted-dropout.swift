/*:
 # 6.3 Dropout, the right way up

 Section 6.4 drops units at random while a network is trained. Each number of x is set to 0 with probability $p$. In
 **inverted dropout** those that stay are divided by $1 - p$ at once, so that the expected value is x and nothing needs
 to be scaled afterwards:

 $$y_i = \frac{m_i \, x_i}{1 - p}, \qquad m_i = \begin{cases} 0 & \text{with probability } p \\ 1 & \text{otherwise} \end{cases}$$

 1. `inverted` does this to a tensor of any shape, with a mask that is drawn anew for every number and every call. Outside of
    training it returns x as it is. At p = 0 nothing is dropped, and at p = 1 everything: then y is 0 everywhere, not
    0 divided by 0. Use `Tensor.rand`, not the library's `dropout`.
 2. `spatial` drops whole channels of pictures of shape (N, C, H, W): one number of the mask for each channel of each
    picture.
 3. `expectation` estimates the mean output of the unit $z = \sum_i w_i y_i$ over `count` masks, where w and x are given: the
    chapter's simulation. It should come near $\sum_i w_i x_i$.
 */
import DeepLearning
import Exercises

/// Inverted dropout of single numbers.
func inverted(_ x: Tensor, p: Double, training: Bool) throws -> Tensor {
  // solution
  guard training, p > 0 else { return x }
  guard p < 1 else { return x * 0 }
  let mask = (Tensor.rand(x.shape) .>= p).to(x.dtype)
  return x * mask / (1 - p)
  // end of solution
}

/// Inverted dropout of whole channels, x (N, C, H, W).
func spatial(_ x: Tensor, p: Double, training: Bool) throws -> Tensor {
  // solution
  x * (try inverted(Tensor.ones(x.size(0), x.size(1), 1, 1), p: p, training: training))
  // end of solution
}

/// The mean of Σ w y over `count` draws of y.
func expectation(_ w: Tensor, _ x: Tensor, p: Double, count: Int) throws -> Double {
  // solution
  var sum = 0.0
  for _ in 0..<count { sum += (w * (try inverted(x, p: p, training: true))).sum().item() }
  return sum / Double(count)
  // end of solution
}
