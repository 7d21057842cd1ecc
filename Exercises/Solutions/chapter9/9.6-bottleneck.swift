/*:
 # 9.6 Through a bottleneck

 An autoencoder (section 9.5) learns to copy its input through a code that is smaller. Here the encoder makes of D
 numbers a hidden layer with ReLU, and of this the code, which may be negative and so has no activation. The decoder
 goes the same way back, and ends with a sigmoid, since its outputs are pixels between 0 and 1:

 $$h = W_2 \operatorname{relu}(W_1 x + b_1) + b_2 \qquad \hat x = \sigma\big(W_4 \operatorname{relu}(W_3 h + b_3) + b_4\big)$$

 Its rival is PCA, which needs no training. With the mean µ of the data, (D), and k principal axes as the columns of
 A, (D, k), the code is $A^\top (x - \mu)$ and the reconstruction

 $$\hat x = \mu + A A^\top (x - \mu)$$

 1. `Autoencoder` has two halves, `encoder` and `decoder`, each a `Sequential` in which the two linear layers are
    layers 0 and 2. `forward` makes $\hat x$ of x, both (N, D).
 2. `denoisingLoss` is the cost of a **denoising** autoencoder: the mean square of $\hat x - x$, over all numbers,
    where the encoder has read $x + \text{noise}$. It must give back what was there *before* the noise came.
 3. `projected` is what PCA reconstructs, for a batch x of shape (N, D), one example in each row.
 */
import DeepLearning
import Exercises

/// Two halves, with a narrow place between them.
final class Autoencoder: Module {
  // What it owns goes here: `encoder` and `decoder`.
  // solution, declarations
  let encoder: Sequential
  let decoder: Sequential
  // end of solution

  init(inputs: Int, hidden: Int, code: Int) {
    // solution, cannot throw
    encoder = Sequential(Linear(inputs, hidden), ReLU(), Linear(hidden, code))
    decoder = Sequential(Linear(code, hidden), ReLU(), Linear(hidden, inputs), Sigmoid())
    // end of solution
  }

  /// x̂, (N, D)
  override func forward(_ x: Tensor) -> Tensor {
    // solution, cannot throw
    decoder(encoder(x))
    // end of solution
  }
}

/// The mean square of x̂ − x, where the model reads x with the noise.
func denoisingLoss(_ model: Module, _ x: Tensor, noise: Tensor) throws -> Tensor {
  // solution
  mseLoss(model(x + noise), x)
  // end of solution
}

/// What PCA makes of x, (N, D).
func projected(_ x: Tensor, mean: Tensor, axes: Tensor) throws -> Tensor {
  // solution
  mean + (x - mean).matmul(axes).matmul(axes.T)
  // end of solution
}
