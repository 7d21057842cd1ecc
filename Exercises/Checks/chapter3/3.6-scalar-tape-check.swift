import DeepLearning
import Exercises
import Foundation

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    try values(trial)
    try slopes(trial)
    try orders(trial)
    try networkA(trial)
  }

  private static func values(_ trial: Trial) throws {
    let (a, b) = (Value(2), Value(-3))
    try trial.compare("a + b", (a + b).data, with: -1, given: ["a": 2, "b": -3])
    try trial.compare("a * b", (a * b).data, with: -6, given: ["a": 2, "b": -3])
    try trial.compare("a.tanh()", a.tanh().data, with: Foundation.tanh(2), given: ["a": 2])
  }

  /// One operation at a time.
  private static func slopes(_ trial: Trial) throws {
    func compare(
      _ name: String, _ result: (Value, Value) -> Value, _ expected: [Double], _ mistakes: [Mistake] = []
    ) throws {
      let (a, b) = (Value(2), Value(-3))
      let value = result(a, b)
      try value.backward()
      try trial.compare("the gradient of the result itself", value.grad, with: 1, given: ["result": name])
      try trial.compare(
        "[∂c/∂a, ∂c/∂b] of c = \(name)", [a.grad, b.grad], with: expected, given: ["a": 2, "b": -3],
        mistakes: mistakes)
    }
    let (t, u): (Double, Double) = (Foundation.tanh(2), Foundation.tanh(-3))
    let expected: [Double] = [(1 - t * t) * u, (1 - u * u) * t]
    let ofSigmoid: [Double] = [t * (1 - t) * u, u * (1 - u) * t]
    try compare("a + b", { $0 + $1 }, [1, 1])
    try compare("a − b", { $0 - $1 }, [1, -1])
    try compare(
      "a * b", { $0 * $1 }, [-3, 2],
      [Mistake("Of a product, each input's derivative is the other input.", gives: [2.0, -3.0])])
    let slopeOfSigmoid = "That is the slope of the sigmoid, y (1 − y). The slope of tanh is 1 − y²."
    try compare(
      "a.tanh() * b.tanh()", { $0.tanh() * $1.tanh() }, expected,
      [
        Mistake(slopeOfSigmoid, gives: ofSigmoid),
        Mistake("The slope of tanh is missing: 1 − tanh²(a).", gives: [u, t]),
      ])
  }

  /// Values that are used more than once.
  private static func orders(_ trial: Trial) throws {
    let overwritten = "A value that is used several times adds up what arrives: += instead of =."
    let impatient =
      "A value has passed its gradient on before it was complete, and then again. Walk the history backward "
      + "in topological order."
    try gradient(
      trial, "b = a + a", { $0 + $0 }, expected: 2, mistakes: [Mistake(overwritten, gives: 1.0)])
    try gradient(trial, "b = a * a", { $0 * $0 }, expected: 6, mistakes: [Mistake(overwritten, gives: 3.0)])
    try gradient(
      trial, "b = a + a, c = b + b",
      { a in
        let b = a + a
        return b + b
      }, expected: 4, mistakes: [Mistake(impatient, gives: 6.0), Mistake(overwritten, gives: 1.0)])
    // Here the long way comes after the short one.
    try gradient(
      trial, "b = a * a, c = b * b, d = a + c + b",
      { a in
        let b = a * a
        let c = b * b
        return a + c + b
      }, expected: 115, mistakes: [Mistake(impatient, when: true)])
    // 2³⁰ paths: each value may be visited once.
    try gradient(
      trial, "30 doublings of a", { a in (0..<30).reduce(a) { b, _ in b + b } }, expected: 1_073_741_824,
      mistakes: [])
  }

  private static func gradient(
    _ trial: Trial, _ name: String, _ f: (Value) -> Value, expected: Double, mistakes: [Mistake]
  ) throws {
    let a = Value(3)
    let result = f(a)
    try result.backward()
    try trial.compare(
      "the gradient by a of \(name)", a.grad, with: expected, given: ["a": 3], mistakes: mistakes)
    try result.backward()
    try trial.compare(
      "the same after a second call of backward()", a.grad, with: expected, given: ["a": 3],
      mistakes: [
        Mistake(
          "The gradients of the first call are still there. Set all of them to 0 before you begin.",
          when: abs(a.grad) > abs(expected))
      ])
  }

  /// The seven numbers of section 3.1, where σ(u) = ½ + ½ tanh(u / 2).
  private static func networkA(_ trial: Trial) throws {
    let p = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7].map { Value($0) }
    let (x, half) = (Value(0.1), Value(0.5))
    func sigmoid(_ u: Value) -> Value { half + half * (half * u).tanh() }
    let h1 = sigmoid(p[0] * x + p[1])
    let h2 = sigmoid(p[2] * x + p[3])
    let error = p[4] * h1 + p[5] * h2 + p[6] - Value(5)
    try (half * error * error).backward()
    try trial.compare(
      "the gradient of Network A", p.map(\.grad),
      with: [-0.045253, -0.452533, -0.052443, -0.524431, -2.021625, -2.217693, -3.660322],
      given: ["w1, b1, w2, b2, wo1, wo2, bo": p.map(\.data)])
  }
}
