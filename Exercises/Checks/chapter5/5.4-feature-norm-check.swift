import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    try batches(trial, [Tensor([[1.0], [5.0]])], momentum: 0.1, eps: 0)
    try batches(trial, [Tensor([[1.0, 10.0], [3.0, 30.0], [8.0, 20.0]])], momentum: 0.25, eps: 0.01)
    try batches(
      trial, [Tensor([[1.0, 10.0], [3.0, 30.0]]), Tensor([[5.0, 0.0], [7.0, 4.0]])], momentum: 0.5, eps: 0)
    let scales = Tensor([0.1, 1.0, 20.0])
    try batches(
      trial, (0..<4).map { _ in Tensor.randn(6, 3) * scales + scales }, momentum: 0.1, eps: 1e-5,
      gamma: Tensor([2.0, 0.5, -1.0]), beta: Tensor([1.0, 0.0, 3.0]))
  }

  private static func batches(
    _ trial: Trial, _ batches: [Tensor], momentum: Double, eps: Double, gamma: Tensor? = nil,
    beta: Tensor? = nil
  ) throws {
    let features = batches[0].size(1)
    let norm = FeatureNorm(features, momentum: momentum, eps: eps)
    let reference = BatchNorm1d(features, eps: eps, momentum: momentum)
    if let gamma, let beta {
      (norm.gamma, norm.beta) = (gamma, beta)
      noGrad { _ = (reference.weight!.copy_(gamma), reference.bias!.copy_(beta)) }
    }
    for (i, z) in batches.enumerated() {
      let before = (norm.runningMean.clone(), norm.runningVariance.clone())
      let y = try norm.train(z)
      let expected = noGrad { reference(z) }
      try output(trial, y, expected, z, norm, i, momentum: momentum, eps: eps)
      try statistics(trial, norm, reference, z, before, i, momentum: momentum)
    }
    try inference(trial, norm, reference, batches[0], eps: eps)
  }

  private static func output(
    _ trial: Trial, _ y: Tensor, _ expected: Tensor, _ z: Tensor, _ norm: FeatureNorm, _ number: Int,
    momentum: Double, eps: Double
  ) throws {
    let input: KeyValuePairs<String, any Showable> = [
      "z, batch \(number + 1)": z, "gamma": norm.gamma, "beta": norm.beta, "eps": eps,
    ]
    let mean = z.mean(dim: 0)
    let variance = (z - mean).square().mean(dim: 0)
    func result(_ centered: Tensor, _ divisor: Tensor) -> Tensor {
      norm.gamma * centered / divisor + norm.beta
    }
    let unbiased = variance * (Double(z.size(0)) / Double(z.size(0) - 1))
    let rowMean = z.mean(dim: 1, keepDim: true)
    try trial.compare(
      "y of train", y, with: expected, given: input, within: 1e-4,
      mistakes: [
        Mistake(
          "All features have been divided by one σ. Each has its own.",
          gives: result(z - mean, ((z - mean).square().mean() + eps).sqrt())),
        Mistake(
          "One mean has been taken over everything. Each feature has its own: dim 0.",
          gives: result(z - z.mean(), (variance + eps).sqrt())),
        Mistake(
          "Mean and variance have been taken over the features of each example. That is layer normalization.",
          gives: result(z - rowMean, ((z - rowMean).square().mean(dim: 1, keepDim: true) + eps).sqrt())),
        Mistake(
          "The unbiased variance is for the running statistics alone; the batch itself is divided by the one with B.",
          gives: result(z - mean, (unbiased + eps).sqrt())),
        Mistake(
          "You have divided by the variance. The root is missing.", gives: result(z - mean, variance + eps)),
        Mistake(
          "ε has been added to the deviation. It belongs to the variance, under the root.",
          gives: result(z - mean, variance.sqrt() + eps)),
        Mistake(
          "In training the batch's own statistics count, not the running ones.",
          when: number > 0
            || y.shape == expected.shape
              && (y - norm.beta).abs().max().item() > 2 * (expected - norm.beta).abs().max().item()
        ),
      ])
  }

  private static func statistics(
    _ trial: Trial, _ norm: FeatureNorm, _ reference: BatchNorm1d, _ z: Tensor,
    _ before: (mean: Tensor, variance: Tensor), _ number: Int, momentum: Double
  ) throws {
    let input: KeyValuePairs<String, any Showable> = [
      "z, batch \(number + 1)": z, "running mean before": before.mean,
      "running variance before": before.variance, "momentum": momentum,
    ]
    let mean = z.mean(dim: 0)
    let variance = (z - mean).square().mean(dim: 0)
    let unbiased = variance * (Double(z.size(0)) / Double(z.size(0) - 1))
    let still = "train leaves the running statistics as they were. Move them toward the batch's."
    try trial.compare(
      "the running mean", norm.runningMean, with: reference.runningMean!, given: input, within: 1e-4,
      mistakes: [
        Mistake(still, gives: before.mean),
        Mistake(
          "The shares have changed places: the old value keeps 1 − m.",
          gives: momentum * before.mean + (1 - momentum) * mean),
        Mistake("This is the batch's mean. The running one moves by the share m only.", gives: mean),
      ])
    try trial.compare(
      "the running variance", norm.runningVariance, with: reference.runningVar!, given: input, within: 1e-4,
      mistakes: [
        Mistake(still, gives: before.variance),
        Mistake(
          "The running variance takes the unbiased one, B / (B − 1) times as large.",
          gives: (1 - momentum) * before.variance + momentum * variance),
        Mistake(
          "The shares have changed places: the old value keeps 1 − m.",
          gives: momentum * before.variance + (1 - momentum) * unbiased),
        Mistake(
          "These are deviations. The running statistic is a variance.",
          gives: (1 - momentum) * before.variance + momentum * unbiased.sqrt()),
      ])
  }

  private static func inference(
    _ trial: Trial, _ norm: FeatureNorm, _ reference: BatchNorm1d, _ z: Tensor, eps: Double
  ) throws {
    reference.eval()
    let before = norm.runningMean.clone()
    for rows in [1, z.size(0)] {
      let part = z[0..<rows]
      let expected = noGrad { reference(part) }
      let input: KeyValuePairs<String, any Showable> = [
        "z": part, "running mean": before, "running variance": norm.runningVariance, "eps": eps,
      ]
      let y = try norm.infer(part)
      try trial.compare(
        "y of infer", y, with: expected, given: input, within: 1e-4,
        mistakes: [
          Mistake(
            "This comes of the batch's own statistics. At inference the running ones count.",
            when: rows == 1
              && (y.isNaN().any() || y.shape == expected.shape && (y - norm.beta).abs().max().item() < 1e-4)),
          Mistake(
            "The running variance has been taken for a deviation. The root is missing.",
            gives: norm.gamma * (part - norm.runningMean) / (norm.runningVariance + eps) + norm.beta),
        ])
      try trial.compare(
        "the running mean, after infer", norm.runningMean, with: before, given: input,
        mistakes: [
          Mistake("Inference has moved the running statistics. They only learn in training.", when: true)
        ])
    }
  }
}
