import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    let one = Layer(u: Tensor([[1.0]]), w: Tensor([[0.5]]), b: Tensor([0.0]))
    let two = Layer(
      u: Tensor([[1.0, 0, 0], [0, 1, -1]]), w: Tensor([[0.5, 1], [-1, 0.2]]), b: Tensor([0.1, -0.2]))
    let cases = [
      (Tensor([[0.5]]), Tensor([[1.0]]), one), (Tensor([[1.0, 0, 2]]), Tensor([[1.0, 0.5]]), two),
      (.randn(5, 3), .randn(5, 4), Layer(u: .randn(4, 3), w: .randn(4, 4), b: .randn(4))),
    ]
    for (x, h, layer) in cases { try forward(trial, x, h, layer) }
    for (x, h, layer) in cases { try backward(trial, x, h, layer) }
  }

  private static func forward(_ trial: Trial, _ x: Tensor, _ h: Tensor, _ layer: Layer) throws {
    let z = linear(h, layer.w, layer.b) + linear(x, layer.u)
    var mistakes = [
      Mistake("The tanh is missing.", gives: z),
      Mistake("The bias is missing.", gives: (z - layer.b).tanh()),
      Mistake(
        "The old state has no part in this: W h is missing.", gives: linear(x, layer.u, layer.b).tanh()),
      Mistake(
        "W is transposed: a row of W belongs to a unit, so that states in rows meet W.T.",
        gives: (h.matmul(layer.w) + linear(x, layer.u, layer.b)).tanh()),
      Mistake("The states are squashed by a sigmoid. Here it is tanh.", gives: z.sigmoid()),
    ]
    if layer.u.size(0) == layer.u.size(1) {
      mistakes.append(
        Mistake(
          "U and W have changed places: U belongs to the input, W to the state.",
          gives: (linear(h, layer.u, layer.b) + linear(x, layer.w)).tanh()))
    }
    try trial.compare(
      "the new states", try step(x, h, layer), with: z.tanh(), given: input(x, h, layer), mistakes: mistakes)
  }

  private static func input(
    _ x: Tensor, _ h: Tensor, _ layer: Layer
  ) -> KeyValuePairs<String, any Showable> { ["x": x, "h": h, "U": layer.u, "W": layer.w, "b": layer.b] }

  private static func backward(_ trial: Trial, _ x: Tensor, _ h: Tensor, _ layer: Layer) throws {
    let g = x.size(0) == 1 ? Tensor.ones(like: h) : Tensor.randn(like: h)
    let leaves = [x, h, layer.u, layer.w, layer.b].map { $0.to(.float64).requiresGrad_() }
    let new = (linear(leaves[1], leaves[3], leaves[4]) + linear(leaves[0], leaves[2])).tanh()
    new.backward(g.to(.float64))
    let expected = leaves.map { $0.grad!.to(.float32) }
    let answer = try stepBackward(g, x, h, layer)
    let batch = Double(x.size(0))

    /// All gradients, with other error terms.
    func gradients(_ delta: Tensor) -> [Tensor] {
      [
        delta.matmul(layer.u), delta.matmul(layer.w), delta.T.matmul(x), delta.T.matmul(h), delta.sum(dim: 0),
      ]
    }
    let state = new.detach().to(.float32)
    let others: [(meaning: String, gradients: [Tensor])] = [
      ("The slope of tanh is missing: δ = g (1 − h²), with the new state.", gradients(g)),
      (
        "The slope of tanh is 1 − h², and the new state stands in it. This is the old one.",
        gradients(g * (1 - h.square()))
      ),
      ("The slope of tanh is 1 − h². The square is missing.", gradients(g * (1 - state))),
      (
        "This is the slope of the sigmoid, h (1 − h). That of tanh is 1 − h².",
        gradients(g * state * (1 - state))
      ),
    ]
    func compare(_ name: String, _ got: Tensor, _ i: Int, _ mistakes: [Mistake]) throws {
      try trial.compare(
        name, got, with: expected[i],
        given: ["g": g, "x": x, "h": h, "U": layer.u, "W": layer.w, "b": layer.b],
        within: 1e-4, mistakes: others.map { Mistake($0.meaning, gives: $0.gradients[i]) } + mistakes)
    }
    let delta = g * (1 - state.square())
    func meanOf(_ i: Int) -> Mistake {
      Mistake(
        "This is a mean over the batch. All examples use the same weights, so that the gradients add up.",
        gives: expected[i] / batch)
    }
    try compare(
      "∂E/∂b", answer.layer.b, 4,
      [
        meanOf(4),
        Mistake("One number for each unit: add up over the examples.", when: answer.layer.b.shape == g.shape),
      ])
    try compare(
      "∂E/∂W", answer.layer.w, 3,
      [
        meanOf(3),
        Mistake(
          "W has met the old state, not the new one: δ times h of the step before.",
          gives: delta.T.matmul(state)),
      ])
    try compare("∂E/∂U", answer.layer.u, 2, [meanOf(2)])
    try compare("∂E/∂x", answer.x, 0, [])
    try compare(
      "∂E/∂h, by the old state", answer.h, 1,
      [
        Mistake(
          "W is transposed: δ in rows goes back through W itself, as forward the states met W.T.",
          gives: delta.matmul(layer.w.T)),
        Mistake("This stops at z: multiply the error terms by W.", gives: delta),
      ])
  }
}
