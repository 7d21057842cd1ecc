// How the figures of this chapter are drawn. Nothing here is about learning; the lecture is main.swift.

import DeepLearning

typealias LayerSizes = (activations: [Double], gradients: [Double])

private let layerNumbers = (1...10).map(Double.init)

private func sizePanel(_ title: String, _ lines: [(name: String, values: [Double])]) -> Figure {
  lines.reduce(Figure(title: title)) { $0.line(x: layerNumbers, y: $1.values, label: $1.name, markers: true) }
    .axes(x: "layer", y: "standard deviation").logY().legend(.below)
}

func oneNumberFigure(_ widths: [Int], _ sizes: [LayerSizes]) -> Figure {
  .grid(
    title: "Weights from N(0, 0.1²) in towers of three widths",
    caption:
      "Left: on the way forward, the signal of the narrow tower halves with every layer. Right: on the way "
      + "back, from layer 10 to layer 1, its gradient does the same, and that of the widest tower grows.",
    columns: 2,
    [
      sizePanel("activations", zip(widths, sizes).map { ("\($0) units", $1.activations) }),
      sizePanel("gradients", zip(widths, sizes).map { ("\($0) units", $1.gradients) }),
    ]
  ).size(width: 1000, height: 420)
}

func initializationFigure(tanh: [(String, LayerSizes)], relu: [(String, LayerSizes)]) -> Figure {
  .grid(
    title: "Size of activations and gradients, layer by layer",
    caption: "Above: tanh. Below: ReLU. A good start keeps both level: Xavier's for tanh, He's for ReLU.",
    columns: 2,
    [("tanh", tanh), ("ReLU", relu)].flatMap { name, starts in
      [
        sizePanel("\(name): activations", starts.map { ($0.0, $0.1.activations) }),
        sizePanel("\(name): gradients", starts.map { ($0.0, $0.1.gradients) }),
      ]
    }
  ).size(width: 1000, height: 760)
}

/// A row of histograms for each start: layers 1, 4, 7 and 10, all of a row over the same interval. Where nothing is
/// negative, zeros are left out.
func histogramFigure(
  _ title: String, _ starts: [(name: String, layers: [LayerRecorder.Layer])],
  _ values: (LayerRecorder.Layer) -> Tensor
) -> Figure {
  let picks = [0, 3, 6, 9]
  let panels = starts.flatMap { name, layers in
    let all = picks.map { values(layers[$0]).toArray(of: Double.self) }
    // Zeros would dwarf all other bars.
    let isPositive = all.joined().allSatisfy { $0 >= 0 }
    let numbers = isPositive ? all.map { $0.filter { $0 > 0 } } : all
    let sizes = picks.map { values(layers[$0]).std().item() }
    let largest = numbers.joined().reduce(0) { max($0, abs($1)) }
    let bound = min(largest, 2.5 * sizes.max()!)
    return picks.indices.map { i in
      Figure(title: "\(name), layer \(picks[i] + 1)")
        .histogram(numbers[i], bins: 41, range: (isPositive ? 0 : -bound)...bound, density: true)
    }
  }
  return .grid(
    title: title,
    caption:
      "One start a row, from layer 1 on the left to layer 10 on the right; within a row all have the same "
      + "scale. Needles are signals that have died or saturated.",
    columns: picks.count, panels
  ).size(width: 1360, height: 260 * starts.count)
}

/// The mean of each stretch of ten losses.
func smoothed(_ losses: [Double], _ window: Int = 10) -> (x: [Double], y: [Double]) {
  let starts = Array(stride(from: 0, to: losses.count - window + 1, by: window))
  return (starts.map { Double($0 + window / 2) }, starts.map { Array(losses[$0..<$0 + window]).mean })
}

func curvesFigure(_ title: String, _ curves: [(name: String, losses: [Double])]) -> Figure {
  curves.reduce(
    Figure(
      title: title,
      caption:
        "The loss on the training batches, averaged over ten steps. The dashed line is ln 10, which is what "
        + "guessing costs.")
  ) { figure, curve in
    let line = smoothed(curve.losses)
    return figure.line(x: line.x, y: line.y, label: curve.name)
  }
  .line(
    x: [0, Double(curves.map(\.losses.count).max()!)], y: [ln10, ln10], color: .gray, style: .dashed,
    width: 1.2
  )
  .axes(x: "step", y: "cross-entropy")
}

