import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    try compareFeatures(trial, Tensor([[3.0, -1.0]]))
    try compareFeatures(trial, Tensor([[1.0, 2.0], [0.0, 0.0], [-2.0, 0.5]]))
    try compareFeatures(trial, Tensor.randn(6, 2))

    // The neuron of section 1.8 first, whose circle lies around the origin.
    try compareCircle(trial, center: (0, 0), radius: 2, scale: 1)
    try compareCircle(trial, center: (2, -1), radius: 3, scale: 1)
    try compareCircle(trial, center: (0.5, 3), radius: 1, scale: 2)
    try compareCircle(trial, center: (-1, 4), radius: 2.5, scale: -3)
    for _ in 0..<5 {
      let random = (Tensor.randn(4, dtype: .float64) * 3).toArray(of: Double.self)
      try compareCircle(trial, center: (random[0], random[1]), radius: abs(random[2]) + 0.1, scale: random[3])
    }
  }

  private static func compareFeatures(_ trial: Trial, _ x: Tensor) throws {
    let squares = x ** 2
    let sum = squares.sum(dim: 1, keepDim: true)
    try trial.compare(
      "φ(x)", try features(x), with: cat([x, sum], dim: 1), given: ["x": x],
      mistakes: [
        Mistake(
          "This is the map of section 1.8. A circle around any point needs x₁ and x₂ as well.", gives: sum),
        Mistake(
          "The third feature is the distance from the origin. It must be its square: with the root in it the "
            + "boundary would not be a circle.",
          gives: cat([x, sum.sqrt()], dim: 1)),
        Mistake(
          "This is the square of the sum, (x₁ + x₂)². Square first, then add.",
          gives: cat([x, x.sum(dim: 1, keepDim: true) ** 2], dim: 1)),
        Mistake(
          "The squares are still apart. Add them up: the third feature is one number for each point.",
          gives: cat([x, squares], dim: 1)),
        Mistake(
          "The sum comes last: the order is x₁, x₂, x₁² + x₂².", gives: cat([sum, x], dim: 1)),
      ])
  }

  private static func compareCircle(
    _ trial: Trial, center: (Double, Double), radius: Double, scale: Double
  ) throws {
    let square = center.0 * center.0 + center.1 * center.1
    let w = [-2 * scale * center.0, -2 * scale * center.1, scale]
    let b = scale * (square - radius * radius)
    let expected = [center.0, center.1, radius]
    let answer = try circle(w, b)
    try trial.compare(
      "[c₁, c₂, r]", answer, with: expected, given: ["w": w, "b": b], within: 1e-6,
      mistakes: [
        Mistake("The last number is r². Take its root.", gives: [center.0, center.1, radius * radius]),
        Mistake(
          "The sign of the center is the wrong way round: before x₁ stands −2 c₁.",
          gives: [-center.0, -center.1, radius]),
        Mistake(
          "The center is twice too far out: before x₁ stands −2 c₁, so divide by 2.",
          gives: [2 * center.0, 2 * center.1, radius]),
        Mistake(
          "The center is twice too far out: before x₁ stands −2 c₁, so divide by 2.",
          gives: [2 * center.0, 2 * center.1, (4 * square - b / scale).squareRoot()]),
        Mistake(
          "The radius √(−b/w₃) holds for a circle around the origin. What stands alone is c₁² + c₂² − r².",
          gives: [center.0, center.1, (-b / scale).squareRoot()]),
        Mistake(
          "The radius √(−b/w₃) holds for a circle around the origin. What stands alone is c₁² + c₂² − r².",
          when: b / scale > 0 && answer.last?.isNaN == true),
        Mistake(
          "Divide the equation by w₃ first. Twice the weights and twice the bias draw the same circle.",
          gives: [center.0 * scale, center.1 * scale, (scale * scale * square - b).squareRoot()]),
        Mistake(
          "b, too, is to be divided by w₃.", gives: [center.0, center.1, (square - b).squareRoot()]),
      ])
  }
}
