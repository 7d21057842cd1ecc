extension Figure {
  /// How often values fall into each of `bins` intervals of equal width.
  ///
  /// - Parameters:
  ///   - range: the interval that is divided; from the smallest to the largest finite value if left out.
  ///   - density: scales the bars to a total area of 1, so that samples of different size compare.
  public func histogram(
    _ values: some Collection<some BinaryFloatingPoint>, bins: Int = 40, range: ClosedRange<Double>? = nil,
    density: Bool = false, label: String = "", color: FigureColor? = nil
  ) -> Figure {
    adding(
      Histogram(
        values: doubles(values), bins: bins, range: range, isDensity: density, label: label, color: color))
  }
}

struct Histogram: Layer {
  /// The middle and height of every bar.
  let bars: [Point]
  let width: Double
  let label: String
  let color: FigureColor?

  init(
    values: [Double], bins: Int, range: ClosedRange<Double>?, isDensity: Bool, label: String,
    color: FigureColor?
  ) {
    (self.label, self.color) = (label, color)
    let count = max(1, bins)
    guard let whole = range ?? finiteRange(values), (whole.upperBound - whole.lowerBound).isFinite else {
      (self.bars, width) = ([], 0)
      return
    }
    let low = whole.lowerBound < whole.upperBound ? whole.lowerBound : whole.lowerBound - 0.5
    let span = whole.lowerBound < whole.upperBound ? whole.upperBound - low : 1
    let width = span / Double(count)
    var counts = [Int](repeating: 0, count: count)
    var total = 0
    for value in values where value >= low && value <= low + span {
      counts[min(Int((value - low) / width), count - 1)] += 1
      total += 1
    }
    let scale = isDensity && total > 0 ? 1 / (Double(total) * width) : 1
    bars =
      total == 0
      ? [] : counts.enumerated().map { Point(x: low + (Double($0) + 0.5) * width, y: Double($1) * scale) }
    self.width = width
  }

  var name: String { named("histogram", label) }
  var problem: LayerProblem? { bars.isEmpty ? .empty : nil }
  var legendLabels: [String] { [label] }
  var extent: Extent {
    let points = bars.flatMap { bar in
      [-0.5, 0.5].flatMap { side in [0, 0.5, 1].map { Point(x: bar.x + side * width, y: bar.y * $0) } }
    }
    return Extent(points: points, kind: .data(xMargin: 0.01, yMargin: 0.05))
  }

  func draw(in panel: inout Panel) {
    let block = panel.data(bars.map(\.x), bars.map(\.y))
    let isAlone = panel.layers.filter { $0 is Histogram }.count == 1
    // Several histograms show through each other.
    let fill =
      panel.isText
      ? "" : isAlone ? " fs solid 0.85 border lc rgb '#ffffff'" : " fs transparent solid 0.5 noborder"
    panel.plot(
      "\(block) using 1:2:(\(width)) with boxes lc rgb \(panel.color(color).quoted)\(fill)", label: label)
  }
}
