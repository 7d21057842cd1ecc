/*:
 # 5.4 Batch normalization, in training and after

 Section 5.4 brings each feature to mean 0 and deviation 1 over the examples of a batch. For feature $d$ of a batch
 of $B$ examples, z of shape (B, D):

 $$\mu_d = \frac1B \sum_n z_d^{(n)} \qquad \sigma_d^2 = \frac1B \sum_n (z_d^{(n)} - \mu_d)^2 \qquad
   y_d = \gamma_d \, \frac{z_d - \mu_d}{\sqrt{\sigma_d^2 + \epsilon}} + \beta_d$$

 Each batch moves the **running statistics** a little toward itself, by the share $m$, the momentum. They start at
 0 and 1. For the variance the batch's *unbiased* one is taken, with B − 1 in place of B, because the running
 variance is meant for pictures of which the batch is only a sample:

 $$r_\mu \leftarrow (1 - m) \, r_\mu + m \, \mu \qquad
   r_{\sigma^2} \leftarrow (1 - m) \, r_{\sigma^2} + m \, \frac{B}{B - 1} \sigma^2$$

 At inference the running statistics take the place of the batch's, and nothing changes them. One picture is then
 enough for a batch, and its result does not depend on its company.

 Fill in `train` and `infer`. With γ = 1, β = 0, ε = 0 and m = 0.1 the batch (1), (5) has µ = 3 and σ² = 4. So
 `train` gives (−1), (1), and leaves the running mean 0.3 and the running variance 0.9 + 0.1 · 8 = 1.7.
 */
import DeepLearning
import Exercises

/// Batch normalization of D features.
final class FeatureNorm {
  /// γ and β, of shape (D)
  var gamma: Tensor
  var beta: Tensor
  /// Of shape (D)
  var runningMean: Tensor
  var runningVariance: Tensor
  let momentum: Double
  let eps: Double

  init(_ features: Int, momentum: Double = 0.1, eps: Double = 1e-5) {
    gamma = .ones(features)
    beta = .zeros(features)
    runningMean = .zeros(features)
    runningVariance = .ones(features)
    self.momentum = momentum
    self.eps = eps
  }

  /// y of a batch z of shape (B, D), with B at least 2. Moves the running statistics.
  func train(_ z: Tensor) throws -> Tensor {
    // solution
    let count = Double(z.size(0))
    let mean = z.mean(dim: 0)
    let variance = (z - mean).square().mean(dim: 0)
    runningMean = (1 - momentum) * runningMean + momentum * mean
    runningVariance = (1 - momentum) * runningVariance + (momentum * count / (count - 1)) * variance
    return gamma * (z - mean) / (variance + eps).sqrt() + beta
    // end of solution
  }

  /// y of any number of examples z, of shape (B, D), by the running statistics.
  func infer(_ z: Tensor) throws -> Tensor {
    // solution
    gamma * (z - runningMean) / (runningVariance + eps).sqrt() + beta
    // end of solution
  }
}
