import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    let inputs = [
      Tensor([-1.0, 0.0]), Tensor([2.0]), Tensor([[-3.0, -0.5], [0.5, 3.0]]), Tensor.randn(3, 4) * 3,
      Tensor([1000.0, -1000.0, 90.0, -90.0]),
    ]
    for z in inputs { try compareSigmoid(trial, z) }
    for z in inputs { try compareELU(trial, z) }
    for z in inputs { try compareELUSlope(trial, z) }
    for z in inputs { try compareSiLU(trial, z) }
  }

  /// The slope of `function` as the library finds it.
  private static func slope(_ function: (Tensor) -> Tensor, at z: Tensor) -> Tensor {
    let leaf = z.clone().requiresGrad_()
    function(leaf).sum().backward()
    return leaf.grad!
  }

  private static func overflows(_ answer: Tensor, _ z: Tensor) -> Mistake {
    Mistake(
      "e⁹⁰ is infinite, and 0 · ∞ and ∞ / ∞ are NaN: a mask does not undo an overflow. "
        + "Take exponentials of what is never large, as z.clamp(max: 0).",
      when: z.max().item() > 80 && !answer.isFinite().all())
  }

  private static func compareSigmoid(_ trial: Trial, _ z: Tensor) throws {
    let s = z.sigmoid()
    let answer = try sigmoidSlope(z)
    try trial.compare(
      "σ'(z)", answer, with: slope({ $0.sigmoid() }, at: z), given: ["z": z],
      mistakes: [
        Mistake("The slope is made of the value: σ (1 − σ) with σ(z), not z (1 − z).", gives: z * (1 - z)),
        Mistake("This is the sigmoid itself. Its slope is σ (1 − σ).", gives: s),
        Mistake("This is the slope of tanh, 1 − σ². That of the sigmoid is σ (1 − σ).", gives: 1 - s * s),
        Mistake(
          "The sigmoid has been taken twice: σ(z) is the value, of which the slope is made.",
          gives: s.sigmoid() * (1 - s.sigmoid())),
        overflows(answer, z),
      ])
  }

  private static func compareELU(_ trial: Trial, _ z: Tensor) throws {
    let above = (z .> 0).to(.float32)
    let low = z.clamp(max: 0).exp()
    let answer = try exponentialLinear(z)
    try trial.compare(
      "elu(z)", answer, with: z.elu(), given: ["z": z],
      mistakes: [
        Mistake(
          "The −1 is missing on the negative side: without it the function jumps at 0.",
          gives: above * z + (1 - above) * low),
        Mistake(
          "The −1 belongs to the negative side alone. Where z is positive elu is z.",
          gives: above * z + (1 - above) * low - 1),
        Mistake("This is relu. On the negative side elu is eᶻ − 1.", gives: z.relu()),
        Mistake(
          "The two sides are exchanged: z where it is positive, eᶻ − 1 where it is not.",
          gives: above * (z.exp() - 1) + z.clamp(max: 0)),
        Mistake("eᶻ − 1 is for the negative side. Where z is positive elu is z.", gives: z.exp() - 1),
        overflows(answer, z),
      ])
  }

  private static func compareELUSlope(_ trial: Trial, _ z: Tensor) throws {
    let above = (z .> 0).to(.float32)
    let answer = try exponentialLinearSlope(z)
    try trial.compare(
      "elu'(z)", answer, with: slope({ $0.elu() }, at: z), given: ["z": z],
      mistakes: [
        Mistake(
          "A constant has no slope: the derivative of eᶻ − 1 is eᶻ.",
          gives: above + (1 - above) * (z.clamp(max: 0).exp() - 1)),
        Mistake("This is the slope of relu. On the negative side that of elu is eᶻ.", gives: above),
        Mistake(
          "The slope of z is 1, not z.", gives: above * z + (1 - above) * z.clamp(max: 0).exp()),
        Mistake("Where z is positive the slope is 1.", gives: z.exp()),
        overflows(answer, z),
      ])
  }

  private static func compareSiLU(_ trial: Trial, _ z: Tensor) throws {
    let s = z.sigmoid()
    let answer = try siluSlope(z)
    try trial.compare(
      "silu'(z)", answer, with: slope({ $0.silu() }, at: z), given: ["z": z],
      mistakes: [
        Mistake(
          "The product rule has two terms. The first factor is z, whose slope is 1: the term σ(z) is missing.",
          gives: z * s * (1 - s)),
        Mistake(
          "The product rule has two terms. The slope of the second factor is missing: z σ (1 − σ).", gives: s),
        Mistake(
          "The derivative of a product is not the product of the derivatives: f' g + f g'.",
          gives: s * (1 - s)),
        Mistake("The second term lacks its factor z.", gives: s + s * (1 - s)),
        Mistake("This is the SiLU itself, not its slope.", gives: z * s),
        Mistake("The sign of the second term is the wrong way round.", gives: s - z * s * (1 - s)),
        overflows(answer, z),
      ])
  }
}
