// Says: Nothing has been remembered
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
    false
  }
}
