import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    try compareUpdate(trial, [0, 0], [2, 1], 1)
    try compareUpdate(trial, [2, 1], [1, 1], 0)
    try compareUpdate(trial, [1, -1], [2, 1], 1)
    try compareUpdate(trial, [-1, 2, 0.5], [3, 0.5, 1], 0)
    try compareUpdate(trial, [0.5, -2, 1], [-1, 0.25, 1], 1)

    let x = Tensor([[2.0, 1.0], [1.0, 1.0]])
    try compareMistakes(trial, x, Tensor([1.0, 0.0]))
    try compareMistakes(trial, Tensor([[-1.0, 1.0], [-2.0, 1.0]]), Tensor([0.0, 0.0]))
    try compareMistakes(
      trial, Tensor([[0.0, 0.0, 1.0], [1.0, 0.0, 1.0], [1.0, 1.0, 1.0]]), Tensor([0.0, 0.0, 1.0]))
    let clouds = (0..<5).map { _ in cloud(count: 40) }
    for (x, y) in clouds { try compareMistakes(trial, x, y) }

    try compareBound(trial, x, Tensor([2.0, -3.0]))
    try compareBound(trial, Tensor([[3.0, 4.0, 1.0], [0.0, -2.0, 1.0]]), Tensor([0.0, 2.0, 0.0]))
    for (x, _) in clouds { try compareBound(trial, x, secret) }
  }

  /// A line that divides the clouds.
  private static let secret = Tensor([3.0, -2.0, 0.5])

  /// Random points on a grid of eighths, on which sums have no rounding.
  private static func cloud(count: Int) -> (x: Tensor, y: Tensor) {
    let x = cat([Tensor.randint(-8, 9, [count, 2]).to(.float32) / 8, Tensor.ones(count, 1)], dim: 1)
    let z = x.matmul(secret)
    let isClear = z.abs() .>= 0.375
    return (x[isClear], (z[isClear] .> 0).to(.float32))
  }

  private static func compareUpdate(_ trial: Trial, _ w: [Double], _ x: [Double], _ y: Double) throws {
    let z = zip(w, x).map { $0 * $1 }.reduce(0, +)
    let said: Double = z > 0 ? 1 : 0
    func moved(by factor: Double) -> Tensor { Tensor(zip(w, x).map { $0 + factor * $1 }) }
    try trial.compare(
      "the new weights", try update(Tensor(w), Tensor(x), y), with: moved(by: y - said),
      given: ["w": w, "x": x, "y": y],
      mistakes: [
        Mistake(
          "The sign is the wrong way round: label minus answer, y − ŷ. You move away from the label.",
          gives: moved(by: said - y)),
        Mistake(
          "The answer was right, so the weights stay. They move by the error y − ŷ, not by the label.",
          when: said == y),
        Mistake(
          "You correct by y − z. The neuron answers with the step: ŷ is 0 or 1.", gives: moved(by: y - z)),
        Mistake(
          "The error alone is added to every weight. Each weight moves by the error times its own input.",
          gives: Tensor(w.map { $0 + y - said })),
        Mistake(
          "The answer was wrong, and the weights have not moved. Where label 0 got the answer 1, y − ŷ is −1.",
          gives: w),
      ])
  }

  private static func compareMistakes(_ trial: Trial, _ x: Tensor, _ y: Tensor) throws {
    let rows = (0..<x.size(0)).map { x[$0].toArray(of: Double.self) }
    let labels = y.toArray(of: Double.self)
    var w = rows[0].map { _ in 0.0 }
    var passes: [Int] = []
    while passes.last != 0 {
      passes.append(0)
      for (x, y) in zip(rows, labels) {
        let said: Double = zip(w, x).map { $0 * $1 }.reduce(0, +) > 0 ? 1 : 0
        if said == y { continue }
        passes[passes.count - 1] += 1
        w = zip(w, x).map { $0 + (y - said) * $1 }
      }
    }
    try trial.compare(
      "the number of mistakes", try mistakes(x, y), with: passes.reduce(0, +), given: ["x": x, "y": y],
      mistakes: [
        Mistake(
          "These are the mistakes of the first pass. Go on until a pass is free of them.", gives: passes[0]),
        Mistake("You count the passes. Count the mistakes made in them.", gives: passes.count),
        Mistake("You count the passes. Count the mistakes made in them.", gives: passes.count - 1),
        Mistake(
          "You count examples seen. Only those count on which the answer was wrong.",
          gives: passes.count * rows.count),
      ])
  }

  private static func compareBound(_ trial: Trial, _ x: Tensor, _ separator: Tensor) throws {
    let radius = x.norm(dim: 1).max().item()
    let products = x.matmul(separator).abs()
    let length = separator.norm().item()
    let margin = products.min().item() / length
    func bound(_ radius: Double, _ margin: Double) -> Double { radius * radius / (margin * margin) }
    try trial.compare(
      "(R/γ)²", try mistakeBound(x, separator), with: bound(radius, margin),
      given: ["x": x, "separator": separator],
      mistakes: [
        Mistake("This is R/γ. The bound is its square.", gives: radius / margin),
        Mistake(
          "The margin is a distance: divide w*ᵀx by the length of w*.", gives: bound(radius, margin * length)),
        Mistake(
          "The margin is the smallest distance of an example from the boundary, not the mean of them.",
          gives: bound(radius, products.mean().item() / length)),
        Mistake(
          "The margin is the smallest distance of an example from the boundary, not the largest.",
          gives: bound(radius, products.max().item() / length)),
        Mistake(
          "Distances have no sign: take the absolute value of w*ᵀx before you look for the smallest.",
          gives: bound(radius, x.matmul(separator).min().item() / length)),
        Mistake(
          "R is the length of the longest example, not their mean length.",
          gives: bound(x.norm(dim: 1).mean().item(), margin)),
        Mistake(
          "R is the length of the longest row. You have taken the length of the whole matrix.",
          gives: bound(x.norm().item(), margin)),
      ])
  }
}
