import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    try compareLoss(trial, [0, 2], [1, 0])
    try compareLoss(trial, [-1, 0.5, 3], [0, 1, 1])
    try compareLoss(trial, [1000, 1000, -1000, -1000, 0], [0, 1, 0, 1, 1])
    let z = Tensor.randn(20) * 5
    try compareLoss(
      trial, z.toArray(of: Double.self), (z + Tensor.randn(20) * 5 .> 0).toArray(of: Double.self))

    try compareGradient(trial, Tensor([[1.0, 2.0], [3.0, -1.0]]), [1, 0], Tensor.zeros(2), 0)
    try compareGradient(trial, Tensor([[1.0], [2.0], [-1.0]]), [0, 1, 1], Tensor([0.5]), -1)
    try compareGradient(
      trial, Tensor.randn(12, 4), (0..<12).map { [0, 1, 1][$0 % 3] }, Tensor.randn(4), 0.3)
    try compareGradient(trial, Tensor.randn(3, 3), [1, 0, 1], Tensor.randn(3), -0.7)
  }

  private static func compareLoss(_ trial: Trial, _ z: [Double], _ y: [Double]) throws {
    let (predictors, labels) = (Tensor(z), Tensor(y))
    let got = try logisticLoss(predictors, labels)
    let expected = binaryCrossEntropyWithLogits(predictors, labels).item()
    let p = predictors.sigmoid()
    let isLarge = predictors.abs().max().item() > 80
    try trial.compare(
      "the loss", got, with: expected, given: ["z": z, "y": y],
      mistakes: [
        Mistake(
          "Your loss is \(z.count) times too large: the mean over the examples is missing.",
          gives: expected * Double(z.count)),
        Mistake(
          "Both terms stand inside the minus: −[y ln p + (1 − y) ln(1 − p)].",
          gives: (-(labels * p.log()) + (1 - labels) * (1 - p).log()).mean().item()),
        Mistake(
          "This is ln p for the right label. What is minimized is the negative one.", gives: -expected),
        Mistake(
          "The examples with label 0 cost nothing in your loss: the term (1 − y) ln(1 − p) is missing.",
          gives: -(labels * p.log()).mean().item()),
        Mistake(
          "The labels are exchanged: −ln p is the cost of label 1, −ln(1 − p) that of label 0.",
          gives: binaryCrossEntropyWithLogits(predictors, 1 - labels).item()),
        Mistake(
          "e¹⁰⁰⁰ is infinite, and so is ln p where p has been rounded to 0. Compute neither: "
            + "take max(z, 0) out of ln(1 + eᶻ).",
          when: isLarge && !got.isFinite),
        Mistake(
          "A p that is kept away from 0 and 1 sets a limit to the loss, which has none. Compute it from z.",
          when: isLarge && got < expected),
      ])
  }

  private static func compareGradient(
    _ trial: Trial, _ x: Tensor, _ labels: [Double], _ w: Tensor, _ b: Double
  ) throws {
    let y = Tensor(labels)
    let answer = try logisticGradient(x, y, w, b)
    let weights = w.clone().requiresGrad_()
    let bias = Tensor(b, requiresGrad: true)
    binaryCrossEntropyWithLogits(x.matmul(weights) + bias, y).backward()
    let (byWeights, byBias) = (weights.grad!, bias.grad!.item())

    let count = Double(labels.count)
    let z = x.matmul(w) + b
    let p = z.sigmoid()
    // What each mistake makes of the errors, and with them of the gradient.
    let wrongErrors: [(String, Tensor)] = [
      (
        "Your gradient is \(labels.count) times too large: the mean over the batch is missing.",
        (p - y) * count
      ),
      ("The sign is the wrong way round: prediction minus label, not label minus prediction.", y - p),
      ("The sigmoid is missing: the prediction is σ(z), not z.", z - y),
      ("These are the predictions alone. The label is still to be subtracted.", p),
      (
        "The factor p (1 − p) cancels in the logistic loss. You have half the slope of the squared error.",
        (p - y) * p * (1 - p)
      ),
      ("The bias has not been added to z.", x.matmul(w).sigmoid() - y),
    ]
    let input: KeyValuePairs<String, any Showable> = ["x": x, "y": labels, "w": w, "b": b]
    try trial.compare(
      "∂E/∂w", answer.w, with: byWeights, given: input,
      mistakes: wrongErrors.map { Mistake($0.0, gives: x.T.matmul($0.1) / count) } + [
        Mistake(
          "Multiply the errors by the features: each weight has its column of x, summed over the rows.",
          gives: Tensor.full([w.count], byBias))
      ])
    try trial.compare(
      "∂E/∂b", answer.b, with: byBias, given: input,
      mistakes: wrongErrors.map { Mistake($0.0, gives: $0.1.mean().item()) })
  }
}
