import DeepLearning

// How this chapter's figures are put together. What they show is computed in main.swift.

/// The elements of a picture, for an image grid.
private func pixels(_ x: Tensor) -> [Double] { x.detach().flatten().toArray(of: Double.self) }

/// The scene and what each kernel makes of it.
func filterFigure(_ scene: Tensor, _ filtered: [(name: String, picture: Tensor)]) -> Figure {
  let (height, width) = (scene.size(1), scene.size(2))
  func panel(_ name: String, _ picture: Tensor) -> Figure {
    let isSlope = name.hasPrefix("Sobel")
    return Figure(title: name).imageGrid(
      [pixels(isSlope ? picture : picture.clamp(min: 0, max: 1))], height: height, width: width, columns: 1,
      colormap: isSlope ? .diverging : .gray)
  }
  return .grid(
    title: "One scene, five kernels",
    caption:
      "Both blurs lose the patterns of the fabrics; sharpening exaggerates them. Sobel's kernels show where it "
      + "gets brighter (one color) or darker (the other) from left to right and from top to bottom.",
    columns: 3, [panel("the scene", scene)] + filtered.map { panel($0.name, $0.picture) }
  ).size(width: 1100, height: 700)
}

func matrixFigure(_ small: Tensor, _ large: Tensor) -> Figure {
  func rows(_ matrix: Tensor) -> [[Double]] { (0..<matrix.size(0)).map { pixels(matrix[$0]) } }
  return .grid(
    title: "A convolution as a matrix",
    caption:
      "Left, three numbers sliding over six. Right, a kernel of 3 × 3 on a picture of 6 × 6: each row is one window; "
      + "white is 0. The same nine numbers stand in every row; within each block, and from block to block, they repeat "
      + "along diagonals.",
    columns: 2,
    [
      Figure(title: "one dimension").heatMap(rows(small), colormap: .diverging, key: nil)
        .axes(x: "input", y: "output"),
      Figure(title: "two dimensions").heatMap(rows(large), colormap: .diverging, key: nil)
        .axes(x: "input pixel", y: "output pixel"),
    ])
}

func equivarianceFigure(_ pictures: [Tensor]) -> Figure {
  let titles = ["a garment", "moved", "its vertical edges", "edges of the moved garment"]
  return .grid(
    title: "What moves in the picture moves in the result",
    caption:
      "Three pixels down, five to the right; what leaves on one side comes in on the other. The edges make the same move.",
    columns: 4,
    zip(titles, pictures).enumerated().map { i, pair in
      Figure(title: pair.0).imageGrid(
        [pixels(pair.1)], height: 28, width: 28, columns: 1, colormap: i < 2 ? .gray : .diverging)
    }
  ).size(width: 1000, height: 330)
}

func receptiveFieldFigure(_ seen: [Tensor], _ fields: [Int]) -> Figure {
  let names = ["convolution", "pooling", "second convolution", "second pooling"]
  return Figure(
    title: "What one unit sees of the picture",
    caption:
      "How much a unit in the middle depends on each of the 32 × 32 pixels: the number of paths between the two. The "
      + "field grows from layer to layer, and its rim counts less than its center, since fewer paths lead there."
  )
  .imageGrid(
    seen.map(pixels), height: 32, width: 32, columns: 4,
    captions: zip(names, fields).map { "\($0): \($1) × \($1)" }, scale: .perImage)
}

func raceFigure(_ widths: [Int], _ times: [[Double]]) -> Figure {
  let x = widths.map { Double($0) }
  return Figure(
    title: "The same multiplications, in three programs",
    caption:
      "Both scales are logarithmic. The more channels and filters, the more the matrix product gains on the loops."
  )
  .line(x: x, y: times.map { $0[0] }, label: "six loops", markers: true)
  .line(x: x, y: times.map { $0[1] }, label: "im2col and one product", markers: true)
  .line(x: x, y: times.map { $0[2] }, label: "the library", markers: true)
  .logX().logY().xTicks(widths.map { (Double($0), "\($0)") })
  .axes(x: "channels, and filters", y: "milliseconds for a picture")
}

func confusionFigure(_ confusion: ConfusionMatrix) -> Figure {
  Figure(
    title: "What was taken for what",
    caption:
      "Rows are true classes, columns answers; numbers are test pictures. What looks alike is confused: the "
      + "block of shirts and pullovers, the block of shoes."
  )
  .heatMap(
    confusion.counts.map { $0.map { Double($0) } }, rowLabels: confusion.classNames,
    columnLabels: confusion.classNames, decimals: 0, colormap: .blues, key: nil
  )
  .axes(x: "answer", y: "true class").size(width: 900, height: 700)
}

func mistakesFigure(_ set: ImageDataset, _ places: [Int], _ answers: [Int]) -> Figure {
  Figure(
    title: "The mistakes it was most sure of (true, answer)",
    caption: "Classes: "
      + set.classes.enumerated().map { "\($0) \($1)" }.joined(separator: ", ") + "."
  )
  .imageGrid(
    places.map { pixels(set.images[$0]) }, height: 28, width: 28, columns: 8,
    captions: places.map { "(\(set.labels[$0]), \(answers[$0]))" })
}

func kernelFigure(_ kernels: Tensor) -> Figure {
  Figure(
    title: "The six kernels of the first layer, learned",
    caption: "White is 0. Where a kernel has two sides of opposite color, it looks for an edge between them."
  )
  .imageGrid(
    (0..<kernels.size(0)).map { pixels(kernels[$0]) }, height: kernels.size(2), width: kernels.size(3),
    columns: 6,
    captions: (0..<kernels.size(0)).map { "filter \($0 + 1)" }, colormap: .diverging)
}

func featureMapFigure(_ picture: Tensor, _ first: Tensor, _ second: Tensor) -> Figure {
  func panel(_ title: String, _ maps: Tensor, columns: Int) -> Figure {
    Figure(title: title).imageGrid(
      (0..<maps.size(0)).map { pixels(maps[$0]) }, height: maps.size(1), width: maps.size(2),
      columns: columns,
      scale: .perImage)
  }
  return .grid(
    title: "One picture in the eyes of the network",
    caption:
      "Left the picture, in the middle the first layer's maps, right the second layer's. Bright is where a filter has found "
      + "something.",
    columns: 3,
    [
      panel("the picture", picture, columns: 1), panel("first layer", first, columns: 2),
      panel("second layer", second, columns: 4),
    ])
}

func movedFigure(_ moves: [Int], _ accuracies: [[Double]]) -> Figure {
  let x = moves.map { Double($0) }
  return Figure(
    title: "When the garment is not in the middle",
    caption:
      "Accuracy on test pictures that were pushed to the right. Both networks were trained on centered garments."
  )
  .line(x: x, y: accuracies[0], label: "convolutional", markers: true)
  .line(x: x, y: accuracies[1], label: "dense, as many parameters", markers: true)
  .axes(x: "pixels to the right", y: "test accuracy")
}

func transferFigure(_ counts: [Int], _ results: [[RunningAverage]], _ names: [String]) -> Figure {
  let x = counts.map { Double($0) }
  let figure = Figure(
    title: "Five new digits from a few labels",
    caption:
      "Mean over several draws of the labels, and one standard deviation to either side. The body was trained on five other "
      + "digits."
  )
  return names.indices.reduce(figure) { figure, way in
    figure.band(
      x: x, mean: results.map { $0[way].mean }, deviation: results.map { $0[way].std() }, label: names[way])
  }
  .logX().xTicks(counts.map { (Double($0), "\($0)") }).axes(x: "labels for each class", y: "test accuracy")
}
