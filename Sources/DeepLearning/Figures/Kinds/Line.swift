extension Figure {
  /// How a line is stroked.
  public enum LineStyle: Sendable { case solid, dashed, dotted }

  /// A line through `y` at 0, 1, 2, ...
  public func line(
    _ y: some Collection<some BinaryFloatingPoint>, label: String = "", color: FigureColor? = nil,
    style: LineStyle = .solid, width: Double = 2, markers: Bool = false
  ) -> Figure {
    line(
      x: (0..<y.count).map(Double.init), y: y, label: label, color: color, style: style, width: width,
      markers: markers)
  }

  /// A line through the points (x, y), in their order; with a dot on each if `markers` is set.
  public func line(
    x: some Collection<some BinaryFloatingPoint>, y: some Collection<some BinaryFloatingPoint>,
    label: String = "",
    color: FigureColor? = nil, style: LineStyle = .solid, width: Double = 2, markers: Bool = false
  ) -> Figure {
    adding(
      Line(
        x: doubles(x), y: doubles(y), label: label, color: color, style: style, width: width,
        hasMarkers: markers))
  }
}

struct Line: Layer {
  var x: [Double]
  var y: [Double]
  var label: String
  var color: FigureColor?
  var style: Figure.LineStyle
  var width: Double
  var hasMarkers: Bool

  var name: String { named("line", label) }
  var problem: LayerProblem? {
    LayerProblem("y values, one for each x", expected: x.count, found: y.count, values: y)
  }
  var legendLabels: [String] { [label] }

  var extent: Extent {
    var points = zip(x, y).map { Point(x: $0, y: $1) }
    if points.count < 60 {
      // Few points: what lies between them matters for where the legend may stand.
      points += zip(points, points.dropFirst()).flatMap { a, b in
        (1..<8).map { step in
          let share = Double(step) / 8
          return Point(x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share)
        }
      }
    }
    return Extent(points: points, kind: .data(xMargin: hasMarkers ? 0.02 : 0, yMargin: 0.05))
  }

  func draw(in panel: inout Panel) {
    let block = panel.data(x, y)
    let stroke = "lc rgb \(panel.color(color).quoted) lw \(gnuplotNumber(width)) dt \(style.dashType)"
    let mark = hasMarkers ? "linespoints \(stroke) pt 7 ps 0.55" : "lines \(stroke)"
    panel.plot("\(block) using 1:2 with \(mark)", label: label)
  }
}

extension Figure.LineStyle {
  var dashType: String {
    switch self {
    case .solid: "solid"
    case .dashed: "(10,6)"
    case .dotted: "(2,5)"
    }
  }
}
