import DeepLearning

// How this chapter's figures are put together. What they show is computed in main.swift.

/// Network A: in each unit its value and its error term.
func drawing(
  ofNetworkAWith values: (x: Double, h1: Double, h2: Double, z: Double, cost: Double),
  errorTerms: (h1: Double, h2: Double, z: Double)
) -> Figure {
  func unit(_ name: String, _ value: Double, _ delta: Double) -> Figure.Node {
    Figure.Node(
      name, label: "\(name)\n\(value.shown(digits: 4))\nδ \(signed(delta, digits: 4))", shape: .circle)
  }
  return Figure(
    title: "Network A: values forward, error terms backward",
    caption:
      "In each unit its value, and below it the derivative of the cost by its sum. Read the values from "
      + "left to right and the error terms from right to left."
  )
  .graph(
    nodes: [
      Figure.Node("x", label: "x\n\(values.x)", shape: .circle, color: .gray),
      unit("h₁", values.h1, errorTerms.h1), unit("h₂", values.h2, errorTerms.h2),
      unit("z", values.z, errorTerms.z),
      Figure.Node("E", label: "cost E\n\(values.cost.shown(digits: 4))", color: .vermilion),
    ],
    edges: [
      Figure.Edge("x", "h₁", label: "w₁"), Figure.Edge("x", "h₂", label: "w₂"),
      Figure.Edge("h₁", "z", label: "wₒ₁"), Figure.Edge("h₂", "z", label: "wₒ₂"), Figure.Edge("z", "E"),
    ])
}

func drawing(ofTimes forward: [Double], _ backward: [Double], widths: [Int]) -> Figure {
  let x = widths.map { Double($0) }
  return Figure(
    title: "The backward pass costs a small multiple of the forward pass",
    caption: "The two lines run side by side: the factor between them does not grow with the network."
  )
  .line(x: x, y: forward, label: "forward", markers: true)
  .line(x: x, y: backward, label: "backward", markers: true)
  .logX().logY().xTicks(widths.map { (Double($0), "\($0)") })
  .axes(x: "width of the three layers", y: "milliseconds for 256 examples")
}

/// Relative errors of three difference quotients, for each step.
func drawing(ofErrors oneSided: [Double], _ central: [Double], _ float: [Double], steps: [Double]) -> Figure {
  Figure(
    title: "A smaller step is better, until rounding takes over",
    caption:
      "From right to left, each curve falls while the formula's own error shrinks with h, and rises again "
      + "when the two costs agree in so many digits that little but rounding is left of their difference."
  )
  .line(x: steps, y: oneSided, label: "one-sided, 64 bits")
  .line(x: steps, y: central, label: "central, 64 bits")
  .line(x: steps, y: float, label: "central, 32 bits")
  .logX().logY().axes(x: "step h", y: "relative error")
}

/// Costs and accuracies of two runs, noted at every tenth iteration.
func drawing(ofRuns uniform: TrainingRun, _ he: TrainingRun, ignorance: Double) -> Figure {
  let x = uniform.costs.indices.map { Double($0 * 10) }
  let cost = Figure(title: "Cost")
    .line(x: x, y: uniform.costs, label: "uniform (−1, 1)").line(x: x, y: he.costs, label: "He")
    .horizontalLine(at: ignorance).logY().axes(x: "iteration", y: "cross-entropy")
  let accuracy = Figure(title: "Accuracy")
    .line(x: x, y: uniform.accuracies, label: "uniform (−1, 1)").line(x: x, y: he.accuracies, label: "He")
    .yRange(0...1).legend(.bottomRight).axes(x: "iteration", y: "share of pictures recognized")
  return .grid(
    title: "Two starts, the same steps",
    caption:
      "Left, the cost: from the uniform start it begins high, since the network is sure and wrong; the "
      + "dashed line is the cost of knowing nothing, ln 10. Right, the accuracy.",
    columns: 2, [cost, accuracy])
}

/// The weights of the hidden units as pictures, one row for each network.
func drawing(ofWeightsOf networks: [(title: String, network: Parameters)]) -> Figure {
  let rows = networks.map { title, network in
    let weights = network.w1.array
    return Figure(title: title).imageGrid(
      (0..<10).map { Array(weights[$0 * 784..<($0 + 1) * 784]) }, height: 28, width: 28, columns: 10,
      colormap: .diverging, scale: .perImage)
  }
  return .grid(
    title: "The weights of the ten hidden units after training",
    caption: "Above, noise: what was drawn at the start. Below, most units have become a template of some "
      + "garments (red) against others (blue).",
    columns: 1, rows)
}

/// Images that were taken for something else, under each its true and its predicted class.
func drawing(of mistakes: [Mistake], in images: ByteImages, classes: [String]) -> Figure {
  Figure(
    title: "Mistakes on the test set (true, predicted)",
    caption: "Most confusions are between things that look alike. The classes are "
      + classes.enumerated().map { "\($0) \($1)" }.joined(separator: ", ") + "."
  )
  .imageGrid(
    mistakes.map { images[$0.index] }, height: 28, width: 28, columns: 8,
    captions: mistakes.map { "(\($0.label), \($0.prediction))" })
}

/// The graph behind a value: in each box the operation or the name, the value, and the derivative.
func drawing(ofHistoryOf result: Value) -> Figure {
  let nodes = result.history.enumerated().map { i, value in
    Figure.Node(
      "\(i)", label: "\(value.name)\n\(signed(value.data, digits: 3))\n∂ \(signed(value.grad, digits: 3))",
      color: value.inputs.isEmpty ? .gray : .blue)
  }
  return Figure(
    title: "Network A as the tape sees it",
    caption:
      "Each box holds an operation or a name, its value, and the derivative of the cost by it. Gray boxes "
      + "are inputs and parameters."
  )
  .graph(nodes: nodes, edges: result.edges.map { Figure.Edge("\($0.from)", "\($0.to)") })
}

func drawing(of graph: AutogradGraph) -> Figure {
  let nodes = graph.nodes.enumerated().map { i, node in
    Figure.Node("\(i)", label: node.label, color: node.isLeaf ? .gray : .blue)
  }
  return Figure(
    title: "One pass of the network 784-10-10 in the library",
    caption:
      "Gray boxes are the parameters, the others operations on whole batches. Their number does not depend "
      + "on the size of the batch."
  )
  .graph(nodes: nodes, edges: graph.edges.map { Figure.Edge("\($0.from)", "\($0.to)") })
}

/// A number with a minus sign instead of a hyphen.
private func signed(_ number: Double, digits: Int) -> String {
  (number < 0 ? "−" : "") + number.magnitude.shown(digits: digits)
}
