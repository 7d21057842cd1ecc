/*:
 # 8.1 One step, and back

 Section 8.2 writes a recurrent layer with N units for inputs of D numbers. From a batch of B inputs and states, in
 rows, one step makes the next states. For one example, as a column,

 $$z_t = W h_{t-1} + U x_t + b \qquad h_t = \tanh z_t$$

 1. `step` computes the new states, (B, N), from x of shape (B, D) and h of shape (B, N).
 2. `stepBackward` goes back through one step (section 8.4). It is given the gradient that has arrived at the new
    states, $g = \partial E / \partial h_t$, of shape (B, N). With $\delta = g \odot (1 - h_t^2)$, the error terms
    at $z_t$, the gradients for one example are

 $$\frac{\partial E}{\partial h_{t-1}} = W^\top \delta \qquad \frac{\partial E}{\partial x_t} = U^\top \delta \qquad
   \frac{\partial E}{\partial W} = \delta \, h_{t-1}^\top \qquad \frac{\partial E}{\partial U} = \delta \, x_t^\top \qquad
   \frac{\partial E}{\partial b} = \delta$$

    The parameters are the same for all examples, so their gradients are sums over the batch. Use tensor operations,
    and no `backward()`.

 With a single unit, W = 0.5, U = 1, b = 0, x = 0.5 and the old state 1 the sum is 1, and the new state tanh 1 ≈
 0.761594. For g = 1 then δ ≈ 0.419974, and half of it goes back to the old state.
 */
import DeepLearning
import Exercises

/// The weights of a recurrent layer: U (N, D), W (N, N), b (N).
struct Layer {
  var u, w, b: Tensor
}

/// The states after the step, (B, N).
func step(_ x: Tensor, _ h: Tensor, _ layer: Layer) throws -> Tensor {
  throw NotAttempted()
}

/// The gradients by the input, the old states and the weights, each of its tensor's shape.
///
/// - Parameters:
///   - g: ∂E/∂hₜ, (B, N)
///   - x: xₜ, (B, D)
///   - h: hₜ₋₁, (B, N)
func stepBackward(
  _ g: Tensor, _ x: Tensor, _ h: Tensor, _ layer: Layer
) throws -> (x: Tensor, h: Tensor, layer: Layer) {
  throw NotAttempted()
}