/// A panel for each walk: the landscape's level lines, the path, and the goal.
func pathsFigure(
  _ title: String, _ walks: [(name: String, walk: Walk)], _ field: Field, levels: [Double],
  goal: (x: Double, y: Double)
) -> Figure {
  let panels = walks.map { name, walk in
    let places = walk.places.filter { $0.allSatisfy(\.isFinite) }
    return Figure(title: name)
      .contour(field, levels: levels, color: .gray, width: 0.8)
      .line(
        x: places.map { $0[0] }, y: places.map { $0[1] }, color: .blue, width: 1.4, markers: places.count < 60
      )
      .scatter(x: [goal.x], y: [goal.y], color: .vermilion, size: 1.6)
      .xRange(field.x).yRange(field.y).legend(.none)
  }
  return .grid(
    title: title,
    caption: "Gray: lines of equal loss. Blue: the path, step by step. The orange dot is the lowest point.",
    columns: 4, panels
  ).size(width: 1240, height: 620)
}

func fullBatchFigure(_ curves: [(name: String, losses: [Double])]) -> Figure {
  curves.reduce(
    Figure(
      title: "Full batch: loss against gradients computed",
      caption:
        "Each curve is the lowest loss so far. L-BFGS learns the curvature and leaves the others behind.")
  ) { $0.line($1.losses, label: $1.name) }
  .axes(x: "gradients computed", y: "cross-entropy").logY()
}

func schedulesFigure(_ schedules: [(name: String, rates: [Double])]) -> Figure {
  schedules.reduce(
    Figure(
      title: "Three schedules for a learning rate of 0.2",
      caption:
        "Step: a tenth every 20 epochs. Cosine: down half a wave. Warm-up: rise first, then the cosine.")
  ) { $0.line($1.rates, label: $1.name) }
  .axes(x: "epoch", y: "learning rate")
}

func depthFigure(_ depths: [Int], _ curves: [(name: String, norms: [Double])]) -> Figure {
  curves.reduce(
    Figure(
      title: "Norm of the first layer's gradient against depth",
      caption:
        "Sigmoid: a straight line down on a logarithmic axis, a constant factor a layer. ReLU stays level.")
  ) { $0.line(x: depths.map(Double.init), y: $1.norms, label: $1.name, markers: true) }
  .axes(x: "layers", y: "norm of the gradient").logY()
}

func profileFigure(_ profiles: [(name: String, sizes: [Double])]) -> Figure {
  profiles.reduce(
    Figure(
      title: "Gradient at each depth of five networks of thirty layers",
      caption:
        "From the pixels on the left to the logits on the right. Without a way around, PyTorch's start loses the "
        + "gradient on its way down; with one it arrives.")
  ) { figure, profile in
    let last = Double(profile.sizes.count)
    return figure.line(
      x: profile.sizes.indices.map { Double($0 + 1) / last }, y: profile.sizes, label: profile.name)
  }
  .axes(x: "depth", y: "standard deviation of the gradient").logY().legend(.right)
}

func ratesFigure(_ rates: [Double], _ sweep: [(name: String, losses: [Double])]) -> Figure {
  sweep.reduce(
    Figure(
      title: "Ten layers: loss at the end against the learning rate",
      caption:
        "Where a curve ends, the run has exploded or is above 3. Batch normalization bears the largest "
        + "rates.")
  ) { figure, curve in
    figure.line(x: rates, y: curve.losses.map { $0 < 3 ? $0 : .nan }, label: curve.name, markers: true)
  }
  .axes(x: "learning rate", y: "cross-entropy").logX().yRange(0...2.6)
}

