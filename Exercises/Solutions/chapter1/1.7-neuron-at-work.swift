/*:
 # 1.7 A neuron at work

 A small project to end the chapter: a neuron like that of section 1.10, made to be used by others. They
 hand it features in any units, centimeters beside tons, and later ask about examples that it has never
 seen.

 `train` has the features `x` of shape (N, D) and the labels `y` of shape (N). It standardizes the features
 with their means and their spreads, column by column, and does logistic regression on the result:

 $$x_d \leftarrow \frac{x_d - \mu_d}{s_d}$$

 $$w \leftarrow w - \eta\,\frac{\partial E}{\partial w} \qquad
 b \leftarrow b - \eta\,\frac{\partial E}{\partial b}$$

 where E is the mean logistic loss (exercise 1.4), all weights and the bias begin at 0, and `steps` steps
 are made with the learning rate η, `lr`. The spread is the library's `std(dim: 0)`. A feature that is the
 same in all examples has the spread 0; put 1 in its place.

 `probability` gives σ(z) for examples of shape (M, D), as a tensor of shape (M). They are standardized with
 the numbers that `train` has measured, not with their own: whether a shoe is a boot must not depend on the
 other shoes in the box.

 By hand: train on x = (1), (3) with y = 0, 1 in one step with η = 1. The mean is 2 and the spread √2, the
 standardized features are ∓0.7071 and the errors ±0.5, so w becomes 0.3536 and b stays 0. For x = 4 the
 probability is σ(0.5) = 0.6225.
 */
import DeepLearning
import Exercises

/// What has been learned: how to standardize a feature, and how to weigh it.
struct Neuron {
  var mean, spread, w: Tensor
  var b: Double
}

/// A neuron that has learned from the examples in the rows of `x`, whose labels are `y`.
func train(_ x: Tensor, _ y: Tensor, steps: Int, lr: Double) throws -> Neuron {
  // solution
  let (mean, measured) = (x.mean(dim: 0), x.std(dim: 0))
  let spread = measured.maskedFill(measured .== 0, 1)
  let standardized = (x - mean) / spread
  var (w, b) = (Tensor.zeros(x.size(1)), 0.0)
  for _ in 0..<steps {
    let error = (standardized.matmul(w) + b).sigmoid() - y
    w = w - lr * standardized.T.matmul(error) / Double(x.size(0))
    b -= lr * error.mean().item()
  }
  return Neuron(mean: mean, spread: spread, w: w, b: b)
  // end of solution
}

/// How probable the label 1 is for each row of `x`.
func probability(_ neuron: Neuron, _ x: Tensor) throws -> Tensor {
  // solution
  (((x - neuron.mean) / neuron.spread).matmul(neuron.w) + neuron.b).sigmoid()
  // end of solution
}
