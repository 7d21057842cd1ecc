import DeepLearning
import Exercises
import Foundation

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    for (miss, alarm) in [(4, 1), (1, 3), (1, 1), (0.5, 10), (200, 7)] as [(Double, Double)] {
      try compareThreshold(trial, miss, alarm)
    }
    try compareSlopes(trial, [0], [1])
    try compareSlopes(trial, [2, -1], [1, 0])
    try compareSlopes(trial, [-10, -5, 5, 10], [1, 1, 0, 0])
    try compareSlopes(
      trial, (Tensor.randn(8) * 2).toArray(of: Double.self), [0, 1, 1, 0, 1, 0, 0, 1])
  }

  private static func compareThreshold(_ trial: Trial, _ miss: Double, _ alarm: Double) throws {
    let p = alarm / (miss + alarm)
    try trial.compare(
      "the threshold", try threshold(miss: miss, alarm: alarm), with: log(alarm / miss),
      given: ["miss": miss, "alarm": alarm], within: 1e-6,
      mistakes: [
        Mistake(
          "The sign is the wrong way round. Where a miss is the worse mistake the neuron should say 1 sooner: "
            + "the threshold sinks.", gives: log(miss / alarm)),
        Mistake(
          "This is a probability, the p above which 1 is cheaper. Turn it into z with the log-odds.", gives: p
        ),
        Mistake("These are the odds. z is their logarithm.", gives: alarm / miss),
        Mistake("This is the logarithm of p. z is the logarithm of the odds, p / (1 − p).", gives: log(p)),
        Mistake(
          "0 is the threshold where both mistakes cost the same. Here they do not.", gives: 0.0),
      ])
  }

  private static func compareSlopes(_ trial: Trial, _ z: [Double], _ y: [Double]) throws {
    // The library differentiates both losses by itself.
    func slope(_ loss: (Tensor) -> Tensor) -> Tensor {
      let leaf = Tensor(z, dtype: .float64, requiresGrad: true)
      loss(leaf).sum().backward()
      return leaf.grad!
    }
    let labels = Tensor(y, dtype: .float64)
    let logistic = slope { -(labels * $0.sigmoid().log() + (1 - labels) * (1 - $0.sigmoid()).log()) }
    let squared = slope { ($0.sigmoid() - labels) ** 2 }

    let predictors = Tensor(z, dtype: .float64)
    let p = predictors.sigmoid()
    let answer = try slopes(predictors, labels)
    let reversed = "The sign is the wrong way round: where z is too large the loss rises with it, p − y."
    let averaged = "Each example has a slope of its own. You have divided by their number."
    try trial.compare(
      "the slope of the logistic loss", answer.logistic, with: logistic, given: ["z": z, "y": y],
      mistakes: [
        Mistake(reversed, gives: -logistic), Mistake(averaged, gives: logistic / Double(z.count)),
        Mistake("This slope is for label 1. With label 0 it is p.", gives: p - 1),
        Mistake("The prediction is σ(z), not z.", gives: predictors - labels),
        Mistake(
          "There is no factor p (1 − p): the p and the 1 − p below the fractions cancel it.",
          gives: (p - labels) * p * (1 - p)),
      ])
    try trial.compare(
      "the slope of the squared error", answer.squared, with: squared, given: ["z": z, "y": y],
      mistakes: [
        Mistake(reversed, gives: -squared), Mistake(averaged, gives: squared / Double(z.count)),
        Mistake(
          "This slope is for label 1. With label 0 it is 2 p · p (1 − p).", gives: 2 * (p - 1) * p * (1 - p)),
        Mistake(
          "The slope of σ is missing: the square is taken of σ(z), so multiply by σ' = p (1 − p).",
          gives: 2 * (p - labels)),
        Mistake(
          "The 2 is missing, which comes down from the exponent of the square.", gives: squared / 2),
        Mistake(
          "The slope of σ is p (1 − p) with p = σ(z). You have put z in the place of p.",
          gives: 2 * (p - labels) * predictors * (1 - predictors)),
      ])
  }
}
