// How the figures of this chapter are drawn. Nothing here is about learning; the lecture is main.swift.

import DeepLearning

func degreeFigure(
  _ training: (x: Tensor, y: Tensor), fits: [(degree: Int, w: Tensor)],
  basis: (Tensor, _ degree: Int) -> Tensor
) -> Figure {
  let x = Tensor.linspace(-1, 1, 401, dtype: .float64).unsqueeze(1)
  let places = x.flatten().toArray()
  let panels = fits.map { degree, w in
    Figure(title: degree == 1 ? "degree 1" : "degree \(degree)")
      .line(x: places, y: (4 * x).sin().flatten().toArray(), color: .gray, width: 4)
      .line(x: places, y: basis(x, degree).matmul(w).flatten().toArray(), color: .blue)
      .scatter(
        x: training.x.flatten().toArray(), y: training.y.flatten().toArray(), color: .vermilion, size: 0.8
      )
      .axes(x: "x", y: "y").yRange(-2.2...2.2)
  }
  return .grid(
    title: "Too stiff, right, too flexible",
    caption:
      "Gray: the world. Orange: twenty measurements. Blue: the polynomial that fits them best. The line cannot "
      + "follow; degree 15 follows every error.", columns: 3, panels
  ).size(width: 1100, height: 400)
}

func capacityFigure(_ training: [Double], _ validation: [Double], chosen: Int) -> Figure {
  Figure(
    title: "Error against capacity",
    caption:
      "The training error falls with every degree. The validation error falls, is level for a while, and rises; "
      + "where it is lowest, the degree is chosen."
  )
  .line(training, label: "training", color: .blue, markers: true)
  .line(validation, label: "validation", color: .vermilion, markers: true)
  .horizontalLine(at: 0.0625, label: "the noise")
  .verticalLine(at: Double(chosen), label: "chosen")
  .axes(x: "degree", y: "mean squared error").logY()
}

func sizeFigure(_ sizes: [Int], _ curves: [(training: Spread, test: Spread)]) -> Figure {
  let x = sizes.map(Double.init)
  return Figure(
    title: "Accuracy against training-set size",
    caption:
      "Mean of several runs, the band one standard deviation to either side. The more pictures, the less of them is "
      + "known by heart, and the more of that holds for new ones."
  )
  .band(
    x: x, mean: curves.map(\.training.mean), deviation: curves.map(\.training.std), label: "training set",
    color: .blue
  )
  .band(
    x: x, mean: curves.map(\.test.mean), deviation: curves.map(\.test.std), label: "test set",
    color: .vermilion
  )
  .axes(x: "training examples", y: "accuracy").logX()
}

func stoppingFigure(_ losses: [(training: Double, validation: Double)], best: Int, stop: Int) -> Figure {
  let epochs = losses.indices.map { Double($0 + 1) }
  return Figure(
    title: "Early stopping",
    caption:
      "The validation loss is lowest at the first dashed line; five epochs later patience is at an end, and the "
      + "weights of the best epoch are restored. To the right is what would have come."
  )
  .line(x: epochs, y: losses.map(\.training), label: "training", color: .blue)
  .line(x: epochs, y: losses.map(\.validation), label: "validation", color: .vermilion)
  .verticalLine(at: Double(best), label: "best").verticalLine(at: Double(stop), label: "stop")
  .axes(x: "epoch", y: "cross-entropy")
}

func geometryFigure(_ loss: (Tensor) -> Tensor, lowest: Tensor, l2: Tensor, l1: Tensor) -> Figure {
  func panel(_ title: String, _ solution: Tensor, penalty: (Double, Double) -> Double) -> Figure {
    func field(_ f: (Double, Double) -> Double) -> Field {
      Field(x: -1.6...2.6, y: -1.6...2, resolution: 141, f)
    }
    let bowl = field { loss(Tensor([$0, $1])).item() }
    let (x, y) = (solution[0].item(), solution[1].item())
    let touching = loss(solution).item()
    return Figure(title: title)
      .contour(bowl, levels: [0.02, 0.1, touching, 0.5, 1, 1.7], label: "loss", color: .blue)
      .contour(field(penalty), levels: [penalty(x, y)], label: "penalty", color: .green, width: 2.5)
      .scatter(x: [lowest[0].item()], y: [lowest[1].item()], label: "lowest loss", color: .gray)
      .scatter(x: [x], y: [y], label: "solution", color: .vermilion)
      .horizontalLine(at: 0).verticalLine(at: 0)
      .axes(x: "w₁", y: "w₂").equalAspect().legend(.below)
  }
  return .grid(
    title: "Where penalty and loss agree",
    caption:
      "Lines of equal loss, and the line of equal penalty through the solution. The circle is touched somewhere, the "
      + "diamond at a corner, where one weight is 0.", columns: 2,
    [
      panel("L2", l2) { 0.5 * ($0 * $0 + $1 * $1) },
      panel("L1", l1) { abs($0) + abs($1) },
    ]
  ).size(width: 1000, height: 520)
}

func boundaryFigure(_ points: Tensor, _ labels: Tensor, _ models: [(penalty: Double, model: Module)])
  -> Figure
{
  let names = ["too weak", "right", "too strong"]
  let panels = zip(names, models).map { name, model in
    let field = Field(x: -2...3, y: -1.6...2.1, resolution: 120) { places in
      let grid = Tensor(places.map { [$0.x, $0.y] })
      return noGrad { model.model(grid).softmax(dim: 1)[.all, 1].toArray(of: Double.self) }
    }
    return Figure(title: "\(name): λ = \(model.penalty.shown(digits: nil))")
      .regions(field, threshold: 0.5)
      .scatter(
        x: points[.all, 0].toArray(), y: points[.all, 1].toArray(), classes: labels.toArray(of: Int.self),
        size: 0.7
      )
      .axes(x: "x₁", y: "x₂").xRange(-2...3).yRange(-1.6...2.1)
  }
  return .grid(
    title: "One network, three penalties",
    caption:
      "Too weak: nearly every point is on its right side, and the boundary winds. Right: a curve between the moons. "
      + "Too strong: hardly more than a line.", columns: 3, panels
  ).size(width: 1100, height: 420)
}

