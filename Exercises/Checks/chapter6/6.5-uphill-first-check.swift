import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    try place(trial, Tensor([1.0]), Tensor([2.0]), rho: 0.5)
    try place(trial, Tensor([1.0, 2.0]), Tensor([3.0, -4.0]), rho: 0.5)
    try place(trial, Tensor([1.0, 2.0]), Tensor([0.0, 0.0]), rho: 0.5)
    try walk(trial, "Σ θ²", Tensor([1.0]), lr: 0.1, rho: 0.5, { $0.square().sum() })
    try walk(trial, "Σ θ⁴ + θ", Tensor([1.0, -0.5]), lr: 0.05, rho: 0.3, { ($0 ** 4 + $0).sum() })
    try walk(trial, "Σ θ²", Tensor([0.0, 0.0]), lr: 0.1, rho: 0.5, { $0.square().sum() })
    try walk(trial, "Σ cos θ + θ²", .randn(2, 3), lr: 0.2, rho: 0.05, { ($0.cos() + $0.square()).sum() })
  }

  private static func place(_ trial: Trial, _ theta: Tensor, _ g: Tensor, rho: Double) throws {
    let length: Double = g.norm().item()
    let expected = length == 0 ? theta : theta + g * (rho / length)
    let answer = try uphill(theta, g, rho: rho)
    try trial.compare(
      "θ + ε", answer, with: expected, given: ["theta": theta, "g": g, "rho": rho],
      mistakes: [
        Mistake(
          "Where g is 0, 0 / 0 is not a number. Then there is no uphill, and θ stays.",
          when: answer.isNaN().any()),
        Mistake(
          "g has not been divided by its length: ε is ρ long, however long g is.", gives: theta + rho * g),
        Mistake(
          "This is downhill. The worst place lies in the direction of the gradient.",
          gives: theta - g * (rho / max(length, 1e-9))),
        Mistake("This is ε alone.", gives: expected - theta),
        Mistake(
          "Each number has been divided by its own size. The length is that of the whole gradient.",
          gives: theta + rho * g.sign()),
        Mistake(
          "You have divided by the squared length. Its root is missing.",
          gives: theta + g * (rho / max(length * length, 1e-9))),
      ])
  }

  private static func walk(
    _ trial: Trial, _ name: String, _ theta: Tensor, lr: Double, rho: Double, _ loss: (Tensor) -> Tensor
  ) throws {
    func slope(_ place: Tensor) -> Tensor {
      let leaf = place.detach().clone().requiresGrad_()
      return grad(loss(leaf), leaf)!
    }
    let before = theta.clone()
    var calls = 0
    let answer = try step(theta, lr: lr, rho: rho) {
      calls += 1
      return slope($0)
    }
    let g = slope(before)
    let length: Double = g.norm().item()
    let top = length == 0 ? before : before + g * (rho / length)
    let input: KeyValuePairs<String, any Showable> = ["E": name, "theta": before, "lr": lr, "rho": rho]
    try trial.compare(
      "θ after a step", answer, with: before - lr * slope(top), given: input, within: 1e-4,
      mistakes: [
        Mistake(
          "This is plain gradient descent: the gradient of θ itself has been used, not that of θ + ε.",
          gives: before - lr * g),
        Mistake(
          "The step starts from θ + ε. Go back to θ first: only the gradient comes from up there.",
          gives: top - lr * slope(top)),
        Mistake(
          "Both gradients have been subtracted. The one at θ only shows the way up.",
          gives: before - lr * (g + slope(top))),
      ])
    try trial.require(
      calls <= 2, "the calls of gradient", given: input, expected: "two at most", got: "\(calls)",
      meaning: "Each call costs as much as a training step. Keep what you have computed.")
    try trial.compare(
      "the given θ, afterwards", theta, with: before, given: input,
      mistakes: [
        Mistake("You have moved the caller's θ in place.", when: true)
      ])
    let rise = try sharpness(before, rho: rho, loss: { loss($0).item() }, gradient: slope)
    let (high, low): (Double, Double) = (loss(top).item(), loss(before).item())
    try trial.compare(
      "the sharpness", rise, with: high - low, given: input, within: 1e-3,
      mistakes: [
        Mistake("This is E at the worst place. Subtract E at θ.", gives: high),
        Mistake("The difference is the wrong way round: it is a rise.", gives: low - high),
      ])
  }
}
