/// Adagrad: every number has its own step, the smaller the more it has been pulled so far.
///
/// g ← ∇ + λ θ;  s ← s + g²;  θ ← θ − η / (1 + (t − 1) d) · g / (√s + ε), with d the learning rate's decay.
///
/// J. Duchi, E. Hazan and Y. Singer, "Adaptive Subgradient Methods for Online Learning and Stochastic
/// Optimization", JMLR 12, 2011.
public final class Adagrad: Optimizer {
  /// - Parameters:
  ///   - lr: The learning rate η.
  ///   - lrDecay: d, by how much it falls with each step.
  ///   - weightDecay: λ, how strongly weights are pulled toward 0.
  ///   - initialAccumulatorValue: What the sum of squares s starts from.
  ///   - eps: ε, keeps the divisor from being 0.
  public init<P: Trainable>(
    _ parameters: [P], lr: Double = 1e-2, lrDecay: Double = 0, weightDecay: Double = 0,
    initialAccumulatorValue: Double = 0, eps: Double = 1e-10
  ) {
    super.init(
      parameters,
      defaults: [
        .lr: lr, .lrDecay: lrDecay, .weightDecay: weightDecay,
        .initialAccumulatorValue: initialAccumulatorValue, .eps: eps,
      ])
  }

  public override func stateNames(in group: ParameterGroup) -> [String] { ["sum"] }

  public override func update(
    _ parameter: Tensor, gradient: Tensor, group: ParameterGroup, step: Int, state: inout [String: Tensor]
  ) {
    let sum = state.remembered("sum", like: parameter, from: group[.initialAccumulatorValue])
    let rule = AdagradRule(
      lr: group.lr / (1 + Double(step - 1) * group[.lrDecay]), weightDecay: group.weightDecay,
      eps: group[.eps])
    rule.apply(to: parameter, gradient, sum)
  }
}

private struct AdagradRule: UpdateRule {
  let lr: Double
  let weightDecay: Double
  let eps: Double

  func update<E: FloatingElement>(_ p: inout E, _ gradient: E, _ sum: inout E, _: inout E, _: inout E) {
    let g = gradient + E(weightDecay) * p
    sum += g * g
    p -= E(lr) * g / (sum.squareRoot() + E(eps))
  }
}
