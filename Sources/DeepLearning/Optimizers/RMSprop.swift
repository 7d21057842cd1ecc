/// RMSprop: steps scaled by a running average of the squared gradient.
///
/// g ← ∇ + λ θ;  s ← α s + (1 − α) g²;  θ ← θ − η g / (√s + ε). With momentum b ← µ b + g / (√s + ε) and
/// θ ← θ − η b. Centered, m ← α m + (1 − α) g and s − m² takes the place of s: the variance of the gradient rather
/// than its mean square.
///
/// G. Hinton, "Neural Networks for Machine Learning", lecture 6e, 2012; centered: A. Graves, "Generating
/// Sequences With Recurrent Neural Networks", 2013.
public final class RMSprop: Optimizer {
  /// - Parameters:
  ///   - lr: The learning rate η.
  ///   - alpha: α, how much of the average square is kept.
  ///   - eps: ε, keeps the divisor from being 0.
  ///   - weightDecay: λ, how strongly weights are pulled toward 0.
  ///   - momentum: µ, how much of the last step's velocity is kept.
  public init<P: Trainable>(
    _ parameters: [P], lr: Double = 1e-2, alpha: Double = 0.99, eps: Double = 1e-8,
    weightDecay: Double = 0, momentum: Double = 0, centered: Bool = false
  ) {
    super.init(
      parameters,
      defaults: [
        .lr: lr, .alpha: alpha, .eps: eps, .weightDecay: weightDecay, .momentum: momentum,
        .centered: centered ? 1 : 0,
      ])
  }

  public override func stateNames(in group: ParameterGroup) -> [String] {
    ["square_avg"] + (group[.centered] == 0 ? [] : ["grad_avg"])
      + (group.momentum == 0 ? [] : ["momentum_buffer"])
  }

  public override func update(
    _ parameter: Tensor, gradient: Tensor, group: ParameterGroup, step: Int, state: inout [String: Tensor]
  ) {
    let square = state.remembered("square_avg", like: parameter)
    let velocity =
      group.momentum == 0 ? nil : state.remembered("momentum_buffer", like: parameter)
    let plain = RMSpropRule(
      lr: group.lr, alpha: group[.alpha], eps: group[.eps], weightDecay: group.weightDecay,
      momentum: group.momentum)
    if group[.centered] == 0 {
      plain.apply(to: parameter, gradient, square, velocity)
    } else {
      let mean = state.remembered("grad_avg", like: parameter)
      CenteredRMSpropRule(plain: plain).apply(to: parameter, gradient, square, mean, velocity)
    }
  }
}

private struct RMSpropRule: UpdateRule {
  let lr: Double
  let alpha: Double
  let eps: Double
  let weightDecay: Double
  let momentum: Double

  func update<E: FloatingElement>(
    _ p: inout E, _ gradient: E, _ square: inout E, _ velocity: inout E, _: inout E
  ) {
    let g = gradient + E(weightDecay) * p
    square = E(alpha) * square + E(1 - alpha) * g * g
    velocity = E(momentum) * velocity + g / (square.squareRoot() + E(eps))
    p -= E(lr) * velocity
  }
}

private struct CenteredRMSpropRule: UpdateRule {
  let plain: RMSpropRule

  func update<E: FloatingElement>(
    _ p: inout E, _ gradient: E, _ square: inout E, _ mean: inout E, _ velocity: inout E
  ) {
    let g = gradient + E(plain.weightDecay) * p
    square = E(plain.alpha) * square + E(1 - plain.alpha) * g * g
    mean += E(1 - plain.alpha) * (g - mean)
    // Where gradients hardly vary, rounding can take the difference below 0.
    let difference = square - mean * mean
    let variance = difference < 0 ? 0 : difference
    velocity = E(plain.momentum) * velocity + g / (variance.squareRoot() + E(plain.eps))
    p -= E(plain.lr) * velocity
  }
}
