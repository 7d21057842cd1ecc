/*:
 # 6.1 Know when to stop

 Section 6.2 watches the validation loss and stops when it has stopped falling. Write the watcher.

 After every epoch `update` is told the validation loss and the weights. It keeps the lowest loss there has been
 (`bestLoss`), the epoch in which it came (`bestEpoch`, counted from 0), and a *copy* of the weights of that moment
 (`bestWeights`). It answers whether to stop: after epoch $t$, with the best in epoch $t^*$ and the patience $p$, if

 $$t - t^* \ge p$$

 that is, when p epochs in a row have not been better. Only a loss that is *lower* counts as better; an equal one does not.

 A loss can be "not a number". That is never better, and counts as an epoch of waiting like any other.

 With patience 2 and the losses 5, 3, 4, 2, 2, 3 the answers are five times false and then true: the best, 2, came in
 epoch 3, and epochs 4 and 5 were not better.
 */
import DeepLearning
import Exercises

/// Says when a run has stopped getting better, and keeps its best weights.
final class Watcher {
  let patience: Int
  private(set) var bestLoss = Double.infinity
  private(set) var bestEpoch = 0
  private(set) var bestWeights: [Tensor] = []
  // What else it has to remember goes here.
  // solution, declarations
  private var epoch = 0
  private var waited = 0
  // end of solution

  init(patience: Int) { self.patience = patience }

  /// Takes in the validation loss after an epoch and the weights that led to it.
  ///
  /// - Returns: Whether to stop.
  func update(_ loss: Double, _ weights: [Tensor]) throws -> Bool {
    // solution
    if loss < bestLoss {
      (bestLoss, bestEpoch, waited) = (loss, epoch, 0)
      bestWeights = weights.map { $0.detach().clone() }
    } else {
      waited += 1
    }
    epoch += 1
    return waited >= patience
    // end of solution
  }
}
