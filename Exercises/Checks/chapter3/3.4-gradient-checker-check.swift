import DeepLearning
import Exercises
import Foundation

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    // The cube at 1 with h = 0.1: 3.01 with two sides, 3.31 with one.
    try compareGradient(trial, "x³", { $0[0] * $0[0] * $0[0] }, [1], h: 0.1)
    try compareGradient(trial, "x² y", { $0[0] * $0[0] * $0[1] }, [3, 2], h: 0.5)
    try compareGradient(trial, "sin x + y z", { sin($0[0]) + $0[1] * $0[2] }, [0.3, -2, 5], h: 1e-5)
    try compareError(trial, [1], [1], 0)
    try compareError(trial, [2], [1], 0.5)
    try compareError(trial, [1, 100], [1, 101], 1.0 / 101)
    try compareError(trial, [0, -4], [0, -4], 0)
    try compareError(trial, [3, 1e-6], [3, -1e-6], 2)
    try compareError(trial, [0.1, 0.2], [0.1, 0.1], 0.5)
  }

  private static func compareGradient(
    _ trial: Trial, _ name: String, _ f: ([Double]) -> Double, _ p: [Double], h: Double
  ) throws {
    func nudged(_ i: Int, by step: Double) -> Double {
      var nudged = p
      nudged[i] += step
      return f(nudged)
    }
    let differences = p.indices.map { nudged($0, by: h) - nudged($0, by: -h) }
    // The same parameters nudged on and on, and never put back.
    var path = p
    let drifting = p.indices.map { i in
      path[i] += h
      let above = f(path)
      path[i] -= 2 * h
      return (above - f(path)) / (2 * h)
    }
    let together = (f(p.map { $0 + h }) - f(p.map { $0 - h })) / (2 * h)
    try trial.compare(
      "the gradient of \(name)", try numericGradient(f, at: p, h: h), with: differences.map { $0 / (2 * h) },
      given: ["p": p, "h": h], within: 1e-9,
      mistakes: [
        Mistake(
          "This is a one-sided difference, (f(p + h) − f(p)) / h. Nudge to both sides.",
          gives: p.indices.map { (nudged($0, by: h) - f(p)) / h }),
        Mistake(
          "This is a one-sided difference, (f(p) − f(p − h)) / h. Nudge to both sides.",
          gives: p.indices.map { (f(p) - nudged($0, by: -h)) / h }),
        Mistake(
          "Every number is 2 times too large: p + h and p − h are 2h apart.",
          gives: differences.map { $0 / h }),
        Mistake("The differences have not been divided by 2h.", gives: differences),
        Mistake(
          "Put each parameter back before you nudge the next: only one may differ from p at a time.",
          gives: drifting),
        Mistake(
          "All parameters have been nudged at once. Nudge one, and leave the others where they are.",
          gives: p.map { _ in together }),
      ])
  }

  private static func compareError(_ trial: Trial, _ a: [Double], _ b: [Double], _ expected: Double) throws {
    let got = try largestRelativeError(a, b)
    let pairs = Array(zip(a, b))
    let errors = pairs.map { a, b in a == b ? 0 : abs(a - b) / max(abs(a), abs(b)) }
    try trial.compare(
      "the largest relative error", got, with: expected, given: ["a": a, "b": b], within: 1e-9,
      mistakes: [
        Mistake(
          "Zero divided by zero is NaN. A pair of zeros agrees: its error is 0.", when: got.isNaN),
        Mistake(
          "This is the absolute difference. Divide it by the larger of the two sizes.",
          gives: pairs.map { abs($0 - $1) }.max()!),
        Mistake(
          "This is the mean of the errors. One wrong derivative would drown in it: take the largest.",
          gives: errors.reduce(0, +) / Double(errors.count)),
        Mistake(
          "A difference may be negative: take its absolute value before you look for the largest.",
          gives: pairs.map { ($0 - $1) / max(abs($0), abs($1)) }.max()!),
        Mistake(
          "You divide by max(a, b). For negative numbers that is not the size: max(|a|, |b|).",
          gives: pairs.map { a, b in a == b ? 0 : abs(a - b) / max(a, b) }.max()!),
        Mistake(
          "You divide by one of the two. Divide by the larger, so that the order does not matter.",
          gives: pairs.map { a, b in a == b ? 0 : abs(a - b) / abs(b) }.max()!),
      ])
  }
}
