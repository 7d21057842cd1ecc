// How the figures of this chapter are drawn. What they show is computed in main.swift.

import DeepLearning

/// An unrolled network: inputs below the states in the order of reading, states in a row, outputs behind.
func unrolledFigure(steps: Int) -> Figure {
  let times = 1...steps
  let digits = ["₀", "₁", "₂", "₃", "₄", "₅", "₆"]
  func node(_ name: String, _ t: Int, _ color: FigureColor) -> Figure.Node {
    Figure.Node("\(name)\(t)", label: name + digits[t], shape: .circle, color: color)
  }
  let nodes =
    [node("h", 0, .blue)]
    + times.flatMap { [node("x", $0, .gray), node("h", $0, .blue), node("o", $0, .vermilion)] }
  let edges = times.flatMap { t in
    [
      Figure.Edge("x\(t)", "h\(t)", label: "U"), Figure.Edge("h\(t - 1)", "h\(t)", label: "W"),
      Figure.Edge("h\(t)", "o\(t)", label: "V"),
    ]
  }
  return Figure(
    title: "A recurrent network, unrolled",
    caption:
      "From left to right: each state h is made of the state before it, through W, and of an input x, through U. "
      + "Each output o is made of a state, through V. The same three matrices serve at every step."
  )
  .graph(nodes: nodes, edges: edges)
}

func freeRunningFigure(
  _ truth: Tensor, _ forced: Tensor, _ free: Tensor, _ forcedErrors: [Double], _ freeErrors: [Double]
) -> Figure {
  let ahead = forcedErrors.indices.map { Double($0 + 1) }
  func first(_ x: Tensor) -> [Double] { x[.all, 0, 0].toArray(of: Double.self) }
  let curves = Figure(title: "One stretch of the series")
    .line(x: ahead, y: first(truth), label: "measured", color: .gray)
    .line(x: ahead, y: first(forced), label: "forced", color: .blue)
    .line(x: ahead, y: first(free), label: "free running", color: .vermilion)
    .legend(.below).axes(x: "steps ahead", y: "value")
  let errors = Figure(title: "Error over forty stretches")
    .line(x: ahead, y: forcedErrors, label: "forced", color: .blue)
    .line(x: ahead, y: freeErrors, label: "free running", color: .vermilion)
    .legend(.below).axes(x: "steps ahead", y: "root mean square error")
  return .grid(
    title: "Corrected at every step, and left alone",
    caption:
      "Left, forecasts that always read the true value before them (blue) stay on the series; forecasts that read "
      + "their own outputs (orange) lose it by and by. Right, the errors: the same at the first step, then apart.",
    columns: 2, [curves, errors]
  ).size(width: 1000, height: 430)
}

func gradientNormsFigure(_ radii: [Double], _ linear: [[Double]], _ squashed: [[Double]]) -> Figure {
  func panel(_ title: String, _ norms: [[Double]]) -> Figure {
    zip(radii, norms).reduce(Figure(title: title)) { figure, line in
      figure.line(line.1, label: "ρ = \(line.0)")
    }
    .logY().legend(.below).axes(x: "steps back", y: "length of the gradient")
  }
  return .grid(
    title: "Gradients fade or explode with distance",
    caption:
      "The length of the gradient against how many steps back it is taken, relative to the last step. Left, without "
      + "tanh: straight lines of slope ln ρ. Right, with tanh: every line is lower, and the explosion is tamed.",
    columns: 2, [panel("linear", linear), panel("with tanh", squashed)]
  ).size(width: 1000, height: 430)
}

func costFigure(_ lengths: [Int], _ costs: [(nodes: Int, bytes: Int, milliseconds: Double)]) -> Figure {
  let x = lengths.map(Double.init)
  func panel(_ title: String, _ unit: String, _ values: [Double], _ color: FigureColor) -> Figure {
    Figure(title: title).line(x: x, y: values, color: color, markers: true)
      .axes(x: "length of the sequence", y: unit)
  }
  return .grid(
    title: "Backpropagation through time costs in proportion to time",
    caption:
      "Memory held for the way back, and the time of a forward and a backward pass, against the length. Both are "
      + "straight lines; the times waver with whatever else the machine does.",
    columns: 2,
    [
      panel("memory", "megabytes", costs.map { Double($0.bytes) / 1_048_576 }, .blue),
      panel("time", "milliseconds", costs.map(\.milliseconds), .green),
    ]
  ).size(width: 1000, height: 400)
}

