// How the figures of this chapter are drawn. What they show is computed in main.swift.

import DeepLearning

/// The elements of a picture, for an image grid.
private func pixels(_ x: Tensor) -> [Double] { x.detach().flatten().toArray(of: Double.self) }

/// Two unrolled networks: the source below the states of the encoder, the target around those of the decoder.
func encoderDecoderFigure(_ source: [String], _ target: [String]) -> Figure {
  let digits = ["₀", "₁", "₂", "₃", "₄"]
  func box(_ id: String, _ word: String) -> Figure.Node { Figure.Node(id, label: word, color: .gray) }
  func state(_ name: String, _ t: Int, _ color: FigureColor) -> Figure.Node {
    Figure.Node("\(name)\(t)", label: name + digits[t], shape: .circle, color: color)
  }
  var nodes: [Figure.Node] = []
  var edges: [Figure.Edge] = []
  for (t, word) in source.enumerated() {
    nodes += [box("x\(t + 1)", word), state("h", t + 1, .blue)]
    edges.append(Figure.Edge("x\(t + 1)", "h\(t + 1)"))
    if t > 0 { edges.append(Figure.Edge("h\(t)", "h\(t + 1)")) }
  }
  nodes.append(Figure.Node("c", label: "c", shape: .circle, color: .vermilion))
  edges += [Figure.Edge("h\(source.count)", "c"), Figure.Edge("c", "s1")]
  nodes.append(box("y0", "START"))
  for (t, word) in (target + ["END"]).enumerated() {
    nodes += [state("s", t + 1, .green), box("y\(t + 1)", word)]
    edges += [Figure.Edge("y\(t)", "s\(t + 1)"), Figure.Edge("s\(t + 1)", "y\(t + 1)")]
    if t > 0 { edges.append(Figure.Edge("s\(t)", "s\(t + 1)")) }
  }
  return Figure(
    title: "Encoder and decoder, unrolled",
    caption:
      "From left to right: the encoder's states h read the source. The last of them is the context c, the "
      + "decoder's first state. Each decoder state s reads the word before and writes the next."
  )
  .graph(nodes: nodes, edges: edges)
}

/// The tree of all continuations that a beam has looked at; what it kept is blue.
func beamTreeFigure(
  _ levels: [[(words: [String], logP: Double)]],
  _ continuations: ((words: [String], logP: Double)) -> [(words: [String], logP: Double)]
) -> Figure {
  func id(_ words: [String]) -> String { (["START"] + words).joined(separator: " ") }
  var nodes = [Figure.Node("START", color: .blue)]
  var edges: [Figure.Edge] = []
  var parents: [(words: [String], logP: Double)] = [([], 0)]
  for level in levels {
    let kept = Set(level.map { id($0.words) })
    for parent in parents {
      for child in continuations(parent) {
        let name = id(child.words)
        nodes.append(
          Figure.Node(
            name, label: "\(child.words.last!) \(child.logP.shown(digits: 1))",
            color: kept.contains(name) ? .blue : .gray))
        edges.append(Figure.Edge(id(parent.words), name))
      }
    }
    parents = level
  }
  return Figure(
    title: "A beam of two",
    caption:
      "Every word with the sum of logarithms of the sentence up to it. Blue is what was kept, gray what was "
      + "looked at and dropped. Only kept hypotheses are continued."
  )
  .graph(nodes: nodes, edges: edges)
}

func bottleneckFigure(
  _ widths: [Int], _ lengths: [Int], _ curves: [[Double]], _ bins: [ClosedRange<Int>], _ dates: [Double]
) -> Figure {
  let copied = zip(widths, curves).reduce(Figure(title: "digits, copied")) { figure, curve in
    figure.line(x: lengths.map(Double.init), y: curve.1, label: "\(curve.0) units", markers: true)
  }
  .legend(.below).yRange(0...1.02).axes(x: "digits", y: "exact match")
  let middles = bins.map { Double($0.lowerBound + $0.upperBound) / 2 }
  let read = Figure(title: "dates, read")
    .line(x: middles, y: dates, label: "unseen dates", color: .black, markers: true)
    .legend(.below).yRange(0...1.02).axes(x: "characters", y: "")
  return .grid(
    title: "What fits through one vector",
    caption:
      "Exact matches against the length of the source. Left, random digits, with contexts of three sizes: each curve "
      + "falls, a wider one later. Right, dates, which say no more when they take more characters.",
    columns: 2, [copied, read]
  ).size(width: 1000, height: 430)
}

