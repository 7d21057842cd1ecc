/// Sharpness-aware minimization: looks for parameters around which the loss is low everywhere, not only where they
/// are.
///
/// With g the gradient at θ: ε = ρ g / ‖g‖ leads to the worst place within distance ρ, as far as the gradient can
/// tell. The base optimizer then moves θ by the gradient at θ + ε:
///
///     let optimizer = SAM(SGD(model.parameters(), lr: 0.1, momentum: 0.9), rho: 0.05)
///     optimizer.step {
///       optimizer.zeroGrad()
///       let loss = crossEntropy(model(x), y)
///       loss.backward()
///       return loss
///     }
///
/// A step computes the loss twice, both times of the same batch. What draws random numbers, as dropout does, draws
/// anew the second time. Schedules, clipping and checkpoints are for `base`, which keeps all the state there is.
///
/// P. Foret et al., "Sharpness-Aware Minimization for Efficiently Improving Generalization", ICLR 2021.
public final class SAM {
  /// The optimizer that moves the parameters.
  public let base: Optimizer
  /// ρ, the distance at which the second gradient is taken.
  public var rho: Double

  public init(_ base: Optimizer, rho: Double = 0.05) {
    check(rho >= 0, "SAM", "rho \(rho) must not be negative")
    check(!(base is LBFGS), "SAM", "LBFGS compares gradients along its own path; wrap SGD or Adam")
    self.base = base
    self.rho = rho
  }

  /// Forgets the gradients of all parameters.
  public func zeroGrad() { base.zeroGrad() }

  /// One step. `closure` clears the gradients, computes the loss and its gradient, and returns the loss.
  ///
  /// - Returns: The loss at θ, before the step.
  @discardableResult
  public func step<Failure: Error>(_ closure: () throws(Failure) -> Tensor) throws(Failure) -> Tensor {
    let loss = try closure()
    try computeGradient(with: closure, at: climb())
    base.step()
    return loss
  }

  /// Calls the closure where the parameters stand now, and puts them back where they were, exactly.
  private func computeGradient<Failure: Error>(
    with closure: () throws(Failure) -> Tensor, at moved: [(parameter: Tensor, original: Tensor)]
  ) throws(Failure) {
    defer { noGrad { for (parameter, original) in moved { parameter.copy_(original) } } }
    _ = try closure()
  }

  /// θ ← θ + ε
  ///
  /// - Returns: The parameters that have moved, with copies of where they were.
  private func climb() -> [(parameter: Tensor, original: Tensor)] {
    let trained = base.groups.flatMap(\.parameters).filter { $0.grad != nil }
    let length = totalNorm(trained.map { $0.grad! })
    // Where there is no slope, no direction leads up.
    guard length > 0 else { return [] }
    return noGrad {
      trained.map { parameter in
        let original = parameter.clone()
        parameter.add_(parameter.grad!, alpha: rho / length)
        return (parameter, original)
      }
    }
  }
}
