import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    try blockParameters(trial)
    try block(
      trial,
      [
        "first.weight": Tensor([[1.0, -1.0], [2.0, 0.0]]), "first.bias": Tensor([0.0, 0.0]),
        "second.weight": Tensor([[1.0, 1.0], [0.0, 1.0]]), "second.bias": Tensor([0.0, 1.0]),
        "alpha": Tensor([1.0, -1.0]),
      ], Tensor([[1.0, 2.0]]))
    try block(trial, random(features: 3, hidden: 4), Tensor.randn(5, 3))
    try networkParameters(trial)
    try network(trial, features: 3, hidden: 4, depth: 3, classes: 2)
  }

  // MARK: - What is found

  /// Those of 2 features and 3 hidden units.
  private static var parametersOfABlock: [String] {
    ["alpha (2)", "first.bias (3)", "first.weight (3, 2)", "second.bias (2)", "second.weight (2, 3)"]
  }

  private static func blockParameters(_ trial: Trial) throws {
    let block = ResidualBlock(2, hidden: 3)
    let names = Set(block.namedParameters().map(\.name))
    try trial.compare(
      "the parameters that are found", listed(block),
      equals: parametersOfABlock.joined(separator: "\n"),
      given: ["block": "ResidualBlock(2, hidden: 3)"],
      mistakes: [
        Mistake(
          "No layer is found. Layers that are made inside forward are new, and random, at every call, and "
            + "nothing can train them: make them once, in init, and keep them in properties.",
          when: !names.contains { $0.contains("weight") }),
        Mistake(
          "The layers are found and alpha is not. A plain Tensor is a constant to a module; a number that is "
            + "to be learned is a Parameter(…).",
          when: !names.contains("alpha") && names.contains("second.weight")),
        Mistake(
          "The number of parameters is right, but not their names. A name is the path of properties to it: "
            + "call them first, second and alpha.",
          when: names.count == 5
            && !names.isSuperset(of: ["first.weight", "second.weight", "alpha"])),
      ])
    try trial.compare(
      "alpha at the start", parameter("alpha", of: block), with: Tensor([0.0, 0.0]),
      mistakes: [Mistake("α starts as zeros, so that a new block passes its input on.", when: true)])
    let x = Tensor([[1.0, 2.0]])
    try trial.compare(
      "y of a new block", block(x), with: x, given: ["x": x],
      mistakes: [
        Mistake("The way past the layers is missing: y = x + ….", gives: Tensor.zeros(like: x)),
        Mistake("α is not used: it is 0 at the start, and then y = x.", when: block(x).shape == x.shape),
      ])
  }

  private static func networkParameters(_ trial: Trial) throws {
    let network = ResidualNetwork(2, hidden: 3, depth: 2, classes: 4)
    let names = network.namedParameters().map(\.name)
    let expected =
      (0..<2).flatMap { i in parametersOfABlock.map { "blocks.\(i).\($0)" } }
      + ["head.bias (4)", "head.weight (4, 2)"]
    try trial.compare(
      "the parameters that are found", listed(network), equals: expected.joined(separator: "\n"),
      given: ["network": "ResidualNetwork(2, hidden: 3, depth: 2, classes: 4)"],
      mistakes: [
        Mistake(
          "Block 1 has no parameters of its own: the same block stands in both places. Make two.",
          when: names.contains("blocks.0.alpha") && !names.contains("blocks.1.alpha")),
        Mistake(
          "No block is found. Keep them in a property `blocks`; an array will do.",
          when: !names.contains { $0.hasPrefix("blocks") }),
        Mistake(
          "The last layer is not found. Make it once, in init, and keep it in a property `head`.",
          when: !names.contains { $0.hasPrefix("head") }),
      ])
  }

  private static func listed(_ module: Module) -> String {
    let lines = module.namedParameters().map { name, tensor in
      "\(name) (\(tensor.shape.map(String.init).joined(separator: ", ")))"
    }
    return lines.isEmpty ? "none" : lines.sorted().joined(separator: "\n")
  }

  private static func parameter(_ name: String, of module: Module) -> Tensor {
    module.stateDict()[name] ?? Tensor.zeros(0)
  }

  // MARK: - What is computed

  private static func random(features: Int, hidden: Int) -> [String: Tensor] {
    [
      "first.weight": Tensor.randn(hidden, features), "first.bias": Tensor.randn(hidden),
      "second.weight": Tensor.randn(features, hidden), "second.bias": Tensor.randn(features),
      "alpha": Tensor.randn(features),
    ]
  }

  /// The second way through the block, in front of α.
  private static func branch(_ x: Tensor, _ p: [String: Tensor], relu: Bool = true) -> Tensor {
    let sums = linear(x, p["first.weight"]!, p["first.bias"])
    return linear(relu ? sums.relu() : sums, p["second.weight"]!, p["second.bias"])
  }

  private static func reference(_ x: Tensor, _ p: [String: Tensor]) -> Tensor {
    x + p["alpha"]! * branch(x, p)
  }

  private static func load(_ parameters: [String: Tensor], into module: Module) throws {
    var state = StateDict()
    for (name, tensor) in parameters { state[name] = tensor }
    try module.loadStateDict(state)
  }

  private static func block(_ trial: Trial, _ p: [String: Tensor], _ x: Tensor) throws {
    let block = ResidualBlock(x.size(1), hidden: p["first.bias"]!.count)
    try load(p, into: block)
    let alpha = p["alpha"]!
    let withoutRelu = branch(x, p, relu: false)
    let y = block(x)
    let input: KeyValuePairs<String, any Showable> = [
      "x": x, "first.weight": p["first.weight"]!, "first.bias": p["first.bias"]!,
      "second.weight": p["second.weight"]!, "second.bias": p["second.bias"]!, "alpha": alpha,
    ]
    try trial.compare(
      "y", y.detach(), with: reference(x, p), given: input,
      mistakes: [
        Mistake(
          "Between the layers the relu is missing. Without it the two are one linear layer.",
          gives: x + alpha * withoutRelu),
        Mistake("The way past the layers is missing: y = x + ….", gives: alpha * branch(x, p)),
        Mistake("α is missing.", gives: x + branch(x, p)),
        Mistake("α is for the layers' branch only; x passes as it is.", gives: alpha * (x + branch(x, p))),
        Mistake(
          "Nothing comes after the sum: a relu there cuts off what x passes on.",
          gives: reference(x, p).relu()),
        Mistake(
          "The relu stands between the layers, not behind the second.",
          gives: x + alpha * withoutRelu.relu()),
        Mistake(
          "The relu stands between the layers, and only there.", gives: x + alpha * branch(x, p).relu()),
      ])

    y.sum().backward()
    let leaves = p.mapValues { $0.clone().requiresGrad_() }
    reference(x, leaves).sum().backward()
    for (name, parameter) in block.namedParameters().sorted(by: { $0.name < $1.name }) {
      try trial.require(
        parameter.grad != nil, "the gradient of \(name)", given: input, expected: "one", got: "none",
        meaning: "y does not depend on \(name), or the history has been cut on the way.")
      try trial.compare(
        "the gradient of \(name), for the sum of y", parameter.grad!, with: leaves[name]!.grad!, given: input)
    }
  }

  private static func network(
    _ trial: Trial, features: Int, hidden: Int, depth: Int, classes: Int
  ) throws {
    let network = ResidualNetwork(features, hidden: hidden, depth: depth, classes: classes)
    let blocks = (0..<depth).map { _ in random(features: features, hidden: hidden) }
    let (weight, bias) = (Tensor.randn(classes, features), Tensor.randn(classes))
    var all = ["head.weight": weight, "head.bias": bias]
    for (i, block) in blocks.enumerated() {
      for (name, tensor) in block { all["blocks.\(i).\(name)"] = tensor }
    }
    try load(all, into: network)
    let x = Tensor.randn(4, features)
    let features = blocks.reduce(x) { reference($0, $1) }
    func logits(_ features: Tensor) -> Tensor { linear(features, weight, bias) }
    try trial.compare(
      "the logits of the network", network(x).detach(), with: logits(features),
      given: ["x": x, "depth": depth, "classes": classes],
      mistakes: [
        Mistake("Behind the blocks the last layer is missing, `head`.", gives: features),
        Mistake("The blocks are passed by: these are the logits of x itself.", gives: logits(x)),
        Mistake(
          "The blocks are run through from the last to the first.",
          gives: logits(blocks.reversed().reduce(x) { reference($0, $1) })),
        Mistake(
          "Each block is to be given the output of the one before. These all were given x.",
          gives: logits(reference(x, blocks[depth - 1]))),
        Mistake(
          "The network gives logits; a softmax is inside crossEntropy.",
          gives: logits(features).softmax(dim: 1)),
        Mistake("The network gives logits. Nothing comes behind `head`.", gives: logits(features).relu()),
      ])
  }
}
