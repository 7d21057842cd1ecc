/// Why training was stopped.
public struct TrainingError: Error, Hashable, CustomStringConvertible {
  /// A step and its loss.
  public struct Step: Hashable, Sendable {
    public let step: Int
    public let loss: Double
  }

  /// The loss that is not finite.
  public let stopped: Step
  /// The last losses that were, oldest first.
  public let lastGood: [Step]
  /// What to try.
  public let hint: String

  public var description: String {
    let good = lastGood.map { "\($0.loss.shown(digits: nil)) (step \($0.step))" }.joined(separator: ", ")
    // A NaN has a sign, which Swift would print and which means nothing.
    let loss = stopped.loss.isNaN ? "nan" : "\(stopped.loss)"
    return "the loss is \(loss) at step \(stopped.step); "
      + (good.isEmpty ? "no step before had a good one" : "the last good ones: \(good)") + "; " + hint
  }
}

/// Stops training as soon as the loss is not a finite number: every step from then on would be lost.
///
///     var watch = LossWatch()
///     for (step, (x, y)) in loader.enumerated() {
///       let loss = crossEntropy(model(x), y)
///       try watch.check(loss, step: step)
///       optimizer.zeroGrad()
///       loss.backward()
///       optimizer.step()
///     }
///
/// Checked before `step()`, the parameters are still those of the last good step.
public struct LossWatch: Sendable {
  private var best = Double.infinity
  private var lastGood: [TrainingError.Step] = []
  private let memory: Int

  /// - Parameter memory: How many good losses the error is to list.
  public init(memory: Int = 3) {
    Tensors.check(memory >= 1, "LossWatch", "memory \(memory) must be at least 1")
    self.memory = memory
  }

  /// Notes a loss and returns it.
  ///
  /// - Throws: ``TrainingError`` where it is infinite or not a number.
  @discardableResult
  public mutating func check(_ loss: Double, step: Int) throws(TrainingError) -> Double {
    guard loss.isFinite else {
      throw TrainingError(stopped: .init(step: step, loss: loss), lastGood: lastGood, hint: hint)
    }
    best = min(best, loss)
    lastGood = lastGood.suffix(memory - 1) + [.init(step: step, loss: loss)]
    return loss
  }

  /// Notes a loss of one element and returns its value.
  @discardableResult
  public mutating func check(_ loss: Tensor, step: Int) throws(TrainingError) -> Double {
    try check(loss.item(), step: step)
  }

  /// What the losses so far point to.
  private var hint: String {
    guard let last = lastGood.last else {
      return "check the data for NaN and the first weights for their size"
    }
    // A loss that has left three times its best behind was on its way up.
    return last.loss > 3 * abs(best)
      ? "it was growing: lower the learning rate, or clip the gradients"
      : "it came at once: check the data for NaN, and for a logarithm of 0 or a division by 0 (take losses of logits); "
        + "or lower the learning rate"
  }
}
