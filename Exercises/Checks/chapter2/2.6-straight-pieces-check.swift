import DeepLearning
import Exercises
import Foundation

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    try judge(trial, [0, 1, 3], [1, 3, 2])
    try judge(trial, [-1, 2], [0.5, -1])
    try judge(trial, [0, 1, 2, 3], [0, 1, 0, 1])
    try judge(trial, [-2, -1.5, 0, 0.25, 4], [3, 3, -1, 2, 2])
    let edges = (0...30).map { -3 + 0.2 * Double($0) }
    try judge(trial, edges, edges.map { sin(2 * $0) + 0.3 * $0 })
    let gaps = Tensor.rand(8, dtype: .float64).toArray(of: Double.self)
    let x = gaps.indices.map { -4 + gaps[...$0].map { $0 + 0.1 }.reduce(0, +) }
    try judge(trial, x, Tensor.randn(8, dtype: .float64).toArray(of: Double.self))
  }

  private static func output(_ net: Pieces, at x: Double) -> Double {
    zip(net.knots, net.weights).reduce(net.bias) { $0 + $1.1 * max(x - $1.0, 0) }
  }

  private static func judge(_ trial: Trial, _ x: [Double], _ y: [Double]) throws {
    let net = try straightPieces(x, y)
    let input: KeyValuePairs<String, any Showable> = ["x": x, "y": y]
    try trial.require(
      net.knots.count == net.weights.count, "The hidden units", given: input,
      expected: "as many weights as knots", got: "\(net.weights.count) weights, \(net.knots.count) knots",
      meaning:
        "Each hidden unit has a knot and a weight. The last point needs none: there the slope does not change."
    )

    // At the points, halfway between them, and beyond both ends.
    let middles = zip(x, x.dropFirst()).map { left, right in (left + right) / 2 }
    let places: [Double] = ([x[0] - 1, x.last! + 2] + x + middles).sorted()
    func differences(_ values: [Double]) -> [Double] { zip(values.dropFirst(), values).map { $0 - $1 } }
    let (rises, runs) = (differences(y), differences(x))
    let slopes = zip(rises, runs).map { $0 / $1 }
    let changes = differences([0] + slopes)
    func outputs(_ bias: Double, _ knots: [Double], _ weights: [Double]) -> [Double] {
      places.map { output(Pieces(bias: bias, knots: knots, weights: weights), at: $0) }
    }
    let knots = Array(x.dropLast())
    let expected = places.map { place -> Double in
      if place <= x[0] { return y[0] }
      let piece = min(x.lastIndex { $0 < place }!, slopes.count - 1)
      return y[piece] + slopes[piece] * (place - x[piece])
    }
    try trial.compare(
      "f at \(places.shown(digits: nil))", places.map { output(net, at: $0) }, with: expected,
      given: ["x": x, "y": y, "bias": net.bias, "knots": net.knots, "weights": net.weights], within: 1e-6,
      mistakes: [
        Mistake(
          "The units before a knot go on rising behind it: "
            + "each weight is the change of slope at its knot, not the slope.",
          gives: outputs(y[0], knots, slopes)),
        Mistake(
          "Each weight is the rise to the next point. A slope is rise over run: divide by the distance in x.",
          gives: outputs(y[0], knots, rises)),
        Mistake(
          "The rises have not been divided by the distances in x: a slope is rise over run.",
          gives: outputs(y[0], knots, differences([0] + rises))),
        Mistake(
          "c is missing: at x₀ no unit has begun to rise, so f(x₀) = c.", gives: outputs(0, knots, changes)),
        Mistake(
          "The knots come one point too late: a unit begins at the point from which its piece starts.",
          gives: outputs(y[0], Array(x.dropFirst()), changes)),
        Mistake(
          "The first weight is missing: before x₀ the slope is 0, so it changes there, too.",
          gives: outputs(y[0], Array(knots.dropFirst()), Array(changes.dropFirst()))),
        Mistake(
          "The changes of slope have the wrong sign: the slope behind a knot minus the slope before it.",
          gives: outputs(y[0], knots, [changes[0]] + changes.dropFirst().map { -$0 })),
        Mistake(
          "f is the same everywhere: no unit has been given a weight.",
          when: net.weights.allSatisfy { $0 == 0 }),
      ])
    try trial.require(
      net.knots.count == x.count - 1, "The hidden units", given: input, expected: "\(x.count - 1)",
      got: "\(net.knots.count)",
      meaning: "The curve is right, but \(x.count - 1) units are enough: one for each piece.")
  }
}
