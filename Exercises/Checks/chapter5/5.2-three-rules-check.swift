import DeepLearning
import Exercises
import Foundation

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    let theta = Tensor([1.0, -2.0])
    let gradients = [Tensor([2.0, -4.0]), Tensor([1.0, 3.0]), Tensor([-0.5, 1.0])]
    let random = (0..<12).map { _ in Tensor.randn(3, 2) }
    for count in [1, 2, 3] { try velocity(trial, theta, Array(gradients[..<count]), lr: 0.1, mu: 0.5) }
    try velocity(trial, Tensor.randn(3, 2), random, lr: 0.05, mu: 0.9)
    for count in [1, 2, 3] {
      try averageOfSquares(trial, theta, Array(gradients[..<count]), lr: 0.1, alpha: 0.75, eps: 0.01)
    }
    try averageOfSquares(trial, Tensor.randn(3, 2), random, lr: 0.05, alpha: 0.99, eps: 1e-8)
    for count in [1, 2, 3] {
      try bothAverages(trial, theta, Array(gradients[..<count]), beta1: 0.5, beta2: 0.75, eps: 0.01)
    }
    try bothAverages(trial, Tensor.randn(3, 2), random, beta1: 0.9, beta2: 0.999, eps: 1e-8)
  }

  /// What the library's optimizer makes of the same gradients.
  private static func library(_ theta: Tensor, _ gradients: [Tensor], _ make: ([Tensor]) -> Optimizer)
    -> Tensor
  {
    let parameter = Parameter(theta.clone())
    let optimizer = make([parameter])
    for g in gradients {
      optimizer.zeroGrad()
      (parameter * g).sum().backward()
      optimizer.step()
    }
    return parameter.detach()
  }

  private static func compare(
    _ trial: Trial, _ rule: String, _ answer: Tensor, with expected: Tensor, _ theta: Tensor,
    _ before: Tensor,
    _ gradients: [Tensor], _ settings: String, _ mistakes: [Mistake]
  ) throws {
    let steps = gradients.count
    let shown =
      steps <= 3 ? gradients.map { $0.shown(digits: 2) }.joined(separator: ", ") : "\(steps) random ones"
    let input: KeyValuePairs<String, any Showable> = [
      "theta": before, "gradients": shown, "settings": settings,
    ]
    try trial.compare(
      "θ after \(steps) step\(steps == 1 ? "" : "s") of \(rule)", answer, with: expected, given: input,
      within: 1e-4,
      mistakes: [
        Mistake("θ has gone up the slope: the step is subtracted.", gives: before * 2 - expected)
      ] + mistakes)
    try trial.compare(
      "the given θ, afterwards", theta, with: before, given: input,
      mistakes: [
        Mistake("You have changed the caller's θ in place. Compute a new tensor in each step.", when: true)
      ])
  }

  private static func velocity(_ trial: Trial, _ theta: Tensor, _ gradients: [Tensor], lr: Double, mu: Double)
    throws
  {
    let before = theta.clone()
    let answer = try momentum(theta, gradients, lr: lr, mu: mu)
    func walk(_ step: (inout Tensor, inout Tensor, Tensor) -> Void) -> Tensor {
      var (p, v) = (before, Tensor.zeros(like: before))
      for g in gradients { step(&p, &v, g) }
      return p
    }
    try compare(
      trial, "momentum", answer, with: library(before, gradients) { SGD($0, lr: lr, momentum: mu) }, theta,
      before,
      gradients, "η = \(lr), µ = \(mu)",
      [
        Mistake(
          "This is plain gradient descent: the velocity is forgotten from step to step.",
          gives: walk { p, _, g in p = p - lr * g }),
        Mistake(
          "The gradient enters the velocity whole: v ← µ v + g, without 1 − µ.",
          gives: walk { p, v, g in
            v = mu * v + (1 - mu) * g; p = p - lr * v
          }),
        Mistake(
          "θ has moved by the velocity before this step's gradient came in. Update v first.",
          gives: walk { p, v, g in
            p = p - lr * v; v = mu * v + g
          }),
        Mistake(
          "The old velocity is not damped: µ v, not v.",
          gives: walk { p, v, g in
            v = v + g; p = p - lr * v
          }),
      ])
  }

  private static func averageOfSquares(
    _ trial: Trial, _ theta: Tensor, _ gradients: [Tensor], lr: Double, alpha: Double, eps: Double
  ) throws {
    let before = theta.clone()
    let answer = try rmsprop(theta, gradients, lr: lr, alpha: alpha, eps: eps)
    func walk(_ step: (inout Tensor, inout Tensor, Tensor) -> Void) -> Tensor {
      var (p, s) = (before, Tensor.zeros(like: before))
      for g in gradients { step(&p, &s, g) }
      return p
    }
    try compare(
      trial, "RMSprop", answer,
      with: library(before, gradients) { RMSprop($0, lr: lr, alpha: alpha, eps: eps) }, theta, before,
      gradients, "η = \(lr), α = \(alpha), ε = \(eps)",
      [
        Mistake(
          "ε has come under the root. It is added to the root.",
          gives: walk { p, s, g in
            s = alpha * s + (1 - alpha) * g.square(); p = p - lr * g / (s + eps).sqrt()
          }),
        Mistake(
          "The root is missing: the step is divided by √s + ε.",
          gives: walk { p, s, g in
            s = alpha * s + (1 - alpha) * g.square(); p = p - lr * g / (s + eps)
          }),
        Mistake(
          "The squares add up for ever, as AdaGrad's do. RMSprop averages them: α s + (1 − α) g².",
          gives: walk { p, s, g in
            s = s + g.square(); p = p - lr * g / (s.sqrt() + eps)
          }),
        Mistake(
          "α and 1 − α have changed places: the old average keeps α.",
          gives: walk { p, s, g in
            s = (1 - alpha) * s + alpha * g.square(); p = p - lr * g / (s.sqrt() + eps)
          }),
      ])
  }

  private static func bothAverages(
    _ trial: Trial, _ theta: Tensor, _ gradients: [Tensor], beta1: Double, beta2: Double, eps: Double
  ) throws {
    let lr = 0.1
    let before = theta.clone()
    let answer = try adam(theta, gradients, lr: lr, beta1: beta1, beta2: beta2, eps: eps)
    func walk(firstStep: Int = 1, _ step: (_ m: Tensor, _ s: Tensor, _ t: Double) -> Tensor) -> Tensor {
      var (p, m, s) = (before, Tensor.zeros(like: before), Tensor.zeros(like: before))
      for (i, g) in gradients.enumerated() {
        m = beta1 * m + (1 - beta1) * g
        s = beta2 * s + (1 - beta2) * g.square()
        p = p - lr * step(m, s, Double(i + firstStep))
      }
      return p
    }
    try compare(
      trial, "Adam", answer,
      with: library(before, gradients) { Adam($0, lr: lr, betas: (beta1, beta2), eps: eps) }, theta, before,
      gradients, "η = \(lr), β₁ = \(beta1), β₂ = \(beta2), ε = \(eps)",
      [
        Mistake(
          "The averages begin at zero and are too small at first: divide them by 1 − β₁ᵗ and 1 − β₂ᵗ.",
          gives: walk { m, s, _ in m / (s.sqrt() + eps) }),
        Mistake(
          "The first average is corrected and the second is not: divide s by 1 − β₂ᵗ.",
          gives: walk { m, s, t in m / (1 - pow(beta1, t)) / (s.sqrt() + eps) }),
        Mistake(
          "The second average is corrected and the first is not: divide m by 1 − β₁ᵗ.",
          gives: walk { m, s, t in m / ((s / (1 - pow(beta2, t))).sqrt() + eps) }),
        Mistake(
          "The correction is the same in every step: β is to be raised to the power of t.",
          gives: walk { m, s, _ in m / (1 - beta1) / ((s / (1 - beta2)).sqrt() + eps) }),
        Mistake(
          "ε has come under the root. It is added to the root.",
          gives: walk { m, s, t in m / (1 - pow(beta1, t)) / (s / (1 - pow(beta2, t)) + eps).sqrt() }),
        Mistake(
          "The steps are counted from 1: the first correction divides by 1 − β.",
          when: answer.isNaN().any()),
        Mistake(
          "The steps are counted from 1, not from 2.",
          gives: walk(firstStep: 2) { m, s, t in
            m / (1 - pow(beta1, t)) / ((s / (1 - pow(beta2, t))).sqrt() + eps)
          }),
      ])
  }
}
