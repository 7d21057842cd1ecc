/*:
 # 5.5 Backward through batch normalization

 In section 5.4 the gradient finds its way through the layer by itself. What does it do there? In training a number
 of the batch acts on the output in three ways: directly, through its feature's mean, and through its variance. Let
 $\hat z = (z - \mu) / \sqrt{\sigma^2 + \epsilon}$ be the normalized batch, $y = \gamma \hat z + \beta$ the output, and
 $g = \partial E / \partial y$ the gradient that arrives, all of shape (B, D). The parameters are easy:

 $$\frac{\partial E}{\partial \gamma_d} = \sum_n g_d^{(n)} \hat z_d^{(n)} \qquad
   \frac{\partial E}{\partial \beta_d} = \sum_n g_d^{(n)}$$

 For the input, let $h = \gamma g$, the gradient at $\hat z$. With means over the batch, feature by feature,

 $$\frac{\partial E}{\partial z} = \frac{h - \operatorname{mean}(h) - \hat z \operatorname{mean}(h \hat z)}
   {\sqrt{\sigma^2 + \epsilon}}$$

 The two terms that are subtracted are the ways through the mean and through the variance: what would shift or
 stretch a whole feature is undone by the normalization, so it leads nowhere.

 Compute all three with tensor operations, but without `backward()`. A check for the pencil: with two examples,
 z = (1), (3), γ = 1, ε = 0 and g = (1), (0), nothing is left for z; ∂E/∂γ = −1 and ∂E/∂β = 1.
 */
import DeepLearning
import Exercises

/// The gradients by the input, (B, D), and by γ and β, (D), of batch normalization in training.
///
/// - Parameters:
///   - g: ∂E/∂y, (B, D)
///   - z: The input, (B, D)
///   - gamma: (D)
func batchNormBackward(
  _ g: Tensor, _ z: Tensor, gamma: Tensor, eps: Double
) throws -> (z: Tensor, gamma: Tensor, beta: Tensor) {
  // solution
  let mean = z.mean(dim: 0)
  let deviation = ((z - mean).square().mean(dim: 0) + eps).sqrt()
  let normalized = (z - mean) / deviation
  let h = gamma * g
  let share = (h * normalized).mean(dim: 0)
  return ((h - h.mean(dim: 0) - normalized * share) / deviation, (g * normalized).sum(dim: 0), g.sum(dim: 0))
  // end of solution
}
