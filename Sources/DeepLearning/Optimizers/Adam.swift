#if canImport(Glibc)
  import Glibc
#endif

/// Adam: steps scaled by running averages of the gradient and of its square.
///
/// m ← β₁ m + (1 − β₁) g;  v ← β₂ v + (1 − β₂) g²;  θ ← θ − η m̂ / (√v̂ + ε) with m̂ = m / (1 − β₁ᵗ) and
/// v̂ = v / (1 − β₂ᵗ), which undo the start from 0. Weight decay adds λ θ to g.
public class Adam: Optimizer {
  public let betas: (Double, Double)
  public let eps: Double
  /// Whether weight decay shrinks the weights directly (AdamW) instead of joining the gradient.
  fileprivate let isDecoupled: Bool

  fileprivate init(_ groups: [ParameterGroup], betas: (Double, Double), eps: Double, isDecoupled: Bool) {
    check(
      (0..<1).contains(betas.0) && (0..<1).contains(betas.1), "Adam",
      "betas \(betas) must be at least 0 and below 1")
    self.betas = betas
    self.eps = eps
    self.isDecoupled = isDecoupled
    super.init(groups)
  }

  public convenience init(
    _ groups: [ParameterGroup], betas: (Double, Double) = (0.9, 0.999), eps: Double = 1e-8
  ) {
    self.init(groups, betas: betas, eps: eps, isDecoupled: false)
  }

  public convenience init(
    _ parameters: [Tensor], lr: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999), eps: Double = 1e-8,
    weightDecay: Double = 0
  ) {
    self.init([ParameterGroup(parameters, lr: lr, weightDecay: weightDecay)], betas: betas, eps: eps)
  }

  public override func update(
    _ parameter: Tensor, gradient: Tensor, group: ParameterGroup, step: Int, state: inout [String: Tensor]
  ) {
    let mean = state["exp_avg"] ?? Tensor.zeros(like: parameter)
    let square = state["exp_avg_sq"] ?? Tensor.zeros(like: parameter)
    state["exp_avg"] = mean
    state["exp_avg_sq"] = square
    let rule = AdamRule(
      beta1: betas.0, beta2: betas.1, stepSize: group.lr / (1 - pow(betas.0, Double(step))),
      correction: (1 - pow(betas.1, Double(step))).squareRoot(), eps: eps,
      shrink: isDecoupled ? 1 - group.lr * group.weightDecay : 1,
      weightDecay: isDecoupled ? 0 : group.weightDecay)
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

  func update<E: FloatingElement>(_ p: inout E, _ gradient: E, _ mean: inout E, _ square: inout E) {
    let g = gradient + E(weightDecay) * p
    mean += E(1 - beta1) * (g - mean)
    square = E(beta2) * square + E(1 - beta2) * g * g
    p = E(shrink) * p - E(stepSize) * mean / (square.squareRoot() / E(correction) + E(eps))
  }
}

/// Adam with weight decay of its own: θ ← (1 − η λ) θ before the step, untouched by the scaling.
public final class AdamW: Adam {
  public convenience init(
    _ parameters: [Tensor], lr: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999), eps: Double = 1e-8,
    weightDecay: Double = 1e-2
  ) {
    self.init(
      [ParameterGroup(parameters, lr: lr, weightDecay: weightDecay)], betas: betas, eps: eps,
      isDecoupled: true)
  }
}
