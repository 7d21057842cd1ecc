import DeepLearning
import Exercises
import Foundation

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    let drawn = Tensor.rand(50, dtype: .float64).toArray(of: Double.self).map { 3 - 2 * log(-log($0)) }
    let samples: [(x: [Double], mu: Double, beta: Double)] = [
      ([0, log(2)], 0, 1), ([1, 3], 1, 2), ([-2, 0.5, 4], 0.5, 1.5), ([7], 3, 0.5), (drawn, 2, 3),
    ]
    for sample in samples { try compareNLL(trial, sample.x, sample.mu, sample.beta) }
    for sample in samples { try compareSlopes(trial, sample.x, sample.mu, sample.beta) }
    for sample in samples { try compareLocation(trial, sample.x, sample.beta) }
  }

  private static func compareNLL(_ trial: Trial, _ x: [Double], _ mu: Double, _ beta: Double) throws {
    let n = Double(x.count)
    let u = x.map { ($0 - mu) / beta }
    let (sum, decay) = (u.reduce(0, +), u.map { exp(-$0) }.reduce(0, +))
    let expected = n * log(beta) + sum + decay
    let got = try gumbelNLL(Tensor(x, dtype: .float64), mu: mu, beta: beta)
    try trial.compare(
      "E(µ, β)", got, with: expected, given: ["x": x, "mu": mu, "beta": beta], within: 1e-6,
      mistakes: [
        Mistake(
          "This is the log-likelihood. What is minimized is the negative one: turn the sign.",
          gives: -expected),
        Mistake("Here E is the sum over the sample. You have divided it by N.", gives: expected / n),
        Mistake(
          "The exponent is −u, with a minus.",
          gives: n * log(beta) + sum + u.map { exp($0) }.reduce(0, +)),
        Mistake(
          "The term N ln β is missing. It is the price of a wide distribution.", gives: sum + decay),
        Mistake("Every example has its ln β: the first term is N ln β.", gives: log(beta) + sum + decay),
        Mistake(
          "The term N ln β has a plus: it is minus the logarithm of the factor 1/β.",
          gives: -n * log(beta) + sum + decay),
        Mistake("The sum of all u is missing.", gives: n * log(beta) + decay),
      ])
  }

  private static func compareSlopes(_ trial: Trial, _ x: [Double], _ mu: Double, _ beta: Double) throws {
    // The library differentiates E by itself.
    let leaves = [mu, beta].map { Tensor($0, dtype: .float64, requiresGrad: true) }
    let u = (Tensor(x, dtype: .float64) - leaves[0]) / leaves[1]
    (Double(x.count) * leaves[1].log() + (u + (-u).exp()).sum()).backward()
    let expected = leaves.map { $0.grad!.item() }

    let n = Double(x.count)
    let values = x.map { ($0 - mu) / beta }
    let sum = values.reduce(0, +)
    let weighted = values.map { $0 * exp(-$0) }.reduce(0, +)
    try trial.compare(
      "[∂E/∂µ, ∂E/∂β]", try gumbelSlopes(Tensor(x, dtype: .float64), mu: mu, beta: beta), with: expected,
      given: ["x": x, "mu": mu, "beta": beta], within: 1e-6,
      mistakes: [
        Mistake(
          "Here E is the sum over the sample. You have divided it by N.", gives: expected.map { $0 / n }),
        Mistake("Both signs are the wrong way round.", gives: expected.map { -$0 }),
        Mistake(
          "The sign of ∂E/∂µ is the wrong way round: u falls as µ rises, ∂u/∂µ = −1/β.",
          gives: [-expected[0], expected[1]]),
        Mistake(
          "The inner derivative is missing: ∂u/∂µ = −1/β and ∂u/∂β = −u/β both divide by β.",
          gives: expected.map { $0 * beta }),
        Mistake(
          "The 1/β of ∂E/∂µ is missing: that is the inner derivative, ∂u/∂µ = −1/β.",
          gives: [expected[0] * beta, expected[1]]),
        Mistake(
          "In ∂E/∂β the term N/β is missing, the derivative of N ln β.",
          gives: [expected[0], (weighted - sum) / beta]),
        Mistake(
          "In ∂E/∂β each example has its ln β: the derivative of N ln β is N/β.",
          gives: [expected[0], (1 + weighted - sum) / beta]),
        Mistake(
          "In ∂E/∂β the sign of Σ u e⁻ᵘ is the wrong way round: two minuses, of −u and of −u/β, make a plus.",
          gives: [expected[0], (n - sum - weighted) / beta]),
        Mistake(
          "In ∂E/∂β the last term lacks its u: the inner derivative is ∂u/∂β = −u/β.",
          gives: [expected[0], (n - sum) / beta + expected[0] + n / beta]),
        Mistake("The two slopes are exchanged: ∂E/∂µ comes first.", gives: [expected[1], expected[0]]),
      ])
  }

  private static func compareLocation(_ trial: Trial, _ x: [Double], _ beta: Double) throws {
    let sum = x.map { exp(-$0 / beta) }.reduce(0, +)
    let expected = -beta * log(sum / Double(x.count))
    try trial.compare(
      "the best µ", try bestLocation(Tensor(x, dtype: .float64), beta: beta), with: expected,
      given: ["x": x, "beta": beta], within: 1e-6,
      mistakes: [
        Mistake("The sign is the wrong way round: µ = −β ln(...).", gives: -expected),
        Mistake(
          "The N has been lost: the slope is 0 where Σ exp(−u) = N, so the logarithm is that of a mean.",
          gives: -beta * log(sum)),
        Mistake("The factor β is missing: the logarithm gives µ/β.", gives: expected / beta),
        Mistake(
          "This is the mean of the sample. It is the best µ of a Gaussian, not of a Gumbel distribution.",
          gives: x.reduce(0, +) / Double(x.count)),
      ])
  }
}