func maxNormFigure(_ runs: [(name: String, run: (losses: [Double], longest: [Double]))]) -> Figure {
  func panel(_ title: String, _ values: ((losses: [Double], longest: [Double])) -> (x: [Double], y: [Double]))
    -> Figure
  {
    runs.reduce(Figure(title: title)) { figure, entry in
      let line = values(entry.run)
      return figure.line(x: line.x, y: line.y, label: entry.name)
    }
  }
  return .grid(
    title: "One bad step, with and without a leash",
    caption:
      "Left: the longest row of weights after each step. Right: the loss, averaged over five steps. "
      + "After the first hundred, one step is 500 times too long; a bound limits what it can do.",
    columns: 2,
    [
      panel("longest row") { ($0.longest.indices.map(Double.init), $0.longest) }.axes(x: "step", y: "norm")
        .logY(),
      panel("loss") { smoothed($0.losses, 5) }.axes(x: "step", y: "cross-entropy").logY(),
    ]
  ).size(width: 1000, height: 420)
}

func ridgeFigure(_ shares: [Double], _ losses: [Double]) -> Figure {
  Figure(
    title: "From a network to its twin, in a straight line",
    caption: "At both ends the weights give the same function. In between they give another, and a bad one."
  )
  .line(x: shares, y: losses, color: .blue)
  .axes(x: "share of the twin", y: "mean squared error")
}

/// The trials of two searches, by how well they did.
func searchFigure(
  _ coarse: [RandomSearch.Trial], _ fine: [RandomSearch.Trial], _ narrow: RandomSearch
) -> Figure {
  let bounds = [0.6, 0.8, 1.2]
  let names = ["below 0.6", "0.6 to 0.8", "0.8 to 1.2", "above 1.2, or exploded"]
  func panel(_ title: String, _ trials: [RandomSearch.Trial]) -> Figure {
    Figure(title: title)
      .scatter(
        x: trials.map { $0.settings["lr"]! }, y: trials.map { $0.settings["weight decay"]! },
        classes: trials.map { trial in bounds.count { !(trial.score < $0) } }, names: names, size: 1.4
      )
      .axes(x: "learning rate", y: "weight decay").logX().logY().legend(.below)
  }
  return .grid(
    title: "From coarse to fine",
    caption:
      "Each dot is a network, its color the loss on pictures not seen in training. Left: the whole range. Right: "
      + "the range of the best sixth of them, searched again.",
    columns: 2, [panel("coarse", coarse), panel("fine", fine)]
  ).size(width: 1100, height: 520)
}

func updateFigure(_ curves: [(name: String, ratios: [Double])]) -> Figure {
  curves.reduce(
    Figure(
      title: "How far a step moves the weights, relative to their size",
      caption:
        "The dashed line is one in a thousand. A rate of 3 moves the weights by more than their own size, "
        + "and between its leaps everything stands still.")
  ) { $0.line($1.ratios, label: $1.name) }
  .line(
    x: [0, Double(curves[0].ratios.count - 1)], y: [1e-3, 1e-3], color: .gray, style: .dashed, width: 1.2
  )
  .axes(x: "step", y: "‖Δθ‖ / ‖θ‖").logY().yRange(1e-5...30).legend(.right)
}

/// A run in the gallery of loss curves.
struct Exhibit {
  let name: String
  var losses: [Double] = []
  var validation: [Double] = []
}

func galleryFigure(_ exhibits: [Exhibit]) -> Figure {
  let panels = exhibits.map { exhibit in
    var figure = Figure(title: exhibit.name).line(exhibit.losses, color: .blue, width: 1.2)
    if !exhibit.validation.isEmpty { figure = figure.line(exhibit.validation, color: .vermilion) }
    // An explosion needs powers of ten; all others begin at 0, so that a plain looks like one.
    let highest = exhibit.losses.max()!
    figure = highest > 100 ? figure.logY() : figure.yRange(0...max(2.6, 1.05 * highest))
    return figure.axes(x: "step", y: "cross-entropy").legend(.none)
  }
  return .grid(
    title: "Nine runs",
    caption:
      "The loss of every batch (blue) and on unseen pictures (orange). One run is well; the "
      + "others show what is wrong with them.",
    columns: 3, panels
  ).size(width: 1200, height: 900)
}
