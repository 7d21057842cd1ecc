import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    let pair = (x: Tensor([[1.0], [3.0]]), y: Tensor([0.0, 1.0]))
    try compare(trial, pair, Tensor([[4.0]]), steps: 1, lr: 1)
    try compare(trial, pair, Tensor([[0.0], [4.0], [8.0]]), steps: 3, lr: 0.5)

    let points = Tensor([[1.0, 2.0], [2.0, -1.0], [4.0, 0.0], [3.0, 3.0]])
    let labels = Tensor([0.0, 1.0, 1.0, 1.0])
    try compare(trial, (points, labels), Tensor([[0.0, 0.0], [5.0, 1.0]]), steps: 2, lr: 1)
    // The second feature in thousandths of its unit, far from 0; then a feature that never changes.
    let scaled = points * Tensor([1.0, 1000.0]) + Tensor([0.0, 5000.0])
    try compare(trial, (scaled, labels), Tensor([[0.0, 4000.0], [5.0, 9000.0]]), steps: 20, lr: 1)
    let constant = cat([points, Tensor.full([4, 1], 7)], dim: 1)
    try compare(trial, (constant, labels), Tensor([[0.0, 0.0, 7.0], [5.0, 1.0, 7.0]]), steps: 5, lr: 1)

    let cloud = Tensor.randn(50, 4) * 3 + 2
    let sides = (cloud[.all, 0] - cloud[.all, 2] + Tensor.randn(50) .> 0).to(.float32)
    try compare(trial, (cloud, sides), Tensor.randn(6, 4) * 5, steps: 100, lr: 0.5)
  }

  /// Logistic regression as a learner may write it, right unless told otherwise.
  private struct Recipe {
    var isStandardized = true
    var isUnbiased = true
    var rate = 1.0
    var error: (Tensor, Tensor) -> Tensor = { $0.sigmoid() - $1 }

    func probability(_ data: (x: Tensor, y: Tensor), _ new: Tensor, steps: Int, lr: Double) -> Tensor {
      let (mean, spread) = (data.x.mean(dim: 0), data.x.std(dim: 0, unbiased: isUnbiased))
      func prepare(_ x: Tensor) -> Tensor {
        isStandardized ? (x - mean) / spread.maskedFill(spread .== 0, 1) : x
      }
      let x = cat([prepare(data.x), Tensor.ones(data.x.size(0), 1)], dim: 1)
      var w = Tensor.zeros(x.size(1))
      for _ in 0..<steps {
        w = w - rate * lr * x.T.matmul(error(x.matmul(w), data.y)) / Double(x.size(0))
      }
      return cat([prepare(new), Tensor.ones(new.size(0), 1)], dim: 1).matmul(w).sigmoid()
    }
  }

  private static func compare(
    _ trial: Trial, _ data: (x: Tensor, y: Tensor), _ new: Tensor, steps: Int, lr: Double
  ) throws {
    let neuron = try train(data.x, data.y, steps: steps, lr: lr)
    let answer = try probability(neuron, new)
    func gives(_ recipe: Recipe) -> Tensor { recipe.probability(data, new, steps: steps, lr: lr) }
    let expected = gives(Recipe())

    // The examples to be judged, standardized by themselves.
    let (mean, spread) = (new.mean(dim: 0), new.std(dim: 0))
    let byThemselves = (((new - mean) / spread).matmul(neuron.w) + neuron.b).sigmoid()
    let untouched = (new.matmul(neuron.w) + neuron.b).sigmoid()
    let z = (((new - neuron.mean) / neuron.spread).matmul(neuron.w) + neuron.b)
    let ownNumbers =
      "New examples are to be standardized with the mean and the spread of those that it learned from, "
      + "not with their own."
    let isConstant = (data.x.std(dim: 0) .== 0).any()
    try trial.compare(
      "the probability", answer, with: expected,
      given: ["x": data.x, "y": data.y, "steps": steps, "lr": lr, "new": new], within: 1e-4,
      mistakes: [
        Mistake("All weights are 0: nothing has been learned yet.", when: (neuron.w .== 0).all()),
        Mistake(ownNumbers, gives: byThemselves),
        Mistake(ownNumbers, when: new.size(0) == 1 && answer.isNaN().any()),
        Mistake(
          "The third feature has the spread 0, and 0/0 is NaN. Put 1 in the place of a spread of 0.",
          when: isConstant && answer.isNaN().any()),
        Mistake(
          "The features have not been standardized: a large unit makes a large step.",
          gives: gives(Recipe(isStandardized: false))),
        Mistake(
          "In training the features are standardized; in probability they are not.", gives: untouched),
        Mistake(
          "The steps are \(data.y.count) times too large: the gradient is a mean over the examples.",
          gives: gives(Recipe(rate: Double(data.y.count)))),
        Mistake(
          "It climbs. A step goes against the gradient: w − η ∂E/∂w.", gives: gives(Recipe(rate: -1))),
        Mistake(
          "The sigmoid is missing in training: the error is σ(z) − y.", gives: gives(Recipe { $0 - $1 })),
        Mistake("This is z. The probability is σ(z).", gives: z),
        Mistake(
          "These are answers, 0 or 1. Return the probability itself.", gives: (z .> 0).to(.float32)),
        Mistake(
          "Your spread divides by N. The library's std(dim: 0) divides by N − 1.",
          gives: gives(Recipe(isUnbiased: false))),
      ])
  }
}
