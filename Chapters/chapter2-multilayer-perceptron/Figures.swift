// How the figures of this chapter are drawn. Nothing here is about learning; the lecture is main.swift.

import DeepLearning

/// Pictures of 28 × 28 pixels, five in a row; `isSigned` shows what is positive in red, negative in blue.
func pictureGrid(_ rows: [Tensor], names: [String], title: String, caption: String, isSigned: Bool = false)
  -> Figure
{
  Figure(title: title, caption: caption)
    .imageGrid(
      rows.map { $0.toArray() }, height: 28, width: 28, columns: 5, captions: names,
      colormap: isSigned ? .diverging : .gray)
}

func sizeFigure(_ sizes: [Int], training: [Double], test: [Double]) -> Figure {
  let x = sizes.map(Double.init)
  return Figure(
    title: "Accuracy against training-set size",
    caption: "Few examples are learned by heart, and the test shows it; with more, the two curves meet."
  )
  .line(x: x, y: training, label: "training set", markers: true)
  .line(x: x, y: test, label: "test set", markers: true)
  .axes(x: "training examples", y: "accuracy").logX()
}

func activationFigure(
  _ functions: [(name: String, function: (Tensor) -> Tensor)], at z: Tensor,
  slope: ((Tensor) -> Tensor, Tensor) -> Tensor
) -> Figure {
  let panels = functions.map { name, function in
    Figure(title: name)
      .line(x: z.toArray(), y: function(z).toArray(), label: "value")
      .line(x: z.toArray(), y: slope(function, z).toArray(), label: "derivative", style: .dashed)
      .axes(x: "z").yRange(-1.2...2).xRange(-4...4).legend(.none)
  }
  return .grid(
    title: "Activation functions and their derivatives",
    caption: "Solid: the value. Dashed: the derivative, which is what learning has to work with. "
      + "(The leak is drawn at 0.1, ten times its usual size.)",
    columns: 4, panels
  ).size(width: 1160, height: 560)
}

func staircaseFigure(_ target: (Tensor) -> Tensor, _ staircase: (Tensor, Int) -> Tensor) -> Figure {
  let x = Tensor.linspace(-3, 3, 1201).unsqueeze(1)
  let places = x.flatten().toArray()
  return Figure(
    title: "A function as a sum of steps",
    caption: "Each sigmoid unit contributes one step; 40 steps follow the curve twice as closely as 20."
  )
  .line(x: places, y: target(x).flatten().toArray(), label: "f", color: .gray, width: 5)
  .line(x: places, y: staircase(x, 20).flatten().toArray(), label: "20 units", color: .vermilion)
  .line(x: places, y: staircase(x, 40).flatten().toArray(), label: "40 units", color: .blue)
  .axes(x: "x", y: "y")
}

func growthFigure(_ curves: [(units: Int, loss: Double, y: Tensor)], x: Tensor, y: Tensor) -> Figure {
  let places = x.flatten().toArray()
  let panels = curves.map { curve in
    Figure(title: curve.units == 1 ? "1 unit" : "\(curve.units) units")
      .line(x: places, y: y.flatten().toArray(), color: .gray, width: 5)
      .line(x: places, y: curve.y.flatten().toArray(), color: .blue)
      .axes(x: "x", y: "y").yRange(-2...2)
  }
  let errors = Figure(title: "error")
    .line(x: curves.map { Double($0.units) }, y: curves.map(\.loss), color: .blue, markers: true)
    .axes(x: "units", y: "mean squared error").logX().logY()
  return .grid(
    title: "One hidden layer, growing",
    caption: "Gray: the function. Blue: a network with 1, 2, 4, 8 and 16 tanh units, and its error.",
    columns: 3,
    panels + [errors])
}

