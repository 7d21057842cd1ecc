import DeepLearning
import Exercises
import Foundation

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    let batches = [
      Tensor([[0.0, log(3)]]),
      Tensor([[2.0, 1.0, -1.0], [0.0, 0.0, 3.0]]),
      Tensor([[1000.0, 1000 + log(3)]]),
      // Alone, either row may be shifted by the wrong number and nothing shows; together it does.
      Tensor([[-1000.0, -1001.0, -1000.0]]),
      Tensor([[1000.0, 0.0], [-1000.0, -1001.0]]),
      Tensor.randn(4, 4) * 5,
      Tensor.randn(6, 3) * 300,
    ]
    for z in batches { try compareLogSumExp(trial, z) }
    for z in batches { try compareSoftmax(trial, z) }
  }

  private static let overflow =
    "e¹⁰⁰⁰ is infinite. Subtract the largest logit of each row before you take exponentials."
  private static let underflow =
    "All exponentials of a row have become 0. Shift each row by its own largest logit, "
    + "not by that of all rows or by a fixed number."

  private static func compareLogSumExp(_ trial: Trial, _ z: Tensor) throws {
    let expected = z.logSumExp(dim: 1)
    let largest = z.amax(dim: 1)
    let answer = try logSumExp(z)
    try trial.compare(
      "log-sum-exp", answer, with: expected, given: ["z": z],
      mistakes: [
        Mistake(underflow, when: (answer .== -Double.infinity).any()),
        Mistake(overflow, when: !answer.isFinite().all()),
        Mistake(
          "The m that was taken out of the sum has to be added back after the logarithm.",
          gives: expected - largest),
        Mistake("This is the largest logit alone. Add the logarithm of the sum.", gives: largest),
        Mistake(
          "The logarithm is missing: this is m plus the sum.", gives: largest + (expected - largest).exp()),
        Mistake("This is the sum of the exponentials. Take its logarithm.", gives: z.exp().sum(dim: 1)),
        Mistake(
          "This is one number for the whole batch. Each row has its own.",
          gives: z.logSumExp(dim: 1).logSumExp(dim: 0)),
        Mistake(
          "You sum down the columns, over the examples. The classes of one example are a row: dim 1.",
          gives: z.logSumExp(dim: 0)),
      ])
  }

  private static func compareSoftmax(_ trial: Trial, _ z: Tensor) throws {
    let expected = z.softmax(dim: 1)
    let answer = try stableSoftmax(z)
    let exponentials = (z - z.amax(dim: 1, keepDim: true)).exp()
    // The first row in which a number is lost.
    let lost = answer.shape == z.shape ? (0..<z.size(0)).first { answer[$0].isNaN().any() } : nil
    func largestLogit(_ row: Int) -> Double { z[row].max().item() }
    // ln of a sum near 1000 has three decimals left in 32 bits: who uses it here loses no more than that.
    try trial.compare(
      "the softmax", answer, with: expected, given: ["z": z], within: 1e-4,
      mistakes: [
        Mistake(
          "The softmax runs down the columns, over the examples. The classes of one example are a row: dim 1.",
          gives: z.softmax(dim: 0)),
        Mistake(
          "You divide by the sum of the whole batch. Each row has its own: the sum along dim 1.",
          gives: exponentials / exponentials.sum()),
        Mistake(
          "The softmax runs over the whole batch. Each row has its own: dim 1.",
          gives: z.flatten().softmax(dim: 0).reshape(z.shape)),
        Mistake("This is the logarithm of the softmax.", gives: z.logSoftmax(dim: 1)),
        Mistake(
          "These are exponentials. Divide each row by its sum.",
          gives: exponentials),
        Mistake("These are exponentials. Divide each row by its sum.", gives: z.exp()),
        Mistake(
          "Divide by the sum of the exponentials, not by that of the logits.",
          gives: z.exp() / z.sum(dim: 1, keepDim: true)),
        Mistake(underflow, when: lost != nil && largestLogit(lost!) < 0),
        Mistake(overflow, when: lost != nil),
      ])
  }
}
