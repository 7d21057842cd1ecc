import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    let names = ["body.bias (2)", "body.weight (2, 2)", "gate.bias (2)", "gate.weight (2, 2)"]
    try parameters(
      trial, HighwayLayer(2), "HighwayLayer(2)", names,
      "Make body and gate once, in init, and keep them in properties of these names.")
    try gateBias(trial)
    let number = { (x: Double) in Tensor([[x]]) }
    try layer(
      trial, number(2),
      [
        "body.weight": number(1), "body.bias": Tensor([0.0]), "gate.weight": number(0),
        "gate.bias": Tensor([0.0]),
      ])
    try layer(
      trial, Tensor.randn(4, 3),
      [
        "body.weight": .randn(3, 3), "body.bias": .randn(3), "gate.weight": .randn(3, 3),
        "gate.bias": .randn(3),
      ])
    try parameters(
      trial, HighwayTower(2, depth: 3), "HighwayTower(2, depth: 3)",
      (0..<3).flatMap { i in names.map { "layers.\(i).\($0)" } },
      "Each layer of the tower is one of its own. Keep them in an array `layers`.")
    try tower(trial)
  }

  private static func parameters(
    _ trial: Trial, _ model: Module, _ name: String, _ expected: [String], _ meaning: String
  ) throws {
    let found = model.namedParameters().map {
      "\($0.name) (\($0.tensor.shape.map(String.init).joined(separator: ", ")))"
    }
    try trial.compare(
      "the parameters that are found", found.sorted().joined(separator: "\n"),
      equals: expected.joined(separator: "\n"),
      given: ["model": name],
      mistakes: [
        Mistake(
          "No parameter is found. Layers that are made inside forward are new, and random, at every call. "
            + meaning, when: found.isEmpty),
        Mistake(
          "The same layer stands in every place. Make a new one for each.",
          when: expected.count > 4 && found.count == 4),
        Mistake(meaning, when: true),
      ])
  }

  private static func gateBias(_ trial: Trial) throws {
    let layer = HighwayLayer(2)
    let tensors = Dictionary(
      uniqueKeysWithValues: layer.namedParameters().map { ($0.name, $0.tensor.detach()) })
    try trial.compare(
      "gate.bias at the start", tensors["gate.bias"]!, with: Tensor([-2.0, -2.0]),
      given: ["model": "HighwayLayer(2)"],
      mistakes: [Mistake("The gates start nearly closed: their biases begin at −2.", when: true)])
    try trial.require(
      (tensors["body.weight"]! .!= 0).any() && (tensors["gate.weight"]! .!= 0).any(),
      "the weights at the start",
      expected: "random numbers, as Linear makes them", got: "zeros",
      meaning: "Only the gates' biases get a start of their own.")
  }

  private static func set(_ model: Module, _ values: [String: Tensor]) {
    noGrad { for (name, tensor) in model.namedParameters() { tensor.copy_(values[name]!) } }
  }

  private static func output(
    _ x: Tensor, _ values: [String: Tensor], _ combine: (_ t: Tensor, _ h: Tensor) -> Tensor
  ) -> Tensor {
    let t = linear(x, values["gate.weight"]!, values["gate.bias"]!).sigmoid()
    return combine(t, linear(x, values["body.weight"]!, values["body.bias"]!))
  }

  private static func layer(_ trial: Trial, _ x: Tensor, _ values: [String: Tensor]) throws {
    let layer = HighwayLayer(x.size(1))
    set(layer, values)
    try trial.compare(
      "y", noGrad { layer(x) }, with: output(x, values) { t, h in x + t * (h.tanh() - x) },
      given: [
        "x": x, "W_h": values["body.weight"]!, "b_h": values["body.bias"]!, "W_t": values["gate.weight"]!,
        "b_t": values["gate.bias"]!,
      ],
      mistakes: [
        Mistake(
          "Gate and way past have changed places: t belongs to the layer, 1 − t to the input.",
          gives: output(x, values) { t, h in (1 - t) * h.tanh() + t * x }),
        Mistake(
          "The tanh of the layer is missing.", gives: output(x, values) { t, h in t * h + (1 - t) * x }),
        Mistake(
          "This is a residual block: x whole, and the layer's part added. The highway takes (1 − t) x.",
          gives: output(x, values) { t, h in x + t * h.tanh() }),
        Mistake(
          "The input does not come past the layer: (1 − t) x is missing.",
          gives: output(x, values) { t, h in t * h.tanh() }),
        Mistake(
          "The gate is σ(…), a number between 0 and 1. The sigmoid is missing.",
          gives: {
            let t = linear(x, values["gate.weight"]!, values["gate.bias"]!)
            return t * linear(x, values["body.weight"]!, values["body.bias"]!).tanh() + (1 - t) * x
          }()),
      ])
  }

  private static func tower(_ trial: Trial) throws {
    let tower = HighwayTower(3, depth: 30)
    let x = Tensor.randn(4, 3)
    let names = ["body.weight", "body.bias", "gate.weight", "gate.bias"]
    let all = Dictionary(uniqueKeysWithValues: tower.namedParameters().map { ($0.name, $0.tensor.detach()) })
    var expected = x
    for i in 0..<30 {
      let values = Dictionary(uniqueKeysWithValues: names.map { ($0, all["layers.\(i).\($0)"]!) })
      expected = output(expected, values) { [expected] t, h in t * h.tanh() + (1 - t) * expected }
    }
    try trial.compare(
      "y of a tower of 30 layers", noGrad { tower(x) }, with: expected, given: ["x": x], within: 1e-4,
      mistakes: [
        Mistake("The layers stand behind each other: the output of one is the input of the next.", when: true)
      ])
  }
}