func outsideFigure(_ x: Tensor, target: Tensor, relu: Tensor, tanh: Tensor) -> Figure {
  let places = x.flatten().toArray()
  return Figure(
    title: "What networks say where nobody told them anything",
    caption: "Between the dashed lines, where the data was, all three agree. Outside, ReLU runs off along a "
      + "straight line, tanh levels off, and neither knows of the wave."
  )
  .line(x: places, y: target.flatten().toArray(), label: "f", color: .gray, width: 5)
  .line(x: places, y: relu.flatten().toArray(), label: "ReLU, 80", color: .blue)
  .line(x: places, y: tanh.flatten().toArray(), label: "tanh, 40 + 40", color: .vermilion)
  .verticalLine(at: -3).verticalLine(at: 3).axes(x: "x", y: "y").yRange(-6...6)
}

func regionFigure(_ points: Tensor, _ labels: Tensor, names: [String], probabilities: [Field]) -> Figure {
  let panels = zip([""] + names, [nil] + probabilities).map { name, field in
    let empty = Figure(title: field == nil ? "the training set" : name)
    return (field.map { empty.regions($0, threshold: 0.5) } ?? empty)
      .scatter(
        x: points[.all, 0].toArray(), y: points[.all, 1].toArray(), classes: labels.toArray(of: Int.self),
        size: 0.6
      )
      .axes(x: "x₁", y: "x₂").xRange(-2...3).yRange(-1.6...2.1)
  }
  return .grid(
    title: "Decision regions of five networks",
    caption:
      "From a straight boundary to a smooth curve between the moons, and with more layers to bays and islands "
      + "around single points.", columns: 3, panels
  ).size(width: 1000, height: 640)
}

func overfittingFigure(largest: Run, medium: Run) -> Figure {
  let updates = largest.training.indices.map { Double(20 * $0) }
  return Figure(
    title: "Over-fitting, watched",
    caption: "Five layers of 64 units: the training loss goes to 0 while the test loss turns and climbs. "
      + "Ten units: both losses stay much closer."
  )
  .line(x: updates, y: largest.training, label: "5 × 64, training", color: .vermilion, style: .dashed)
  .line(x: updates, y: largest.test, label: "5 × 64, test", color: .vermilion)
  .line(x: updates, y: medium.training, label: "10, training", color: .blue, style: .dashed)
  .line(x: updates, y: medium.test, label: "10, test", color: .blue)
  .axes(x: "update", y: "cross-entropy")
}

func foldingFigure(_ x: Tensor, _ folded: [Tensor]) -> Figure {
  [1, 2, 4].reduce(
    Figure(
      title: "Depth folds",
      caption: "Two ReLU units a layer. Every layer doubles the number of straight pieces.")
  ) { figure, layers in
    figure.line(
      x: x.toArray(), y: folded[layers].toArray(), label: layers == 1 ? "1 layer" : "\(layers) layers")
  }
  .axes(x: "x", y: "y")
}

func cloudFigure(_ clouds: [(name: String, points: Tensor)]) -> Figure {
  .grid(
    title: "What preprocessing does to a cloud of points",
    caption:
      "From a slanted cloud far from the origin to a round one around it. The dashed lines cross at the origin.",
    columns: 2,
    clouds.map { name, points in
      Figure(title: name)
        .scatter(x: points[.all, 0].toArray(), y: points[.all, 1].toArray(), size: 0.6)
        .horizontalLine(at: 0).verticalLine(at: 0)
        .axes(x: "first coordinate", y: "second").xRange(-9...17).yRange(-9...9)
    })
}

func raceFigure(_ races: [(name: String, losses: [Double])]) -> Figure {
  races.reduce(
    Figure(
      title: "The same model on five kinds of input",
      caption:
        "Gradient descent, each at its best of six learning rates. Pixels as they come are slow; whitened input falls "
        + "fast from the first step."
    )
  ) { figure, race in figure.line(race.losses, label: race.name) }
  .axes(x: "step", y: "training cross-entropy").yRange(0...2.4)
}
