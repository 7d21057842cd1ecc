// The chapter's figures. What they show is computed in main.swift; here it is only laid out.

import DeepLearning

private let square = -1.0...1.0

extension Tensor {
  fileprivate var values: [Double] { detach().toArray(of: Double.self) }
  /// Labels as class indices.
  fileprivate var classes: [Int] { toArray(of: Int.self) }
  fileprivate func column(_ j: Int) -> [Double] { self[.all, j].values }
}

/// w₁x₁ + w₂x₂ + w₃, whose zeros are the boundary.
private func predictor(_ w: Tensor, x: ClosedRange<Double>, y: ClosedRange<Double>) -> Field {
  let w = w.values
  return Field(x: x, y: y, resolution: 160) { w[0] * $0 + w[1] * $1 + w[2] }
}

// MARK: 1.1 and 1.2

func meanFunctionsFigure() -> Figure {
  let z = Tensor.linspace(-4, 4, 81)
  let drawn = Tensor.rand(60) * 8 - 4
  let measured = drawn + 0.8 * Tensor.randn(60)
  let happened = (Tensor.rand(60) .< drawn.sigmoid()).to(.float32)
  let classes = stack([z, Tensor.zeros(81), Tensor.full([81], -1.5)], dim: 1).softmax(dim: 1)
  var softmax = Figure(title: "Softmax: one of three")
  for (k, name) in ["A", "B", "C"].enumerated() {
    softmax = softmax.line(x: z.values, y: classes.column(k), label: name)
  }
  return Figure.grid(
    title: "Three mean functions",
    caption: "Each curve turns the linear predictor z into the mean of the answer; dots are drawn answers.",
    columns: 3,
    [
      Figure(title: "Identity: a measurement")
        .scatter(x: drawn.values, y: measured.values, color: .sky)
        .line(x: z.values, y: z.values, color: .blue)
        .axes(x: "linear predictor z", y: "mean µ"),
      Figure(title: "Sigmoid: yes or no")
        .scatter(x: drawn.values, y: happened.values, color: .sky)
        .line(x: z.values, y: z.sigmoid().values, color: .blue)
        .axes(x: "linear predictor z", y: "probability of 1"),
      softmax.axes(x: "linear predictor z of class A", y: "probability").legend(.below),
    ]
  ).size(width: 1200, height: 420)
}

func halfPlanesFigure() -> Figure {
  let gates: [(name: String, w: [Double], labels: [Int])] = [
    ("or: bias −0.5", [1, 1, -0.5], [0, 1, 1, 1]),
    ("and: bias −1.5", [1, 1, -1.5], [0, 0, 0, 1]),
    ("not and: all signs reversed", [-1, -1, 1.5], [1, 1, 1, 0]),
  ]
  let panels = gates.map { name, w, labels in
    // The arrow starts on the line, where x₁ = x₂ = −b / 2w₁.
    let middle = -w[2] / (2 * w[0])
    return Figure(title: name)
      .regions(predictor(Tensor(w), x: -0.6...1.6, y: -0.6...1.6), threshold: 0)
      .scatter(x: [0.0, 0, 1, 1], y: [0.0, 1, 0, 1], classes: labels, names: ["0", "1"], size: 1.6)
      .arrows(
        [(from: (x: middle, y: middle), to: (x: middle + 0.25 * w[0], y: middle + 0.25 * w[1]))],
        color: .black
      )
      .axes(x: "x₁", y: "x₂").xRange(-0.6...1.6).yRange(-0.6...1.6).equalAspect().legend(.below)
  }
  return Figure.grid(
    title: "Three neurons with a step",
    caption: "The weights are an arrow across the boundary; the neuron answers 1 on the side it points to.",
    columns: 3, panels
  ).size(width: 1200, height: 460)
}

// MARK: 1.3 and 1.4

/// The quantities of Novikoff's proof after k = 0, 1, 2, ... mistakes.
struct MistakeBoundProof {
  let progress, floor, length, ceiling: [Double]

  init(of run: PerceptronRun, radius: Double, margin: Double, separator: Tensor) {
    progress = run.weights.map { $0.dot(separator).item() }
    floor = run.weights.indices.map { Double($0) * margin }
    length = run.weights.map { $0.norm().item() }
    ceiling = run.weights.indices.map { Double($0).squareRoot() * radius }
  }
}