func reconstructionsFigure(_ pictures: Tensor, _ drawn: [Tensor], _ names: [String]) -> Figure {
  let order = [pictures] + drawn
  let columns = 8
  return Figure(
    title: "Through a narrow place",
    caption:
      "Rows: the pictures; then " + names.joined(separator: "; ")
      + ". Two numbers keep the kind of garment, sixteen its shape; none keeps the fine print."
  )
  .imageGrid(
    order.flatMap { set in (0..<columns).map { pixels(set[$0].clamp(min: 0, max: 1)) } }, height: 28,
    width: 28, columns: columns)
}

func latentPlaneFigure(_ planes: [Tensor], _ labels: [Int], _ classes: [String]) -> Figure {
  let panels = zip(["PCA", "autoencoder"], planes).map { name, codes in
    Figure(title: name).scatter(
      x: codes[.all, 0].toArray(of: Double.self), y: codes[.all, 1].toArray(of: Double.self),
      classes: labels, names: classes, size: 0.8
    )
    .legend(.below).axes(x: "first number", y: "second number")
  }
  return .grid(
    title: "Codes of two numbers",
    caption:
      "Each point is a test picture, colored by its class, which neither method was told. Both keep shoes apart "
      + "from the rest; the autoencoder also separates kinds that PCA lays upon each other.", columns: 2,
    panels
  ).size(width: 1100, height: 640)
}

func decodedPlaneFigure(_ drawn: Tensor) -> Figure {
  Figure(
    title: "The plane, drawn by the decoder",
    caption:
      "A grid of codes, and the picture that the decoder makes of each. Neighbors are alike; one kind of garment "
      + "turns into another."
  )
  .imageGrid((0..<drawn.shape[0]).map { pixels(drawn[$0]) }, height: 28, width: 28, columns: 8)
}

func denoisingFigure(_ pictures: Tensor, _ cleaned: [Tensor]) -> Figure {
  Figure(
    title: "Pictures, cleaned",
    caption:
      "Rows: the pictures; with noise; cleaned by a plain autoencoder; by one that has practiced on noise."
  )
  .imageGrid(
    ([pictures] + cleaned).flatMap { set in (0..<8).map { pixels(set[$0]) } }, height: 28, width: 28,
    columns: 8)
}

func fewLabelsFigure(_ counts: [Int], _ results: [[RunningAverage]], _ names: [String]) -> Figure {
  names.indices.reduce(
    Figure(
      title: "A classifier on few labels",
      caption:
        "Mean over several draws of the labeled pictures, and one standard deviation to either side. The encoder "
        + "of the first two has seen thousands of pictures without labels.")
  ) { figure, way in
    figure.band(
      x: counts.map(Double.init), mean: results.map { $0[way].mean },
      deviation: results.map { $0[way].std() },
      label: names[way])
  }
  .logX().xTicks(counts.map { (Double($0), "\($0)") }).axes(x: "labels for each class", y: "test accuracy")
}

func captionsFigure(_ exams: [GarmentScenes], _ captions: [[String]]) -> Figure {
  let panels = zip(["familiar pairs", "new pairs"], zip(exams, captions)).map { name, pair in
    Figure(title: name).imageGrid(
      (0..<8).map { pixels(pair.0[$0].image) }, height: 28, width: 56, columns: 2,
      captions: (0..<8).map { (pair.1[$0] == pair.0.captions[$0] ? "" : "✗ ") + pair.1[$0] })
  }
  return .grid(
    title: "What it says of scenes that it has not seen",
    caption: "The first eight scenes of each test. A cross marks a caption that is wrong.", columns: 2, panels
  ).size(width: 1100, height: 560)
}
