/// Stochastic gradient descent, with momentum on request.
///
/// g ← ∇ + λ θ;  v ← µ v + (1 − d) g (at the first step v = g);  θ ← θ − η v, or with Nesterov's look ahead
/// θ ← θ − η (g + µ v). Without momentum θ ← θ − η g.
///
/// Momentum: B. T. Polyak, "Some methods of speeding up the convergence of iteration methods", 1964. Nesterov's
/// step in this form: I. Sutskever et al., "On the importance of initialization and momentum in deep learning",
/// ICML 2013.
public final class SGD: Optimizer {
  /// - Parameters:
  ///   - lr: The learning rate η.
  ///   - momentum: µ, how much of the last step's velocity is kept.
  ///   - dampening: d, by how much a new gradient counts less in the velocity.
  ///   - weightDecay: λ, how strongly weights are pulled toward 0.
  public init<P: Trainable>(
    _ parameters: [P], lr: Double = 1e-3, momentum: Double = 0, dampening: Double = 0,
    weightDecay: Double = 0, nesterov: Bool = false
  ) {
    super.init(
      parameters,
      defaults: [
        .lr: lr, .momentum: momentum, .dampening: dampening, .weightDecay: weightDecay,
        .nesterov: nesterov ? 1 : 0,
      ])
  }

  public override func conflict(in group: ParameterGroup) -> String? {
    group[.nesterov] == 0 || (group.momentum > 0 && group[.dampening] == 0)
      ? nil : "Nesterov's step needs momentum and no dampening"
  }

  public override func stateNames(in group: ParameterGroup) -> [String] {
    group.momentum == 0 ? [] : ["momentum_buffer"]
  }

  public override func update(
    _ parameter: Tensor, gradient: Tensor, group: ParameterGroup, step: Int, state: inout [String: Tensor]
  ) {
    let momentum = group.momentum
    guard momentum != 0 else {
      Descend(lr: group.lr, weightDecay: group.weightDecay).apply(to: parameter, gradient)
      return
    }
    let isFirst = state["momentum_buffer"] == nil
    let velocity = state.remembered("momentum_buffer", like: parameter)
    let nesterov = group[.nesterov] != 0
    let rule = DescendWithMomentum(
      lr: group.lr, weightDecay: group.weightDecay, keep: isFirst ? 0 : momentum,
      add: isFirst ? 1 : 1 - group[.dampening], ofVelocity: nesterov ? momentum : 1,
      ofGradient: nesterov ? 1 : 0)
    rule.apply(to: parameter, gradient, velocity)
  }
}

private struct Descend: UpdateRule {
  let lr: Double
  let weightDecay: Double

  func update<E: FloatingElement>(_ p: inout E, _ gradient: E, _: inout E, _: inout E, _: inout E) {
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

  func update<E: FloatingElement>(_ p: inout E, _ gradient: E, _ velocity: inout E, _: inout E, _: inout E) {
    let g = gradient + E(weightDecay) * p
    velocity = E(keep) * velocity + E(add) * g
    p -= E(lr) * (E(ofVelocity) * velocity + E(ofGradient) * g)
  }
}
