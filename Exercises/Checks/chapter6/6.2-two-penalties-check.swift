import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    let small = [Tensor([[3.0, -4.0]]), Tensor([10.0])]
    try penalties(trial, Tensor(1.0), small, lambda: 0.1)
    try penalties(trial, Tensor(0.5), [.randn(3, 2), .randn(3), .randn(2, 3, 2), .randn(2)], lambda: 0.02)
    try gradients(trial)
    try step(trial, Tensor([[2.0, -1.0]]), Tensor([[1.0, 0.0]]), lr: 0.1, lambda: 0.5)
    try step(trial, .randn(3, 2), .randn(3, 2), lr: 0.3, lambda: 0.2)
    try training(trial)
  }

  private static func total(_ tensors: [Tensor], _ size: (Tensor) -> Tensor) -> Double {
    tensors.reduce(0) { $0 + size($1).sum().item() }
  }

  private static func penalties(_ trial: Trial, _ loss: Tensor, _ parameters: [Tensor], lambda: Double) throws
  {
    let weights = parameters.filter { $0.rank >= 2 }
    let e: Double = loss.item()
    let squares = total(weights) { $0.square() }
    let sizes = total(weights) { $0.abs() }
    let shown =
      parameters.count == 2
      ? parameters.map { $0.shown(digits: 1) }.joined(separator: ", ") : "\(parameters.count) random tensors"
    let input: KeyValuePairs<String, any Showable> = ["E": e, "parameters": shown, "lambda": lambda]
    let biases = "Biases have one dimension, and are to be left out."
    try trial.compare(
      "E with the L2 penalty", try withL2(loss, parameters, lambda: lambda).item(),
      with: e + lambda / 2 * squares, given: input,
      mistakes: [
        Mistake(
          "The ½ is missing: the penalty is λ/2 times the sum of squares.", gives: e + lambda * squares),
        Mistake(biases, gives: e + lambda / 2 * total(parameters) { $0.square() }),
        Mistake("This is the penalty alone. Add it to E.", gives: lambda / 2 * squares),
        Mistake("λ is missing.", gives: e + squares / 2),
        Mistake("This is the norm. The penalty has no root.", gives: e + lambda / 2 * squares.squareRoot()),
        Mistake(
          "This is a mean over the weights. The penalty is their sum.",
          gives: e + lambda / 2 * weights.reduce(0) { $0 + $1.square().mean().item() }),
      ])
    try trial.compare(
      "E with the L1 penalty", try withL1(loss, parameters, lambda: lambda).item(), with: e + lambda * sizes,
      given: input,
      mistakes: [
        Mistake("There is no ½ in the L1 penalty.", gives: e + lambda / 2 * sizes),
        Mistake(biases, gives: e + lambda * total(parameters) { $0.abs() }),
        Mistake("The magnitudes are missing: −4 counts as 4.", gives: e + lambda * total(weights) { $0 }),
        Mistake("This is the penalty alone. Add it to E.", gives: lambda * sizes),
      ])
  }

  private static func gradients(_ trial: Trial) throws {
    let weight = Tensor([[3.0, -4.0]])
    for (name, lambda, expected) in [
      ("L2", 0.1, Tensor([[0.3, -0.4]])), ("L1", 0.1, Tensor([[0.1, -0.1]])),
    ] {
      let leaf = weight.clone().requiresGrad_()
      let zero = Tensor(0.0)
      let loss =
        name == "L2" ? try withL2(zero, [leaf], lambda: lambda) : try withL1(zero, [leaf], lambda: lambda)
      let cut =
        "No gradient flows through your penalty. item(), detach() and noGrad cut the graph: stay with tensors."
      try trial.require(
        loss.requiresGrad, "the \(name) penalty", given: ["weight": weight],
        expected: "a loss that remembers how it was computed",
        got: "a number without a history", meaning: cut)
      loss.backward()
      try trial.compare(
        "the gradient of the \(name) penalty", leaf.grad ?? Tensor.zeros(like: leaf), with: expected,
        given: ["weight": weight, "lambda": lambda],
        mistakes: [Mistake(cut, gives: Tensor.zeros(like: weight))])
    }
  }

  private static func step(_ trial: Trial, _ weight: Tensor, _ g: Tensor, lr: Double, lambda: Double) throws {
    try trial.compare(
      "the weight after a step", try decayed(weight, g, lr: lr, lambda: lambda),
      with: weight - lr * (g + lambda * weight),
      given: ["weight": weight, "g": g, "lr": lr, "lambda": lambda],
      mistakes: [
        Mistake("The weight has not been shrunk.", gives: weight - lr * g),
        Mistake(
          "The factor is 1 − ηλ: the learning rate belongs into it.", gives: (1 - lambda) * weight - lr * g),
        Mistake(
          "The weight has been moved first and shrunk then. The gradient's step is not shrunk.",
          gives: (1 - lr * lambda) * (weight - lr * g)),
        Mistake("The weight has grown: the factor is below 1.", gives: (1 + lr * lambda) * weight - lr * g),
        Mistake("The step goes up the slope.", gives: (1 - lr * lambda) * weight + lr * g),
      ])
  }

  /// A hundred steps with the penalty in the loss, and with decay instead.
  private static func training(_ trial: Trial) throws {
    let (x, y) = (Tensor.randn(16, 3), Tensor.randint(0, 2, [16]))
    let (lr, lambda) = (0.5, 0.02)
    func train(isPenalized: Bool) throws -> Tensor {
      manualSeed(3)
      let model = Sequential(Linear(3, 5), Tanh(), Linear(5, 2))
      for _ in 0..<100 {
        for p in model.parameters() { p.zeroGrad() }
        let loss = crossEntropy(model(x), y)
        (isPenalized ? try withL2(loss, model.parameters(), lambda: lambda) : loss).backward()
        try noGrad {
          for p in model.parameters() {
            let isWeight = p.rank >= 2 && !isPenalized
            p.copy_(isWeight ? try decayed(p.detach(), p.grad!, lr: lr, lambda: lambda) : p - lr * p.grad!)
          }
        }
      }
      return cat(model.parameters().map { $0.detach().flatten() })
    }
    try trial.compare(
      "a network after 100 steps with decayed", try train(isPenalized: false),
      with: try train(isPenalized: true),
      given: ["lr": lr, "lambda": lambda])
  }
}