func mistakeBoundFigure(_ proof: MistakeBoundProof, radius: Double, margin: Double) -> Figure {
  let bound = radius * radius / (margin * margin)
  let k = (1..<proof.length.count).map(Double.init)
  return Figure(
    title: "Why the mistakes must end",
    caption: "The run is caught between the two gray lines, and they meet where k is the bound (R/γ)²."
  )
  .line(
    x: [1, bound], y: [radius, bound.squareRoot() * radius], label: "√k R", color: .gray, style: .dashed
  )
  .line(x: k, y: Array(proof.length.dropFirst()), label: "length of w", color: .blue)
  .line(x: k, y: Array(proof.progress.dropFirst()), label: "w*ᵀw", color: .vermilion)
  .line(x: [1, bound], y: [margin, bound * margin], label: "kγ", color: .gray, style: .dotted)
  .verticalLine(at: bound, label: "bound")
  .axes(x: "mistakes k", y: "length").logX().logY().xRange(1...4 * bound).legend(.below)
}

func boundariesFigure(_ x: Tensor, _ y: Tensor, _ run: PerceptronRun) -> Figure {
  // One panel for each mistake; of more than fifteen the first fourteen and the last.
  let count = run.weights.count - 1
  let shown = count <= 15 ? Array(1...count) : Array(1...14) + [count]
  let columns = shown.count <= 6 ? 3 : shown.count <= 8 ? 4 : 5
  let rows = (shown.count + columns - 1) / columns
  let panels = shown.map { k in
    let n = run.mistakes[k - 1]
    let title = k == count ? "after mistake \(k), the last" : "after mistake \(k)"
    return Figure(title: title)
      .regions(predictor(run.weights[k], x: square, y: square), threshold: 0)
      .scatter(x: x.column(0), y: x.column(1), classes: y.classes, size: 0.7)
      .scatter(x: [x[n, 0].item()], y: [x[n, 1].item()], color: .black, size: 1.4)
      .axes(x: "x₁", y: "x₂").xRange(square).yRange(square).equalAspect()
  }
  return Figure.grid(
    title: "The boundary after each mistake",
    caption:
      "The large black dot is the example that was wrong; each panel shows the line after its correction.",
    columns: columns, panels
  ).size(width: 1200, height: 1150 / columns * rows + 60)
}

func trialsFigure(_ trials: [(bound: Double, mistakes: Int)]) -> Figure {
  let bounds = trials.map(\.bound)
  let ends = [bounds.min()!, bounds.max()!]
  return Figure(
    title: "Mistakes against the bound",
    caption:
      "Each dot is a run of the perceptron on new points; all lie under the line where mistakes = (R/γ)²."
  )
  .scatter(x: bounds, y: trials.map { Double(max(1, $0.mistakes)) }, label: "a run", color: .blue)
  .line(x: ends, y: ends, label: "mistakes = bound", color: .gray, style: .dashed)
  .axes(x: "bound (R/γ)²", y: "mistakes made").logX().logY().legend(.topLeft)
}

func xorFigure(_ inputs: Tensor, _ y: Tensor, _ cycle: [Tensor]) -> Figure {
  let panels = cycle.enumerated().map { k, w in
    let text = w.toArray(of: Int.self).map { $0 < 0 ? "−\(-$0)" : "\($0)" }.joined(separator: ", ")
    return Figure(title: "w = (\(text))")
      .regions(predictor(w, x: -0.6...1.6, y: -0.6...1.6), threshold: 0)
      .scatter(x: inputs.column(0), y: inputs.column(1), classes: y.classes, names: ["0", "1"], size: 1.6)
      .axes(x: "x₁", y: "x₂").xRange(-0.6...1.6).yRange(-0.6...1.6).equalAspect().legend(.below)
  }
  return Figure.grid(
    title: "Exclusive or: round and round",
    caption:
      "One pass of the perceptron over exclusive or, correction by correction; the last returns to the start.",
    columns: cycle.count, panels
  ).size(width: 300 * cycle.count, height: 400)
}

// MARK: 1.5 and 1.6

func coinFigure(_ p: Tensor, _ likelihood: Tensor, _ nll: Tensor) -> Figure {
  Figure.grid(
    title: "Seven heads in ten falls",
    caption: "The likelihood is highest, and the negative log-likelihood lowest, at p = 0.7.", columns: 2,
    [
      Figure(title: "Likelihood").line(x: p.values, y: likelihood.values).verticalLine(
        at: 0.7, label: "p = 0.7"
      )
      .axes(x: "probability of heads p", y: "L(p)"),
      Figure(title: "Negative log-likelihood").line(x: p.values, y: nll.values)
        .verticalLine(at: 0.7, label: "p = 0.7")
        .axes(x: "probability of heads p", y: "E(p)").yRange(5...20),
    ]
  ).size(width: 1000, height: 420)
}

