import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    let small = [Tensor([3.0, 0.0]), Tensor([4.0])]
    try clip(trial, [Tensor([3.0, 4.0]), Tensor([12.0])], c: 1)
    try clip(trial, small, c: 1)
    try clip(trial, small, c: 10)
    try clip(trial, small, c: 5)
    try clip(trial, [Tensor([[0.0, 0.0]]), Tensor([0.0])], c: 1)
    try clip(trial, [Tensor([0.3, -0.4]), Tensor([[12.0, 0.0], [0.0, 0.0]])], c: 6.5)
    try clip(trial, (1...4).map { Tensor.randn(3, $0) * 2 }, c: 0.7)
    for (name, bad) in [("∞", Double.infinity), ("not a number", Double.nan)] {
      try unusable(trial, [Tensor([1.0, bad]), Tensor([2.0])], name)
    }
  }

  private static func norm(_ gradients: [Tensor]) -> Double {
    cat(gradients.map { $0.flatten() }).norm().item()
  }

  /// All numbers, one after another.
  private static func joined(_ gradients: [Tensor]) -> Tensor { cat(gradients.map { $0.flatten() }) }

  private static func clip(_ trial: Trial, _ gradients: [Tensor], c: Double) throws {
    let before = gradients.map { $0.clone() }
    let answer = try clipped(gradients, c: c)
    let shapes = before.map { "\($0.shape)" }.joined(separator: ", ")
    let input: KeyValuePairs<String, any Showable> = [
      "the gradients": before.map { $0.shown(digits: 2) }.joined(separator: ", "), "c": c,
    ]
    try trial.compare(
      "the shapes", answer.map { "\($0.shape)" }.joined(separator: ", "), equals: shapes, given: input)
    let length = norm(before)
    let expected = length > c ? joined(before) * (c / length) : joined(before)
    try trial.compare(
      "all numbers of the clipped gradients", joined(answer), with: expected, given: input,
      mistakes: [
        Mistake(
          "Zero divided by zero is not a number: where the norm is not more than c, nothing is to be done.",
          when: length == 0 && joined(answer).isNaN().any()),
        Mistake(
          "A gradient that is short already stays as it is. You have stretched it.",
          gives: joined(before) * (c / length)),
        Mistake("Nothing has been clipped.", gives: joined(before)),
        Mistake(
          "Each tensor has been shortened by its own norm, which bends the direction. The norm is that of all together.",
          gives: joined(before.map { $0 * min(1, c / max(norm([$0]), 1e-30)) })),
        Mistake(
          "You have cut each number at ±c. That is clipping by value, and bends the direction.",
          gives: joined(before).clamp(min: -c, max: c)),
        Mistake(
          "This factor is of the squared norm. Its root is missing.",
          gives: joined(before) * (c / (length * length))),
        Mistake("The gradients have the length 1 now, not c.", gives: joined(before) / length),
        Mistake(
          "The lengths of the tensors have been added up. Add up the squares, and take the root of the sum.",
          gives: joined(before) * (c / before.reduce(0) { $0 + norm([$1]) })),
      ])
    try trial.compare(
      "the given gradients, afterwards", joined(gradients), with: joined(before), given: input,
      mistakes: [
        Mistake("You have changed the caller's tensors in place.", when: true)
      ])
  }

  private static func unusable(_ trial: Trial, _ gradients: [Tensor], _ name: String) throws {
    var result = "gradients"
    do { _ = try clipped(gradients, c: 1) } catch is NotFinite { result = "NotFinite" }
    try trial.compare(
      "what comes of a gradient that is \(name)", result, equals: "NotFinite",
      given: ["the gradients": "(1, \(name)), (2)", "c": 1],
      mistakes: [
        Mistake(
          "No factor makes a usable step of this. Note that comparisons with NaN are false, whichever way round: "
            + "ask norm.isFinite.", when: true)
      ])
  }
}
