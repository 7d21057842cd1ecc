import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    let one = Tensor([1.0])
    try gradients(trial, Tensor([[1.0], [0.0]]), Tensor([[1.0], [3.0]]), one, eps: 0)
    try gradients(
      trial, Tensor([[1.0], [0.0], [0.0]]), Tensor([[0.0], [1.0], [5.0]]), Tensor([2.0]), eps: 0)
    try gradients(
      trial, Tensor([[1.0], [2.0], [3.0], [6.0]]), Tensor([[-1.0], [1.0], [-1.0], [1.0]]), one, eps: 0.25)
    try gradients(
      trial, Tensor.randn(6, 3), Tensor.randn(6, 3) * Tensor([1.0, 5.0, 0.5]) + 2, Tensor([1.0, -2.0, 0.5]),
      eps: 1e-5)
  }

  private static func gradients(_ trial: Trial, _ g: Tensor, _ z: Tensor, _ gamma: Tensor, eps: Double) throws
  {
    // In double precision, through the library's layer.
    let leaves = [z, gamma, Tensor.zeros(like: gamma)].map { $0.to(.float64).requiresGrad_() }
    let y = batchNorm(leaves[0], nil, nil, weight: leaves[1], bias: leaves[2], training: true, eps: eps)
    (y * g.to(.float64)).sum().backward()
    let expected = leaves.map { $0.grad!.to(.float32) }
    let answer = try batchNormBackward(g, z, gamma: gamma, eps: eps)
    let input: KeyValuePairs<String, any Showable> = ["g": g, "z": z, "gamma": gamma, "eps": eps]

    let mean = z.mean(dim: 0)
    let deviation = ((z - mean).square().mean(dim: 0) + eps).sqrt()
    let normalized = (z - mean) / deviation
    let h = gamma * g
    let share = (h * normalized).mean(dim: 0)
    let examples = Double(z.size(0))
    try trial.compare(
      "∂E/∂β", answer.beta, with: expected[2], given: input, within: 1e-4,
      mistakes: [
        Mistake(
          "This is a mean over the batch. β is added to every example, so that the gradients add up.",
          gives: g.mean(dim: 0)),
        Mistake(
          "One number for each feature: sum over the examples, dim 0.",
          when: answer.beta.shape != expected[2].shape),
      ])
    try trial.compare(
      "∂E/∂γ", answer.gamma, with: expected[1], given: input, within: 1e-4,
      mistakes: [
        Mistake("γ multiplies the normalized batch ẑ, not z.", gives: (g * z).sum(dim: 0)),
        Mistake(
          "γ multiplies ẑ: what is centered has to be divided by the deviation as well.",
          gives: (g * (z - mean)).sum(dim: 0)),
        Mistake(
          "This is a mean over the batch. γ acts on every example, so that the gradients add up.",
          gives: (g * normalized).mean(dim: 0)),
        Mistake("γ itself is no factor of its own gradient.", gives: (h * normalized).sum(dim: 0)),
      ])
    let kept = h - h.mean(dim: 0)
    try trial.compare(
      "∂E/∂z", answer.z, with: expected[0], given: input, within: 1e-4,
      mistakes: [
        Mistake(
          "This is the direct way alone, as at inference, where µ and σ are constants. In training they depend on z.",
          gives: h / deviation),
        Mistake("The way through the variance is missing: − ẑ mean(h ẑ).", gives: kept / deviation),
        Mistake(
          "The way through the mean is missing: − mean(h).", gives: (h - normalized * share) / deviation),
        Mistake(
          "γ is missing: h = γ g.",
          gives: (g - g.mean(dim: 0) - normalized * (g * normalized).mean(dim: 0)) / deviation),
        Mistake("The division by √(σ² + ε) is missing.", gives: kept - normalized * share),
        Mistake(
          "These are sums over the batch. The formula has means.",
          gives: (h - h.sum(dim: 0) - normalized * share * examples) / deviation),
        Mistake(
          "In the last term stands ẑ, not the centered z.",
          gives: (kept - (z - mean) * (h * (z - mean)).mean(dim: 0)) / deviation),
        Mistake(
          "The signs of the two corrections are the wrong way round: both are subtracted.",
          gives: (h + h.mean(dim: 0) + normalized * share) / deviation),
      ])
  }
}