func gumbelFitFigure(_ x: Tensor, _ path: [(mu: Tensor, beta: Tensor)]) -> Figure {
  let range = -4.0...18.0
  let grid = Tensor.linspace(range.lowerBound, range.upperBound, 300)
  func density(_ mu: Double, _ beta: Double) -> [Double] {
    let u = (grid - mu) / beta
    return ((-u - (-u).exp()).exp() / beta).values
  }
  let last = path[path.count - 1]
  return Figure(
    title: "A Gumbel density fitted by gradient descent",
    caption: "The bars are the sample; the fit has moved from the dotted start onto the true density."
  )
  .histogram(x.values, bins: 44, range: range, density: true, label: "sample", color: .sky)
  .line(
    x: grid.values, y: density(path[0].mu.item(), path[0].beta.item()), label: "start", color: .gray,
    style: .dotted
  )
  .line(x: grid.values, y: density(3, 2), label: "true: µ = 3, β = 2", color: .black, style: .dashed)
  .line(x: grid.values, y: density(last.mu.item(), last.beta.item()), label: "fit", color: .vermilion)
  .axes(x: "x", y: "density").legend(.topRight)
}

func gumbelDescentFigure(
  _ x: Tensor, _ path: [(mu: Tensor, beta: Tensor)], _ nll: (Tensor, Tensor, Tensor) -> Tensor
)
  -> Figure
{
  let landscape = Field(x: -0.5...5, y: 0.8...4, resolution: 60) { nll(x, Tensor($0), Tensor($1)).item() }
  let last = path[path.count - 1]
  let tenth = stride(from: 0, to: path.count, by: 10).map { path[$0] }
  return Figure(
    title: "The way down",
    caption: "Lines of equal loss over location and scale, and the path of gradient descent to the minimum."
  )
  .contour(landscape, levels: [2.32, 2.35, 2.4, 2.46, 2.55, 2.7, 2.9, 3.2, 3.6, 4.2, 5, 7])
  .line(
    x: path.map { $0.mu.item() }, y: path.map { $0.beta.item() }, label: "gradient descent", color: .vermilion
  )
  .scatter(
    x: tenth.map { $0.mu.item() }, y: tenth.map { $0.beta.item() }, label: "every ten steps",
    color: .vermilion
  )
  .scatter(x: [3.0], y: [2.0], label: "true µ and β", color: .black, size: 1.4)
  .scatter(x: [last.mu.item()], y: [last.beta.item()], label: "fit", color: .orange, size: 1.4)
  .axes(x: "location µ", y: "scale β").equalAspect().legend(.right)
}

// MARK: 1.7 and 1.8

func oneFeatureFigure(_ feature: Tensor, _ y: Tensor, _ w: Tensor, _ b: Tensor, _ names: [String]) -> Figure {
  let names = names.map { $0.lowercased() }
  let grid = Tensor.linspace(feature.min().item(), feature.max().item(), 200)
  // The labels are spread a little up and down, so that dots do not hide each other.
  let spread = y[0..<600] + 0.08 * (Tensor.rand(600) - 0.5)
  return Figure(
    title: "How probable is label 1 (\(names[1]))?",
    caption: "Dots are pictures, below \(names[0]), above \(names[1]); the curve is the neuron's answer."
  )
  .scatter(
    x: feature[0..<600].values, y: spread.values, classes: y[0..<600].classes, names: names, size: 0.6
  )
  .line(
    x: grid.values, y: (w.item() * grid + b.item()).sigmoid().values, label: "σ(wx + b)", color: .black
  )
  .verticalLine(at: -b.item() / w.item(), label: "p = 0.5")
  .axes(x: "brightness of the upper ten rows, standardized", y: "probability").legend(.right)
}

func ringsFigure(
  _ points: Tensor, _ labels: Tensor, before: (w: Tensor, b: Tensor), _ phi: Tensor,
  after: (w: Tensor, b: Tensor)
) -> Figure {
  let plane = -2.6...2.6
  let (x1, x2, classes) = (points.column(0), points.column(1), labels.classes)
  let (w, b) = (after.w.item(), after.b.item())
  let flat = predictor(cat([before.w, before.b.reshape(1)]), x: plane, y: plane)
  let names = ["inner", "outer"]
  func inPlane(_ figure: Figure) -> Figure {
    figure.scatter(x: x1, y: x2, classes: classes, names: names, size: 0.7)
      .axes(x: "x₁", y: "x₂").xRange(plane).yRange(plane).equalAspect().legend(.below)
  }
  return Figure.grid(
    title: "Two rings before and after a feature map",
    caption:
      "A line in the plane fails (top right); a line in φ = x₁² + x₂² (bottom left) is a circle in the plane.",
    columns: 2,
    [
      inPlane(Figure(title: "The data")),
      inPlane(Figure(title: "Logistic regression on x₁ and x₂").regions(flat, threshold: 0)),
      Figure(title: "The data after the map, and the boundary")
        .regions(Field(x: plane, y: 0...7) { _, phi in w * phi + b }, threshold: 0)
        .scatter(x: x1, y: phi.column(0), classes: classes, names: names, size: 0.7)
        .axes(x: "x₁", y: "φ = x₁² + x₂²").xRange(plane).yRange(0...7).legend(.below),
      inPlane(
        Figure(title: "The same boundary in the plane")
          .regions(Field(x: plane, y: plane) { w * ($0 * $0 + $1 * $1) + b }, threshold: 0)),
    ]
  ).size(width: 900, height: 960)
}

