/*:
 # 7.7 A new head on a frozen body

 Section 7.9 keeps the body of a trained network and learns only a new head for it. Build that, for any body: a
 module that makes of a batch of N inputs their features $\varphi(x)$, of shape (N, features). The head is a linear
 layer,

 $$z = W \varphi(x) + b$$

 1. `Transfer` owns `body` and `head`. The body is **frozen** when the module is made: no gradient is computed for
    any of its parameters. That is not all of it. A body may have batch normalization, whose running means change in
    training mode without any gradient, and dropout, which is random there. So whatever mode the module itself is
    in, its body works in evaluation mode.
 2. `learn` trains the head by plain gradient descent, each step on all examples:
    $W \leftarrow W - \eta \, \partial E / \partial W$, and so for b, with the cross-entropy as E. Since the body
    does not change, neither do the features: call it only once, however many steps there are.

 `body.eval()` switches a module and all below it to evaluation, and returns it. `train()` on the whole switches
 everything back.
 */
import DeepLearning
import Exercises

/// A trained body that no longer changes, and a linear head that learns.
final class Transfer: Module {
  let body: Module
  let head: Linear

  init(body: Module, features: Int, classes: Int) {
    notAttempted()
  }

  /// Logits, (N, classes), of a batch of N inputs.
  override func forward(_ x: Tensor) -> Tensor {
    notAttempted()
  }
}

/// Trains the head of `model` on the inputs x and the labels y, int64 of shape (N).
func learn(_ model: Transfer, _ x: Tensor, _ y: Tensor, steps: Int, lr: Double) throws {
  throw NotAttempted()
}
