// Says: An equal loss is not better
import DeepLearning

final class Watcher {
  let patience: Int
  private(set) var bestLoss = Double.infinity
  private(set) var bestEpoch = 0
  private(set) var bestWeights: [Tensor] = []
  private var epoch = 0
  private var waited = 0

  init(patience: Int) { self.patience = patience }

  func update(_ loss: Double, _ weights: [Tensor]) throws -> Bool {
    if loss <= bestLoss {
      (bestLoss, bestEpoch, waited) = (loss, epoch, 0)
      bestWeights = weights.map { $0.detach().clone() }
    } else {
      waited += 1
    }
    epoch += 1
    return waited >= patience
  }
}