// MARK: 1.9

func lossesFigure() -> Figure {
  let z = Tensor.linspace(-6, 6, 241)
  return Figure(
    title: "The loss of an example with label 1",
    caption:
      "The logistic loss keeps its slope where the neuron is sure and wrong (left); the squared error levels off."
  )
  .line(x: z.values, y: (-z).softplus().values, label: "logistic loss")
  .line(x: z.values, y: ((z.sigmoid() - 1) ** 2).values, label: "(σ(z) − 1)²")
  .line(x: z.values, y: ((z - 1) ** 2).values, label: "(z − 1)²")
  .line(x: z.values, y: (z .<= 0).to(.float32).values, label: "mistake or not", color: .gray, style: .dashed)
  .axes(x: "linear predictor z", y: "loss").yRange(0...6.5).legend(.right)
}

func badStartFigure(_ logistic: [Double], _ squared: [Double]) -> Figure {
  Figure(
    title: "From a bad start",
    caption: "Only a positive weight gives right answers; the squared error has no slope to follow."
  )
  .line(logistic, label: "logistic loss")
  .line(squared, label: "squared error")
  .axes(x: "steps of gradient descent", y: "weight w").horizontalLine(at: 0).legend(.right)
}

func tooRightFigure(
  _ x: Tensor, _ y: Tensor, line: (slope: Tensor, height: Tensor), sigmoid: (w: Tensor, b: Tensor)
) -> Figure {
  let grid = Tensor.linspace(-2, 13, 400)
  return Figure(
    title: "Too right for least squares",
    caption: "The three far examples tilt the straight line, so that it crosses one half too late."
  )
  .line(
    x: grid.values, y: (line.slope * grid + line.height).values, label: "least squares", color: .vermilion
  )
  .line(
    x: grid.values, y: (sigmoid.w * grid + sigmoid.b).sigmoid().values, label: "logistic regression",
    color: .blue
  )
  .scatter(x: x.values, y: y.values, label: "labels", color: .black)
  .horizontalLine(at: 0.5, label: "one half")
  .axes(x: "x", y: "answer").legend(.right)
}

// MARK: 1.10

func shoesFigure(_ x: Tensor, _ y: Tensor, _ names: [String]) -> Figure {
  let captions = y[0..<16].classes.map { names[$0] }
  return Figure(title: "What there is to tell apart", caption: "The first 16 pictures of the training set.")
    .imageGrid(x[0..<16].rows, height: 28, width: 28, columns: 8, captions: captions)
}

func learningCurveFigure(_ history: [(step: Int, train: Double, test: Double)]) -> Figure {
  let steps = history.map { Double($0.step) }
  return Figure(
    title: "Learning to tell shoes apart",
    caption: "Accuracy on pictures learned from and on pictures not seen rise together."
  )
  .line(x: steps, y: history.map(\.train), label: "training set")
  .line(x: steps, y: history.map(\.test), label: "test set")
  .axes(x: "steps of gradient descent", y: "accuracy").legend(.bottomRight)
}

func weightsFigure(_ w: Tensor, _ names: [String]) -> Figure {
  let image = w.reshape(28, 28)
  return Figure(
    title: "The 784 weights as a picture",
    caption:
      "Red pixels speak for label 1 (\(names[1])), blue ones for label 0 (\(names[0])); white ones do not matter."
  )
  .heatMap((0..<28).map { image[$0].values }, colormap: .diverging, key: "weight")
  .axes(x: "column", y: "row")
  .size(width: 620, height: 560)
}

func mistakesFigure(_ x: Tensor, _ y: Tensor, _ p: Tensor, _ names: [String]) -> Figure {
  let captions = zip(y.classes, p.values).map { label, p in
    "\(names[label]), p = \((p * 1000).rounded() / 1000)"
  }
  return Figure(
    title: "The worst mistakes",
    caption: "Under each picture what it is, and the neuron's probability that it is \(names[1])."
  )
  .imageGrid(x.rows, height: 28, width: 28, columns: 4, captions: captions)
}

extension Tensor {
  fileprivate var rows: [[Double]] { (0..<shape[0]).map { self[$0].values } }
}
