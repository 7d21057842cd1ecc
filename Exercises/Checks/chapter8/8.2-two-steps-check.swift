import DeepLearning
import Exercises
import Foundation

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    let runs = [
      TwoSteps(w: 0.5, u: 1, b: 0, start: 1, x: [0, 0], y: [0, 0]),
      TwoSteps(w: 2, u: -1, b: 0.5, start: 0.5, x: [1, 0.3], y: [1, -1]),
      TwoSteps(w: -0.7, u: 0.4, b: -0.2, start: -1.5, x: [0.2, 2], y: [0.3, 0.9]),
    ]
    for run in runs { try threeTerms(trial, run) }
    for run in runs { try gradients(trial, run) }
    try factors(trial, w: 0.5, [0])
    try factors(trial, w: 0.5, [0, 0.5])
    try factors(trial, w: -1.5, [0.2, -0.6, 0.9, -0.1])
    try factors(trial, w: 1.2, (0..<30).map { sin(Double($0)) / 2 })
  }

  private static func input(_ run: TwoSteps) -> KeyValuePairs<String, any Showable> {
    [
      "w": run.w, "u": run.u, "b": run.b, "start": run.start, "x": run.x, "y": run.y,
      "states": run.states.map { $0.shown(digits: 6) }.joined(separator: ", "),
    ]
  }

  /// By differentiation, with weights of each step's own, so that the steps can be told apart.
  private static func split(_ run: TwoSteps) -> (terms: [Double], gradient: [Double]) {
    func number(_ x: Double) -> Tensor { Tensor(x, dtype: .float64, requiresGrad: true) }
    let (w, u, b) = (
      [number(run.w), number(run.w)], [number(run.u), number(run.u)], [number(run.b), number(run.b)]
    )
    let h1 = (w[0] * run.start + u[0] * run.x[0] + b[0]).tanh()
    let h2 = (w[1] * h1 + u[1] * run.x[1] + b[1]).tanh()
    let losses = [(h1 - run.y[0]).square() / 2, (h2 - run.y[1]).square() / 2]
    let first = grad([losses[0]], [w[0]], retainGraph: true)[0]!.item()
    let second = grad([losses[1]], w, retainGraph: true).map { $0!.item() }
    let all = grad([losses[0] + losses[1]], w + u + b).map { $0!.item() }
    return ([first, second[1], second[0]], [all[0] + all[1], all[2] + all[3], all[4] + all[5]])
  }

  private static func threeTerms(_ trial: Trial, _ run: TwoSteps) throws {
    let expected = split(run).terms
    let answer = try terms(run)
    let (h, s) = (run.states, run.states.map { 1 - $0 * $0 })
    let e = [h[0] - run.y[0], h[1] - run.y[1]]
    try trial.compare(
      "the terms of ∂E/∂w", answer, with: expected, given: input(run),
      mistakes: [
        Mistake(
          "The third term stands in the second place: E₂ by step 2 comes before E₂ by step 1.",
          gives: [expected[0], expected[2], expected[1]]),
        Mistake(
          "In the third term w is missing: the way from step 2 to step 1 leads through it.",
          gives: [expected[0], expected[1], expected[2] / run.w]),
        Mistake(
          "In the third term the slope of step 1 is missing: the way back leads through that tanh, too.",
          gives: [expected[0], expected[1], expected[2] / s[0]]),
        Mistake(
          "In the third term the slope of step 2 is missing: the way back begins at that tanh.",
          gives: [expected[0], expected[1], expected[2] / s[1]]),
        Mistake(
          "The slope of tanh is 1 − h². You have 1 − h.",
          gives: [
            e[0] * (1 - h[0]) * run.start, e[1] * (1 - h[1]) * h[0],
            e[1] * (1 - h[1]) * run.w * (1 - h[0]) * run.start,
          ]),
        Mistake("The sign of all: the derivative of ½ (h − y)² is h − y.", gives: expected.map { -$0 }),
        Mistake(
          "At step 2 the weight has met h₁, not h₀.",
          gives: [expected[0], expected[1] / h[0] * run.start, expected[2]]),
      ])
  }

  private static func gradients(_ trial: Trial, _ run: TwoSteps) throws {
    let (terms, expected) = split(run)
    let answer = try gradient(run)
    let (h, s) = (run.states, run.states.map { 1 - $0 * $0 })
    let e = [h[0] - run.y[0], h[1] - run.y[1]]
    let truncated = "This forgets that h₁ depends on the weights, too: E₂ goes back to step 1 as well."
    try trial.compare(
      "∂E/∂w", answer.w, with: expected[0], given: input(run),
      mistakes: [
        Mistake(truncated, gives: terms[0] + terms[1]),
        Mistake("This is what E₂ says alone. E₁ has a say, too.", gives: terms[1] + terms[2]),
        Mistake(
          "This is half of it. E is the sum of the two losses, not their mean.", gives: expected[0] / 2),
      ])
    try trial.compare(
      "∂E/∂u", answer.u, with: expected[1], given: input(run),
      mistakes: [
        Mistake(truncated, gives: e[0] * s[0] * run.x[0] + e[1] * s[1] * run.x[1]),
        Mistake(
          "u is on the way to h₁ only once. From step 2 back to step 1 the way leads through w.",
          gives: e[0] * s[0] * run.x[0] + e[1] * s[1] * (run.x[1] + run.u * s[0] * run.x[0])),
        Mistake(
          "u has met the inputs: x₁ at step 1, x₂ at step 2. They have changed places.",
          gives: (e[0] + e[1] * s[1] * run.w) * s[0] * run.x[1] + e[1] * s[1] * run.x[0]),
      ])
    try trial.compare(
      "∂E/∂b", answer.b, with: expected[2], given: input(run),
      mistakes: [Mistake(truncated, gives: e[0] * s[0] + e[1] * s[1])])
  }

  private static func factors(_ trial: Trial, w: Double, _ states: [Double]) throws {
    // As a sum of logarithms, with the sign apart.
    let size = exp(states.reduce(0) { $0 + log(abs(w) * (1 - $1 * $1)) })
    let expected = w < 0 && states.count % 2 == 1 ? -size : size
    let count = Double(states.count)
    try trial.compare(
      "∂h_τ/∂h₀", try fading(w: w, states: states), with: expected, given: ["w": w, "states": states],
      mistakes: [
        Mistake("w stands in every factor, not only once.", gives: expected / pow(w, count - 1)),
        Mistake("w is missing: a step's factor is w (1 − h²).", gives: expected / pow(w, count)),
        Mistake(
          "This is a sum over the steps. The steps stand behind one another, so that their factors multiply.",
          gives: states.reduce(0) { $0 + w * (1 - $1 * $1) }),
        Mistake("The slopes are missing: a step's factor is w (1 − h²).", gives: pow(w, count)),
      ])
  }
}
