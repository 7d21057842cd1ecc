extension Figure {
  /// A line through `mean` with a pale band of `deviation` on either side.
  ///
  /// - Parameter x: where the values stand; 0, 1, 2, ... if left out.
  public func band(
    x: [Double]? = nil, mean: some Collection<some BinaryFloatingPoint>,
    deviation: some Collection<some BinaryFloatingPoint>, label: String = "", color: FigureColor? = nil
  ) -> Figure {
    let mean = doubles(mean)
    return adding(
      Band(
        x: x ?? mean.indices.map(Double.init), mean: mean, deviation: doubles(deviation), label: label,
        color: color))
  }
}

struct Band: Layer {
  var x: [Double]
  var mean: [Double]
  var deviation: [Double]
  var label: String
  var color: FigureColor?

  var name: String { named("band", label) }
  var problem: LayerProblem? {
    LayerProblem("means, one for each x", expected: x.count, found: mean.count, values: mean)
      ?? LayerProblem(
        "deviations, one for each mean", expected: mean.count, found: deviation.count, values: mean)
  }
  var legendLabels: [String] { [label] }
  var extent: Extent {
    let points = mean.indices.flatMap { index in
      [
        Point(x: x[index], y: mean[index] - deviation[index]), Point(x: x[index], y: mean[index]),
        Point(x: x[index], y: mean[index] + deviation[index]),
      ]
    }
    return Extent(points: points, kind: .data(xMargin: 0, yMargin: 0.05))
  }

  func draw(in panel: inout Panel) {
    let block = panel.data(x, mean, deviation)
    let color = panel.color(color).quoted
    if panel.isText {
      panel.plot("\(block) using 1:($2-$3) with dots")
      panel.plot("\(block) using 1:($2+$3) with dots")
    } else {
      panel.plot(
        "\(block) using 1:($2-$3):($2+$3) with filledcurves fc rgb \(color) fs transparent solid 0.2 noborder"
      )
    }
    panel.plot("\(block) using 1:2 with lines lc rgb \(color) lw 2", label: label)
  }
}
