// How the figures of this chapter are drawn. What they show is computed in main.swift.

import DeepLearning

private func rows(_ matrix: Tensor) -> [[Double]] {
  matrix.detach().unbind().map { $0.toArray(of: Double.self) }
}

func weightsFigure(_ dense: [Double], _ attention: [[Double]]) -> Figure {
  let orders = ["1 2 3", "3 1 2", "2 3 1"]
  func panel(_ title: String, _ weights: [[Double]]) -> Figure {
    Figure(title: title)
      .heatMap(
        weights, rowLabels: orders, columnLabels: ["first", "second", "third"], decimals: 1,
        colormap: .blues, range: 0...1, key: nil
      )
      .axes(x: "place", y: "order of the pairs")
  }
  return .grid(
    title: "Fixed weights, and weights that follow",
    caption:
      "The same three pairs in three orders. A dense layer has one weight for each place, whatever stands there (left). "
      + "The weights of attention go with the pairs (right): 0.6 is always that of pair 1.",
    columns: 2, [panel("dense layer", orders.map { _ in dense }), panel("attention", attention)]
  ).size(width: 820, height: 380)
}

func scalingFigure(_ sizes: [Int], _ plain: [[Double]], _ scaled: [[Double]]) -> Figure {
  let x = sizes.map { Double($0) }
  func panel(_ title: String, _ column: Int) -> Figure {
    Figure(title: title)
      .line(x: x, y: plain.map { $0[column] }, label: "dot", color: .vermilion, markers: true)
      .line(x: x, y: scaled.map { $0[column] }, label: "scaled dot", color: .blue, markers: true)
      .logX().xTicks(sizes.map { (Double($0), "\($0)") }).legend(.below).axes(x: "features d")
  }
  return .grid(
    title: "Why scores are divided by √d",
    caption:
      "Left, the standard deviation of the scores, on logarithmic scales: √d, or 1 when divided by it. Right, the largest "
      + "of ten weights: toward 1 for large vectors, the same for all sizes when scaled.",
    columns: 2, [panel("deviation of the scores", 0).logY(), panel("largest weight", 1).yRange(0...1)]
  ).size(width: 1000, height: 420)
}

/// What was read below, what is written at the left; dark where the weight is.
func alignmentFigure(_ pair: TextPair, _ weights: [[Double]]) -> Figure {
  func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }
  return Figure(
    title: "What it looks at for each word",
    caption:
      "Each row is a word that is written; the dark cell is the English word that most of its weight lies on. Off the "
      + "diagonal, in pairs: the noun comes first in Spanish, the adjective in English."
  )
  .heatMap(
    weights, rowLabels: words(pair.target) + ["⟨end⟩"], columnLabels: words(pair.source), decimals: 2,
    colormap: .blues, range: 0...1, key: nil
  )
  .axes(x: "read", y: "written").size(width: 820, height: 560)
}

func dateAlignmentFigure(_ pair: TextPair, _ weights: [[Double]]) -> Figure {
  Figure(
    title: "What it looks at for each digit",
    caption:
      "Each row is a character that is written, each column one that is read. Year, month and day are looked for where "
      + "they stand, in the opposite order."
  )
  .heatMap(
    weights, rowLabels: pair.target.map { "\($0)" } + ["⟨end⟩"],
    columnLabels: pair.source.map { $0 == " " ? "␣" : "\($0)" }, colormap: .blues, range: 0...1, key: "weight"
  )
  .axes(x: "read", y: "written").size(width: 1000, height: 520)
}

