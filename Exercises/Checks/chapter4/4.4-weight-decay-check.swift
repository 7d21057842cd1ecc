import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    let start = Tensor([2.0, -1.0])
    let square = Loss(name: "Σ (θ − 1)²") { ($0 - 1).square().sum() }
    for steps in [1, 2, 5] {
      try path(trial, start, steps, lr: 0.1, weightDecay: 0.5, square)
    }
    let random = Tensor.randn(3, 2)
    try path(
      trial, random, 10, lr: 0.05, weightDecay: 0.3, Loss(name: "Σ sin θ + θ⁴") { ($0.sin() + $0 ** 4).sum() }
    )
    try path(trial, random, 0, lr: 0.1, weightDecay: 0.5, square)

    try optimizer(trial, start, gradient: Tensor([2.0, -4.0]), lr: 0.1, weightDecay: 0.5)
    try optimizer(trial, Tensor.randn(4, 3), gradient: Tensor.randn(4, 3), lr: 0.3, weightDecay: 0.2)
    try groups(trial)
    try training(trial)
  }

  private struct Loss {
    let name: String
    let value: (Tensor) -> Tensor
  }

  // MARK: - Steps, right and wrong

  /// θ after a step, from θ, the gradient, η and λ.
  private typealias Step =
    @Sendable (_ theta: Tensor, _ gradient: Tensor, _ lr: Double, _ decay: Double) -> Tensor

  private static let decayed: Step = { $0 - $2 * ($1 + $3 * $0) }

  private static let slips: [(meaning: String, step: Step)] = [
    ("The decay is missing: this is plain gradient descent.", { theta, g, lr, _ in theta - lr * g }),
    (
      "The decay has not been multiplied by the learning rate: η multiplies the gradient and λθ.",
      { theta, g, lr, decay in theta - lr * g - decay * theta }
    ),
    (
      "The sign of the decay is the wrong way round: this pushes the weights away from 0.",
      { theta, g, lr, decay in theta - lr * (g - decay * theta) }
    ),
    (
      "The sign of the gradient is the wrong way round: this climbs.",
      { theta, g, lr, decay in theta + lr * (g + decay * theta) }
    ),
    (
      "The decay is twice too strong. The penalty is λ/2 ‖θ‖², and its derivative is λθ.",
      { theta, g, lr, decay in theta - lr * (g + 2 * decay * theta) }
    ),
    (
      "You have moved θ by the gradient, and then decayed the new θ. Both start from the old θ.",
      { theta, g, lr, decay in (theta - lr * g) * (1 - lr * decay) }
    ),
  ]

  /// - Parameter isCleared: Whether each step has a gradient of its own, or the sum of all so far.
  private static func reference(
    _ start: Tensor, _ steps: Int, lr: Double, decay: Double, _ loss: Loss, step: Step = decayed,
    isCleared: Bool = true
  ) -> Tensor {
    var (theta, sum) = (start.clone(), Tensor.zeros(like: start))
    for _ in 0..<steps {
      let leaf = theta.clone().requiresGrad_()
      let gradient = grad(loss.value(leaf), leaf)!
      sum = sum + gradient
      theta = step(theta, isCleared ? gradient : sum, lr, decay)
    }
    return theta
  }

  // MARK: - The function

  private static func path(
    _ trial: Trial, _ start: Tensor, _ steps: Int, lr: Double, weightDecay: Double, _ loss: Loss
  ) throws {
    let before = start.clone()
    let end = try descend(from: start, steps: steps, lr: lr, weightDecay: weightDecay, loss.value)
    let input: KeyValuePairs<String, any Showable> = [
      "loss": loss.name, "start": before, "steps": steps, "lr": lr, "weightDecay": weightDecay,
    ]
    let accumulated = reference(before, steps, lr: lr, decay: weightDecay, loss, isCleared: false)
    let mistakes = slips.map { slip in
      Mistake(
        slip.meaning, gives: reference(before, steps, lr: lr, decay: weightDecay, loss, step: slip.step))
    }
    try trial.compare(
      "θ after \(steps) step\(steps == 1 ? "" : "s")", end.detach(),
      with: reference(before, steps, lr: lr, decay: weightDecay, loss), given: input,
      mistakes: [
        Mistake(
          "The gradients have added up: backward() adds to what is there, so clear it before each step.",
          gives: accumulated)
      ] + mistakes)
    try trial.compare(
      "start, afterwards", start.detach(), with: before, given: input,
      mistakes: [
        Mistake("You have moved the caller's tensor. Work on a copy: start.clone().", when: true)
      ])
    try trial.require(
      !end.requiresGrad, "the history of the result", given: input, expected: "none",
      got: end.isLeaf ? "a tensor that asks for a gradient" : "a tensor that remembers how it was computed",
      meaning: end.isLeaf
        ? "The result still asks for a gradient. Hand back its numbers alone: detach()."
        : "The result drags along the graph of every step. A step is not part of the loss that is "
          + "differentiated: take it inside noGrad { }.")
  }

  // MARK: - The optimizer

  /// A parameter whose gradient is given.
  private static func parameter(_ value: Tensor, gradient: Tensor) -> Tensor {
    let parameter = Parameter(value.clone())
    (parameter * gradient).sum().backward()
    return parameter
  }

  private static func optimizer(
    _ trial: Trial, _ value: Tensor, gradient: Tensor, lr: Double, weightDecay: Double
  ) throws {
    let theta = parameter(value, gradient: gradient)
    DecayingSGD([theta], lr: lr, weightDecay: weightDecay).step()
    let input: KeyValuePairs<String, any Showable> = [
      "parameter": value, "gradient": gradient, "lr": lr, "weightDecay": weightDecay,
    ]
    try trial.compare(
      "the parameter after DecayingSGD's step", theta.detach(),
      with: decayed(value, gradient, lr, weightDecay),
      given: input,
      mistakes: [
        Mistake(
          "The parameter has not moved. Change it in place, as -= does; a new tensor is not the model's.",
          gives: value)
      ] + slips.map { Mistake($0.meaning, gives: $0.step(value, gradient, lr, weightDecay)) })
    try trial.compare(
      "the gradient, afterwards", theta.grad!, with: gradient, given: input,
      mistakes: [
        Mistake(
          "You have added the decay to the gradient in place. It is the caller's, who may still want to read "
            + "it, or add to it.",
          when: true)
      ])
  }

  private static func groups(_ trial: Trial) throws {
    let weight = parameter(Tensor([2.0, -1.0]), gradient: Tensor([1.0, 1.0]))
    let bias = parameter(Tensor([4.0]), gradient: Tensor([1.0]))
    let optimizer = DecayingSGD(
      [ParameterGroup([weight]), ParameterGroup([bias], lr: 0.2, weightDecay: 0)], lr: 0.1, weightDecay: 0.5)
    optimizer.step()
    let input: KeyValuePairs<String, any Showable> = [
      "weight": Tensor([2.0, -1.0]), "bias": Tensor([4.0]), "both gradients": "1",
      "DecayingSGD": "lr 0.1, weightDecay 0.5", "bias's group": "lr 0.2, weightDecay 0",
    ]
    try trial.compare("the weight", weight.detach(), with: Tensor([1.8, -1.05]), given: input)
    let ofTheInitializer =
      "A group may have settings of its own: read group.lr and group.weightDecay, not what init "
      + "was given."
    try trial.compare(
      "the bias", bias.detach(), with: Tensor([3.8]), given: input,
      mistakes: [
        Mistake(ofTheInitializer, gives: Tensor([3.7])), Mistake(ofTheInitializer, gives: Tensor([3.9])),
        Mistake(ofTheInitializer, gives: Tensor([3.4])),
      ])
    // A schedule changes the rate in the middle of the training.
    optimizer.setLearningRate(0.4)
    optimizer.step()
    try trial.compare(
      "the bias after another step with the learning rate 0.4", bias.detach(), with: Tensor([3.4]),
      given: input,
      mistakes: [Mistake(ofTheInitializer, when: true)])
  }

  /// Ten steps of a network, beside the library's own.
  private static func training(_ trial: Trial) throws {
    let (x, y) = (Tensor.randn(8, 3), Tensor.randint(0, 2, [8]))
    func train(_ makeOptimizer: (Module) -> Optimizer) -> Tensor {
      manualSeed(1)
      let model = Sequential(Linear(3, 4), Tanh(), Linear(4, 2))
      let optimizer = makeOptimizer(model)
      for _ in 0..<10 {
        optimizer.zeroGrad()
        crossEntropy(model(x), y).backward()
        optimizer.step()
      }
      return cat(model.parameters().map { $0.detach().flatten() })
    }
    let decay = 0.1
    try trial.compare(
      "all parameters of a small network after ten steps",
      train { DecayingSGD($0.parameters(), lr: 0.5, weightDecay: decay) },
      with: train { SGD($0.parameters(), lr: 0.5, weightDecay: decay) },
      given: ["lr": 0.5, "weightDecay": decay])
  }
}
