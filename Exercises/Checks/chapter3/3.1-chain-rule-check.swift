import DeepLearning
import Exercises
import Foundation

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    try compare(trial, x: 1, y: 1, w: 0, b: 0, v: 2, c: 0)
    try compare(trial, x: 0.5, y: 2, w: 0.4, b: 0.1, v: -0.7, c: 0.3)
    try compare(trial, x: -2, y: 0, w: 1.5, b: 1, v: 3, c: -1)
  }

  private static func compare(
    _ trial: Trial, x: Double, y: Double, w: Double, b: Double, v: Double, c: Double
  ) throws {
    // The library differentiates the network by itself.
    let leaves = [w, b, v, c].map { Tensor($0, dtype: .float64, requiresGrad: true) }
    let output = leaves[2] * (leaves[0] * x + leaves[1]).tanh() + leaves[3]
    ((output - y).square() * 0.5).backward()
    let expected = leaves.map { $0.grad!.item() }

    let h = tanh(w * x + b)
    let e = v * h + c - y
    let slope = 1 - h * h
    try trial.compare(
      "[∂E/∂w, ∂E/∂b, ∂E/∂v, ∂E/∂c]", try chainRule(x: x, y: y, w: w, b: b, v: v, c: c), with: expected,
      given: ["x": x, "y": y, "w": w, "b": b, "v": v, "c": c], within: 1e-9,
      mistakes: [
        Mistake(
          "The slope of tanh is missing on the way back to w and b: multiply by 1 − h².",
          gives: [e * v * x, e * v, e * h, e]),
        Mistake(
          "The slope is that of the sigmoid, h (1 − h). The hidden unit is a tanh: 1 − h².",
          gives: [e * v * h * (1 - h) * x, e * v * h * (1 - h), e * h, e]),
        Mistake(
          "The slope is 1 − tanh²(u) of the sum u, not of h: the tanh has been taken twice.",
          gives: [e * v * (1 - tanh(h) * tanh(h)) * x, e * v * (1 - tanh(h) * tanh(h)), e * h, e]),
        Mistake(
          "The way back to w and b leads through v: multiply by the weight that carries h to z.",
          gives: [e * slope * x, e * slope, e * h, e]),
        Mistake(
          "The derivative by w lacks its input: w is multiplied by x, so its derivative is δ x.",
          gives: [e * v * slope, e * v * slope, e * h, e]),
        Mistake(
          "Your ∂E/∂z is y − z. The cost grows when z moves away from y: it is z − y.",
          gives: expected.map { -$0 }),
        Mistake(
          "Everything is twice too large: the ½ in the cost cancels the 2 of the square.",
          gives: expected.map { 2 * $0 }),
      ])
  }
}
