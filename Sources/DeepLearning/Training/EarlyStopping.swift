/// Ends training when validation has stopped getting better, and goes back to the weights with which it was best.
///
///     var stopping = EarlyStopping(patience: 5)
///     for epoch in 1...100 {
///       train(model)
///       let loss = validationLoss(model)
///       if stopping.shouldStop(after: epoch, value: loss, of: model) { break }
///     }
///     try stopping.restoreBest(of: model)
///
/// A value counts as better where it beats the best so far by more than `minDelta`; not a number is never better.
/// Training is to stop once `patience` values in a row were not better.
///
/// L. Prechelt, "Early Stopping – But When?", in "Neural Networks: Tricks of the Trade", 1998.
public struct EarlyStopping {
  public enum Goal: Sendable {
    /// The smaller the better, as a loss.
    case smallest
    /// The larger the better, as an accuracy.
    case largest
  }

  public let patience: Int
  public let minDelta: Double
  public let goal: Goal
  /// The best value so far, and the epoch after which it was reached; nil before the first number.
  public private(set) var best: (epoch: Int, value: Double)?
  /// How many values in a row were not better.
  public private(set) var waited = 0
  private var bestState: StateDict?

  /// - Parameters:
  ///   - patience: How many values in a row may be no better, at least 1.
  ///   - minDelta: By how much a value must beat the best one to count as better.
  public init(patience: Int, minDelta: Double = 0, goal: Goal = .smallest) {
    check(patience >= 1, "EarlyStopping", "patience \(patience) must be at least 1")
    check(minDelta >= 0, "EarlyStopping", "minDelta \(minDelta) must not be negative")
    self.patience = patience
    self.minDelta = minDelta
    self.goal = goal
  }

  /// Notes the value after an epoch. Where it is better than all before, keeps a copy of the model's parameters and
  /// buffers.
  ///
  /// - Returns: Whether patience is at an end.
  public mutating func shouldStop(after epoch: Int, value: Double, of model: Module) -> Bool {
    if isBetter(value) {
      best = (epoch, value)
      waited = 0
      bestState = model.stateDict().clone()
    } else {
      waited += 1
    }
    return waited >= patience
  }

  private func isBetter(_ value: Double) -> Bool {
    guard let best else { return !value.isNaN }
    return switch goal {
    case .smallest: value < best.value - minDelta
    case .largest: value > best.value + minDelta
    }
  }

  /// Copies the best parameters and buffers back into the model; leaves it as it is where there was no best value.
  ///
  /// - Throws: ``StateDictError`` where it is a model of another kind.
  public func restoreBest(of model: Module) throws(StateDictError) {
    if let bestState { try model.loadStateDict(bestState) }
  }
}