func penaltyFigure(_ lambdas: [Double], _ training: [Double], _ validation: [Double], chosen: Int) -> Figure {
  let x = lambdas.indices.map(Double.init)
  return Figure(
    title: "Loss against the penalty",
    caption:
      "From left to right capacity falls. The training loss rises; the validation loss falls first, and "
      + "where it is lowest, λ is chosen."
  )
  .line(x: x, y: training, label: "training", color: .blue, markers: true)
  .line(x: x, y: validation, label: "validation", color: .vermilion, markers: true)
  .verticalLine(at: Double(chosen), label: "chosen")
  .axes(x: "λ", y: "cross-entropy")
  .xTicks(lambdas.enumerated().map { (Double($0), $1.shown(digits: nil)) })
}

func sparsityFigure(_ weights: [Tensor], names: [String]) -> Figure {
  let shown = [0, 1, 5, 8, 9]
  let panels = zip(["no penalty", "L2", "L1"], weights).map { title, weights in
    Figure(title: title).imageGrid(
      shown.map { weights[$0].toArray() }, height: 28, width: 28, columns: 5,
      captions: shown.map { names[$0] },
      colormap: .diverging, scale: .perImage)
  }
  return .grid(
    title: "What penalties do to the weights of five classes",
    caption:
      "Red pixels speak for a class, blue ones against it, white ones have weight 0; each picture has its own "
      + "scale. Noise in the corners, noise that has faded, and no noise.", columns: 1, panels
  ).size(width: 900, height: 900)
}

func alterationFigure(_ images: [Tensor], _ alterations: [(name: String, alter: (Tensor) -> Tensor)])
  -> Figure
{
  let blank = [String](repeating: "", count: (images.count - 1) * alterations.count)
  return Figure(
    title: "Nine ways to look at a garment",
    caption: "Each column alters the four pictures in one way, by numbers large enough to be seen."
  )
  .imageGrid(
    images.flatMap { image in alterations.map { $0.alter(image).flatten().toArray() } }, height: 28,
    width: 28,
    columns: alterations.count, captions: blank + alterations.map(\.name)
  )
  .size(width: 1100, height: 560)
}

func variantFigure(_ variants: [Tensor]) -> Figure {
  Figure(
    title: "One picture, drawn twenty-seven times",
    caption:
      "Mirror, turn, move, scale, shear, stretch and lens, all at random: what a network sees of one picture in as "
      + "many epochs."
  )
  .imageGrid(variants.map { $0.flatten().toArray() }, height: 28, width: 28, columns: 9)
  .size(width: 1100, height: 420)
}

func valleyFigure(_ w: Tensor, loss: Tensor, worst: Tensor) -> Figure {
  Figure(
    title: "Two valleys",
    caption:
      "The loss is lowest in the narrow valley. The worst loss within half a unit is lowest in the wide one; "
      + "of the narrow one nothing is left but a wall."
  )
  .line(x: w.toArray(), y: loss.toArray(), label: "loss", color: .blue)
  .line(x: w.toArray(), y: worst.toArray(), label: "worst within 0.5", color: .vermilion, style: .dashed)
  .axes(x: "w", y: "loss")
}

func pruningFigure(_ sparsities: [Double], bySize: [Double], atRandom: [Double]) -> Figure {
  let percent = sparsities.map { 100 * $0 }
  return Figure(
    title: "Taking weights away",
    caption:
      "Test accuracy of a trained network without further training. The small weights are hardly missed; random ones "
      + "are missed at once."
  )
  .line(x: percent, y: bySize, label: "smallest first", color: .blue, markers: true)
  .line(x: percent, y: atRandom, label: "at random", color: .vermilion, markers: true)
  .axes(x: "weights removed, percent", y: "test accuracy").yRange(0...1)
}

func ticketFigure(_ levels: [Double], _ contests: [Contest], whole: Spread) -> Figure {
  let left = levels.map { 100 * (1 - $0) }
  func band(_ figure: Figure, _ label: String, _ color: FigureColor, _ result: (Round) -> Double) -> Figure {
    let spreads = levels.indices.map { level in Spread(contests.map { result($0.rounds[level]) }) }
    return figure.band(
      x: left, mean: spreads.map(\.mean), deviation: spreads.map(\.std), label: label, color: color)
  }
  let empty = Figure(
    title: "The lottery ticket",
    caption:
      "Test accuracy after equal training, mean of \(contests.count) contests with a band of one standard deviation. "
      + "The ticket keeps its own start; the others have the same mask and redrawn weights."
  )
  let ticket = band(empty, "ticket: own start", .blue) { $0.ticket.after }
  let redrawn = band(ticket, "redrawn", .vermilion) { $0.redrawn.after }
  return band(redrawn, "redrawn, rescaled", .green) { $0.rescaled.after }
    .line(
      x: [left.last!, left[0]], y: [whole.mean, whole.mean], label: "all weights", color: .gray,
      style: .dashed
    )
    .axes(x: "weights left, percent", y: "test accuracy").logX()
    .xTicks(left.map { ($0, $0.shown(digits: 0)) }).legend(.bottomRight)
}
