import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    let small = [Tensor([0.5, -0.1]), Tensor([0.9, 0.02])]
    try choose(trial, small, sparsity: 0.5)
    try choose(trial, small, sparsity: 0)
    try choose(trial, small, sparsity: 1)
    try choose(
      trial, [Tensor([[3.0, -4.0], [0.5, 6.0]]), Tensor([[-0.1, 0.2], [0.3, -0.4]])], sparsity: 0.625)
    try choose(trial, [.randn(5, 4), .randn(3, 5) * 0.3, .randn(2, 3)], sparsity: 0.9)
    try ties(trial)
    try moved(
      trial, Tensor([1.0, 0.0]), Tensor([0.0, 0.0]), Tensor([1.0, 1.0]), Tensor([1.0, 0.0]), lr: 0.1, mu: 0.5)
    try moved(
      trial, Tensor([1.0, 0.0]), Tensor([2.0, 4.0]), Tensor([1.0, -1.0]), Tensor([1.0, 0.0]), lr: 0.1, mu: 0.5
    )
    let mask = (Tensor.rand(4, 3) .>= 0.5).to(.float32)
    try moved(trial, .randn(4, 3) * mask, .randn(4, 3), .randn(4, 3), mask, lr: 0.05, mu: 0.9)
  }

  private static func goneCount(_ weights: [Tensor], _ sparsity: Double) -> Int {
    Int((sparsity * Double(weights.reduce(0) { $0 + $1.count })).rounded())
  }

  /// Masks that keep what is larger than the n smallest numbers.
  private static func reference(_ weights: [Tensor], _ count: Int, by size: (Tensor) -> Tensor) -> [Tensor] {
    let sorted = weights.flatMap { size($0).flatten().toArray(of: Double.self) }.sorted()
    let limit = count == 0 ? -Double.infinity : sorted[count - 1]
    return weights.map { (size($0) .> limit).to(.float32) }
  }

  private static func joined(_ tensors: [Tensor]) -> Tensor { cat(tensors.map { $0.flatten() }) }

  private static func choose(_ trial: Trial, _ weights: [Tensor], sparsity: Double) throws {
    let count = goneCount(weights, sparsity)
    let answer = try masks(weights, sparsity: sparsity)
    let input: KeyValuePairs<String, any Showable> = [
      "weights": weights.map { $0.shown(digits: 2) }.joined(separator: ", "), "sparsity": sparsity,
    ]
    try trial.compare(
      "the shapes of the masks", answer.map(\.shape), equals: weights.map(\.shape), given: input)
    let expected = reference(weights, count) { $0.abs() }
    let each = weights.flatMap { reference([$0], goneCount([$0], sparsity)) { $0.abs() } }
    try trial.compare(
      "the masks", joined(answer), with: joined(expected), given: input,
      mistakes: [
        Mistake(
          "The masks are the wrong way round: 1 means that a weight is kept.", gives: 1 - joined(expected)),
        Mistake(
          "The weights themselves have been compared. It is their magnitude that counts.",
          gives: joined(reference(weights, count) { $0 })),
        Mistake(
          "The largest have gone. The smallest are to go.",
          gives: joined(reference(weights, count) { -$0.abs() })),
        Mistake(
          "The sparsity is the share that goes, not the share that stays.",
          gives: joined(reference(weights, goneCount(weights, 1 - sparsity)) { $0.abs() })),
        Mistake(
          "Each tensor has been pruned by itself. The smallest of all together are to go.",
          gives: joined(each)),
      ])
  }

  private static func ties(_ trial: Trial) throws {
    let weights = [Tensor([1.0, -1.0, 1.0]), Tensor([1.0, 1.0])]
    let answer = try masks(weights, sparsity: 0.4)
    let kept = joined(answer).sum().item() as Double
    try trial.compare(
      "the number of weights that are kept", kept, with: 3,
      given: ["weights": "(1, −1, 1), (1, 1)", "sparsity": 0.4],
      mistakes: [
        Mistake(
          "Five weights are equally large, and two are to go. A comparison with a threshold takes all of them or none: choose by place.",
          when: kept == 0 || kept == 5)
      ])
  }

  private static func moved(
    _ trial: Trial, _ w: Tensor, _ v: Tensor, _ g: Tensor, _ mask: Tensor, lr: Double, mu: Double
  ) throws {
    let answer = try prunedStep(w, v, gradient: g, mask: mask, lr: lr, mu: mu)
    let input: KeyValuePairs<String, any Showable> = [
      "w": w, "v": v, "g": g, "mask": mask, "lr": lr, "mu": mu,
    ]
    let velocity = mu * v + g
    try trial.compare(
      "the weight after a step", answer.w, with: mask * (w - lr * velocity), given: input,
      mistakes: [
        Mistake(
          "Only the gradient has been masked. The old velocity moves pruned weights, too: mask the new weight.",
          gives: w - lr * (mu * v + mask * g)),
        Mistake(
          "A pruned weight has come back: multiply the new weight by the mask.", gives: w - lr * velocity),
        Mistake("This is plain gradient descent: the velocity is missing.", gives: mask * (w - lr * g)),
        Mistake("The step uses the old velocity. Update v first.", gives: mask * (w - lr * v)),
      ])
    try trial.compare(
      "the velocity after a step", answer.v, with: velocity, given: input,
      mistakes: [
        Mistake("The velocity stays unmasked in this formula: v ← µ v + g.", gives: mask * velocity),
        Mistake("The velocity has not been updated.", gives: v),
      ])
  }
}
