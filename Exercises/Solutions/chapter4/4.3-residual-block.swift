/*:
 # 4.3 A residual block

 Section 4.3 recommends a class for a network that does not simply run from front to back. Here is one. A
 **residual block** has two ways from its input to its output. One passes the input on as it is; the
 other goes through two layers, and what comes out of it is added:

 $$y = x + \alpha \odot \left( W_2 \operatorname{relu}(W_1 x + b_1) + b_2 \right)$$

 The first layer leads from `features` to `hidden` units and the second back, so that the sum is possible. α
 holds one number for each feature and is learned as the weights are. It starts as zeros: a new block passes
 its input on unchanged, however many of them are stacked.

 With W₁ = [[1, −1], [2, 0]], b₁ = (0, 0), W₂ = [[1, 1], [0, 1]], b₂ = (0, 1), α = (1, −1) and x = (1, 2) the
 hidden units are relu(−1, 2) = (0, 2), the second layer gives (2, 3), and y = (1 + 2, 2 − 3) = (3, −1).

 Then put `depth` blocks one behind the other, and behind the last a linear layer from the features to the
 `classes`: a `ResidualNetwork`.

 The parameters are to be found by looking at the properties, under these names: in the block
 `first.weight`, `first.bias`, `second.weight`, `second.bias` and `alpha`; in the network
 `blocks.0.first.weight` and so on, `head.weight` and `head.bias`. The shape of x is (N, features).
 */
import DeepLearning
import Exercises

/// Passes its input on, and adds what two layers make of it.
final class ResidualBlock: Module {
  // What the block owns goes here: `first`, `second` and `alpha`.
  // solution, declarations
  let first: Linear
  let second: Linear
  let alpha: Tensor
  // end of solution

  init(_ features: Int, hidden: Int) {
    // solution, cannot throw
    first = Linear(features, hidden)
    second = Linear(hidden, features)
    alpha = Parameter(.zeros(features))
    // end of solution
  }

  override func forward(_ x: Tensor) -> Tensor {
    // solution, cannot throw
    x + alpha * second(first(x).relu())
    // end of solution
  }
}

/// Residual blocks one behind the other, and a linear layer that makes the logits.
final class ResidualNetwork: Module {
  // What the network owns goes here: `blocks` and `head`.
  // solution, declarations
  let blocks: [ResidualBlock]
  let head: Linear
  // end of solution

  init(_ features: Int, hidden: Int, depth: Int, classes: Int) {
    // solution, cannot throw
    blocks = (0..<depth).map { _ in ResidualBlock(features, hidden: hidden) }
    head = Linear(features, classes)
    // end of solution
  }

  override func forward(_ x: Tensor) -> Tensor {
    // solution, cannot throw
    head(blocks.reduce(x) { x, block in block(x) })
    // end of solution
  }
}