/// One panel for each task: what the lengths count, the groups of lengths, and for the network with attention and for
/// that without, the accuracy of each run in each group.
func lengthFigure(_ tasks: (unit: String, groups: [String], runs: [[[Double]]])...) -> Figure {
  let styles = [("with attention", FigureColor.blue), ("without", .vermilion)]
  func statistics(_ runs: [[Double]]) -> [RunningAverage] {
    runs[0].indices.map { group in
      var average = RunningAverage()
      for run in runs { average.add(run[group]) }
      return average
    }
  }
  let titles = ["sentences", "dates", "random digits, to be copied"]
  let panels = zip(titles, tasks).map { title, task in
    zip(styles, task.runs).reduce(Figure(title: title)) { figure, curve in
      let averages = statistics(curve.1)
      return figure.band(
        mean: averages.map(\.mean), deviation: averages.map { $0.std(unbiased: false) }, label: curve.0.0,
        color: curve.0.1)
    }
    .xTicks(task.groups.enumerated().map { (Double($0), $1) }).yRange(0...1.02).legend(.below)
    .axes(x: task.unit, y: title == titles[0] ? "exactly right" : "")
  }
  return .grid(
    title: "Accuracy against the length of the source",
    caption:
      "The part of the test that is exactly right, for sources of different lengths, after equal training. For the "
      + "sentences mean and standard deviation over the starts, for dates and digits one start each.",
    columns: 3, panels
  ).size(width: 1100, height: 400)
}

func positionsFigure(_ positions: Tensor, _ products: Tensor) -> Figure {
  .grid(
    title: "Sinusoidal positions",
    caption:
      "Left, the vectors of 64 places, a column each: fast waves in the upper rows, slow ones in the lower. Right, the dot "
      + "product of each place with each: equal along every diagonal, largest where the distance is 0.",
    columns: 2,
    [
      Figure(title: "the vectors").heatMap(rows(positions.T), colormap: .diverging, key: nil)
        .axes(x: "place", y: "feature"),
      Figure(title: "their dot products").heatMap(rows(products), key: "").axes(x: "place", y: "place"),
    ]
  ).size(width: 1050, height: 480)
}

func headsFigure(_ weights: Tensor, _ symbols: [Int]) -> Figure {
  let names = symbols.map { "\("ABCDEF".map { $0 }[$0])" }
  return .grid(
    title: "Two heads, two neighbors",
    caption:
      "What each place (rows) looks at (columns), in both heads. One has its weight left of the diagonal, the other "
      + "right of it.",
    columns: 2,
    (0..<2).map { head in
      Figure(title: "head \(head + 1)")
        .heatMap(
          rows(weights[head]), rowLabels: names, columnLabels: names, colormap: .blues, range: 0...1, key: nil
        )
        .axes(x: "seen", y: "place")
    }
  ).size(width: 900, height: 500)
}

/// A scene and, for each word of its caption, the same scene lit where the weights are.
func captionFigure(_ scenes: GarmentScenes, _ weights: Tensor) -> Figure {
  // Each place is a window of five columns of the map, one farther to the right than the one before; a column is
  // four pixels wide.
  func lit(_ image: Tensor, _ weights: [Double]) -> [Double] {
    let columns = (0..<14).map { column in
      weights.indices.map { (0..<5).contains(column - $0) ? weights[$0] : 0 }.reduce(0, +)
    }
    return image.flatten().toArray(of: Double.self).enumerated().map { i, pixel in
      (0.25 + 0.75 * pixel) * (0.15 + 0.85 * columns[i % 56 / 4])
    }
  }
  let chosen = (0..<min(50, scenes.count)).filter { scenes.captions[$0].split(separator: " ").count == 6 }
    .prefix(3)
  var (images, captions): ([[Double]], [String]) = ([], [])
  for i in chosen {
    images.append(scenes.images(at: [i]).flatten().toArray(of: Double.self))
    captions.append("the scene")
    for (step, word) in scenes.captions[i].split(separator: " ").enumerated() {
      images.append(lit(scenes.images(at: [i]), weights[i, step].toArray(of: Double.self)))
      captions.append(String(word))
    }
  }
  return Figure(
    title: "Where it looks for each word",
    caption:
      "Three scenes that were not trained on, a row each. The first picture is the scene; in the others it is lit where "
      + "the weights are while the word below is written. It looks left for the left garment, and right for the right."
  )
  .imageGrid(images, height: 28, width: 56, columns: 7, captions: captions)
}
