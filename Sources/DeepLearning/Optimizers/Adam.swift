#if canImport(Glibc)
  import Glibc
#endif

/// Adam: steps scaled by running averages of the gradient and of its square.
///
/// m ← β₁ m + (1 − β₁) g;  v ← β₂ v + (1 − β₂) g²;  θ ← θ − η m̂ / (√v̂ + ε) with m̂ = m / (1 − β₁ᵗ) and
/// v̂ = v / (1 − β₂ᵗ), which undo the start from 0. Weight decay adds λ θ to g.
///
/// D. P. Kingma and J. Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015.
public class Adam: Optimizer {
  /// Whether weight decay shrinks the weights directly (AdamW) instead of joining the gradient.
  fileprivate var isDecoupled: Bool { false }

  /// - Parameters:
  ///   - lr: The learning rate η.
  ///   - betas: β₁ and β₂, how much of the averages of the gradient and of its square is kept.
  ///   - eps: ε, keeps the divisor from being 0.
  ///   - weightDecay: λ, how strongly weights are pulled toward 0.
  public init<P: Trainable>(
    _ parameters: [P], lr: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999), eps: Double = 1e-8,
    weightDecay: Double = 0
  ) {
    super.init(
      parameters,
      defaults: [.lr: lr, .beta1: betas.0, .beta2: betas.1, .eps: eps, .weightDecay: weightDecay])
  }

  public override func stateNames(in group: ParameterGroup) -> [String] { ["exp_avg", "exp_avg_sq"] }

  public override func update(
    _ parameter: Tensor, gradient: Tensor, group: ParameterGroup, step: Int, state: inout [String: Tensor]
  ) {
    let mean = state.remembered("exp_avg", like: parameter)
    let square = state.remembered("exp_avg_sq", like: parameter)
    let (lr, betas, weightDecay) = (group.lr, group.betas, group.weightDecay)
    let rule = AdamRule(
      beta1: betas.0, beta2: betas.1, stepSize: lr / (1 - pow(betas.0, Double(step))),
      correction: (1 - pow(betas.1, Double(step))).squareRoot(), eps: group[.eps],
      shrink: isDecoupled ? 1 - lr * weightDecay : 1, weightDecay: isDecoupled ? 0 : weightDecay)
    rule.apply(to: parameter, gradient, mean, square)
  }
}

private struct AdamRule: UpdateRule {
  let beta1: Double
  let beta2: Double
  /// η / (1 − β₁ᵗ)
  let stepSize: Double
  /// √(1 − β₂ᵗ)
  let correction: Double
  let eps: Double
  let shrink: Double
  let weightDecay: Double

  func update<E: FloatingElement>(_ p: inout E, _ gradient: E, _ mean: inout E, _ square: inout E, _: inout E)
  {
    let g = gradient + E(weightDecay) * p
    mean += E(1 - beta1) * (g - mean)
    square = E(beta2) * square + E(1 - beta2) * g * g
    p = E(shrink) * p - E(stepSize) * mean / (square.squareRoot() / E(correction) + E(eps))
  }
}

/// Adam with weight decay of its own: θ ← (1 − η λ) θ before the step, untouched by the scaling.
///
/// I. Loshchilov and F. Hutter, "Decoupled Weight Decay Regularization", ICLR 2019.
public final class AdamW: Adam {
  fileprivate override var isDecoupled: Bool { true }

  public override init<P: Trainable>(
    _ parameters: [P], lr: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999), eps: Double = 1e-8,
    weightDecay: Double = 1e-2
  ) {
    super.init(parameters, lr: lr, betas: betas, eps: eps, weightDecay: weightDecay)
  }
}