func constantErrorFigure(_ biases: [Double], _ paths: [[Double]]) -> Figure {
  zip(biases, paths).reduce(
    Figure(
      title: "The gradient along the cell state",
      caption:
        "With the forget gate nearly open (bias 5) the gradient still has seven tenths of its length after 50 steps; "
        + "half open (bias 0) it halves at every step.")
  ) { figure, line in
    figure.line(Array(line.1[...50]), label: "bias \(Int(line.0))")
  }
  .logY().axes(x: "steps back", y: "∂c / ∂c")
}

func recallFigure(_ lags: [Int], _ networks: [(name: String, accuracies: [[Double]])]) -> Figure {
  func statistics(_ values: [Double]) -> RunningAverage {
    var average = RunningAverage()
    for value in values { average.add(value) }
    return average
  }
  let panels = networks.enumerated().map { i, network in
    let runs = network.accuracies.map(statistics)
    return Figure(title: network.name)
      .band(
        x: lags.map(Double.init), mean: runs.map(\.mean), deviation: runs.map { $0.std(unbiased: false) },
        color: .series(i)
      )
      .horizontalLine(at: 0.25).logX().xTicks(lags.map { (Double($0), "\($0)") }).yRange(0...1.05)
      .axes(x: "lag", y: i == 0 ? "accuracy" : "")
  }
  return .grid(
    title: "Which symbol came first?",
    caption:
      "Accuracy against the lag: the mean over several starts, and a band of one standard deviation. The plain RNN "
      + "falls toward guessing (dashed); LSTM and GRU stay at the top.", columns: 3, panels
  ).size(width: 1000, height: 380)
}

func perplexityFigure(_ history: [(step: Int, perplexity: Double)], counting: [Double]) -> Figure {
  let names = ["single characters", "pairs", "triples"]
  return zip(names, counting).reduce(
    Figure(
      title: "Learning to write",
      caption:
        "Perplexity on paragraphs that are not trained on. The dashed lines are models that count characters, pairs "
        + "and triples; the network passes one after the other."
    )
    .line(x: history.map { Double($0.step) }, y: history.map(\.perplexity), label: "LSTM", color: .blue)
  ) { figure, model in
    figure.horizontalLine(at: model.1, label: model.0)
  }
  .logY().axes(x: "step", y: "perplexity")
}

func wavesFigure(_ waves: Tensor, past: Int, _ forecasts: [Tensor]) -> Figure {
  let panels = (0..<4).map { i in
    let wave = waves[.all, i, 0].toArray(of: Double.self)
    let later = (past..<wave.count).map(Double.init)
    return zip(["taught on", "weaned"], zip([FigureColor.blue, .vermilion], forecasts)).reduce(
      Figure().line(wave, label: "measured", color: .gray)
    ) { figure, forecast in
      let (name, (color, values)) = forecast
      return figure.line(x: later, y: values[.all, i, 0].toArray(of: Double.self), label: name, color: color)
    }
    .verticalLine(at: Double(past)).yRange(-2...2).legend(i < 2 ? .none : .below).axes(x: "step", y: "value")
  }
  return .grid(
    title: "Four waves that the networks had not seen",
    caption:
      "Up to the dashed line both networks, of the first start, read the measured values; after it they read "
      + "their own forecasts. The weaned one (orange) keeps closer to the gray curve, on the mean of all waves.",
    columns: 2, panels
  ).size(width: 1000, height: 760)
}

func rowsReadFigure(_ accuracies: [Double]) -> Figure {
  Figure(
    title: "What is it? Accuracy after each row",
    caption:
      "The classifier reads pictures from the top. After a few rows it knows more than chance (dashed), after half "
      + "the picture most of what it will know at the end."
  )
  .line(x: accuracies.indices.map { Double($0 + 1) }, y: accuracies, markers: true)
  .horizontalLine(at: 0.1).yRange(0...1).axes(x: "rows read", y: "accuracy")
}

/// A text in lines of at most 76 characters; its own line breaks are shown as ¶.
func wrapped(_ text: String) -> String {
  var lines = [""]
  for word in text.replacing("\n", with: " ¶ ").split(separator: " ", omittingEmptySubsequences: false) {
    if lines[lines.count - 1].count + word.count > 76 { lines.append("") }
    lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
  }
  return lines.map { "  " + $0 }.joined(separator: "\n")
}
