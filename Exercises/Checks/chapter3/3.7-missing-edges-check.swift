import DeepLearning
import Exercises
import Foundation

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    try compare(trial, [0, 0, 0, 0, 0, 0, 0, 0, 1], [[1, 2, 3]], [0])
    try compare(trial, [0.4, -0.3, 0.1, 0.7, -0.6, 0.2, 0.9, -0.8, 0.3], [[1, 0.5, -1]], [0.5])
    try compare(trial, random(9), (0..<4).map { _ in random(3) }, random(4))
  }

  private static func random(_ count: Int) -> [Double] { Tensor.randn(count).toArray(of: Double.self) }

  private static func compare(_ trial: Trial, _ p: [Double], _ xs: [[Double]], _ ys: [Double]) throws {
    // The library differentiates the network by itself.
    let q = p.map { Tensor($0, dtype: .float64, requiresGrad: true) }
    var cost = Tensor(0.0, dtype: .float64)
    for (x, y) in zip(xs, ys) {
      let h1 = (q[0] * x[0] + q[1] * x[1] + q[2]).tanh()
      let h2 = (q[3] * x[1] + q[4] * x[2] + q[5]).sigmoid()
      let output = q[6] * h1 + q[7] * h2 + q[8]
      cost = cost + (output - y).square() * 0.5
    }
    cost.backward()
    let expected = q.map { $0.grad!.item() }

    // ∂E/∂w32 and ∂E/∂w22 with the inputs of the other, and the slopes of the units exchanged.
    var swapped = expected
    swapped.swapAt(3, 4)
    let exchanged = zip(xs, ys).map { derivatives(p, $0, $1, slopesExchanged: true) }
      .reduce([Double](repeating: 0, count: 9)) { zip($0, $1).map(+) }
    try trial.compare(
      "the nine derivatives", try missingEdges(p, xs, ys), with: expected,
      given: ["p": p, "xs": xs, "ys": ys], within: 1e-6,
      mistakes: [
        Mistake(
          "∂E/∂w22 and ∂E/∂w32 are exchanged: w22 carries the second input, w32 the third.", gives: swapped),
        Mistake(
          "The slopes of the two units are exchanged: that of the first, a tanh, is 1 − h², and that of the "
            + "second, a sigmoid, is h (1 − h).",
          gives: exchanged),
        Mistake(
          "You return the mean over the examples. The cost is their sum, and so is its derivative.",
          gives: expected.map { $0 / Double(xs.count) }),
        Mistake(
          "Only the last example has arrived: add the derivatives of the examples up.",
          gives: derivatives(p, xs.last!, ys.last!)),
        Mistake(
          "Your ∂E/∂ŷ is y − ŷ. The cost grows when ŷ moves away from y: it is ŷ − y.",
          gives: expected.map { -$0 }),
      ])
  }

  /// The derivatives of one example alone, on demand with the slopes of the two units exchanged.
  private static func derivatives(
    _ p: [Double], _ x: [Double], _ y: Double, slopesExchanged: Bool = false
  ) -> [Double] {
    let h1 = tanh(p[0] * x[0] + p[1] * x[1] + p[2])
    let h2 = 1 / (1 + exp(-(p[3] * x[1] + p[4] * x[2] + p[5])))
    let e = p[6] * h1 + p[7] * h2 + p[8] - y
    let slope1 = slopesExchanged ? h1 * (1 - h1) : 1 - h1 * h1
    let slope2 = slopesExchanged ? 1 - h2 * h2 : h2 * (1 - h2)
    let (d1, d2) = (e * p[6] * slope1, e * p[7] * slope2)
    return [d1 * x[0], d1 * x[1], d1, d2 * x[1], d2 * x[2], d2, e * h1, e * h2, e]
  }
}
