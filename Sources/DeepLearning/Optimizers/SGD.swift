/// Stochastic gradient descent, with momentum on request.
///
/// g ← ∇ + λ θ;  v ← µ v + (1 − d) g (at the first step v = g);  θ ← θ − η v, or with Nesterov's look ahead
/// θ ← θ − η (g + µ v). Without momentum θ ← θ − η g.
public final class SGD: Optimizer {
  /// µ: how much of the last step's velocity is kept.
  public let momentum: Double
  /// d: by how much a new gradient counts less in the velocity.
  public let dampening: Double
  public let nesterov: Bool

  public init(
    _ groups: [ParameterGroup], momentum: Double = 0, dampening: Double = 0, nesterov: Bool = false
  ) {
    check(momentum >= 0, "SGD", "momentum \(momentum) must not be negative")
    check(
      !nesterov || (momentum > 0 && dampening == 0), "SGD", "Nesterov's step needs momentum and no dampening")
    self.momentum = momentum
    self.dampening = dampening
    self.nesterov = nesterov
    super.init(groups)
  }

  public convenience init(
    _ parameters: [Tensor], lr: Double = 1e-3, momentum: Double = 0, dampening: Double = 0,
    weightDecay: Double = 0,
    nesterov: Bool = false
  ) {
    self.init(
      [ParameterGroup(parameters, lr: lr, weightDecay: weightDecay)], momentum: momentum,
      dampening: dampening,
      nesterov: nesterov)
  }

  public override func update(
    _ parameter: Tensor, gradient: Tensor, group: ParameterGroup, step: Int, state: inout [String: Tensor]
  ) {
    guard momentum != 0 else {
      Descend(lr: group.lr, weightDecay: group.weightDecay).apply(to: parameter, gradient)
      return
    }
    let isFirst = step == 1
    let velocity = state["momentum_buffer"] ?? Tensor.zeros(like: parameter)
    state["momentum_buffer"] = velocity
    let rule = DescendWithMomentum(
      lr: group.lr, weightDecay: group.weightDecay, keep: isFirst ? 0 : momentum,
      add: isFirst ? 1 : 1 - dampening, ofVelocity: nesterov ? momentum : 1, ofGradient: nesterov ? 1 : 0)
    rule.apply(to: parameter, gradient, velocity)
  }
}

private struct Descend: UpdateRule {
  let lr: Double
  let weightDecay: Double

  func update<E: FloatingElement>(_ p: inout E, _ gradient: E, _: inout E, _: inout E) {
    p -= E(lr) * (gradient + E(weightDecay) * p)
  }
}

private struct DescendWithMomentum: UpdateRule {
  let lr: Double
  let weightDecay: Double
  /// How much of the old velocity stays, and how much of the gradient joins it.
  let keep: Double
  let add: Double
  /// How much the step takes of the velocity, and how much of the gradient itself.
  let ofVelocity: Double
  let ofGradient: Double

  func update<E: FloatingElement>(_ p: inout E, _ gradient: E, _ velocity: inout E, _: inout E) {
    let g = gradient + E(weightDecay) * p
    velocity = E(keep) * velocity + E(add) * g
    p -= E(lr) * (E(ofVelocity) * velocity + E(ofGradient) * g)
  }
}
