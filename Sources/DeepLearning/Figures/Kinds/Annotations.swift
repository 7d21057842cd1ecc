extension Figure {
  /// A horizontal line across the plot, for a bound or a target.
  public func horizontalLine(at y: Double, label: String = "", color: FigureColor = .gray) -> Figure {
    adding(ReferenceLine(value: y, isHorizontal: true, label: label, color: color))
  }

  /// A vertical line through the plot, for an event.
  public func verticalLine(at x: Double, label: String = "", color: FigureColor = .gray) -> Figure {
    adding(ReferenceLine(value: x, isHorizontal: false, label: label, color: color))
  }

  /// Text at a point of the plot.
  public func text(_ text: String, x: Double, y: Double, color: FigureColor = .black) -> Figure {
    adding(Annotation(text: text, place: Point(x: x, y: y), color: color))
  }

  /// Arrows, each from a point to a point.
  public func arrows(
    _ arrows: [(from: (x: Double, y: Double), to: (x: Double, y: Double))], label: String = "",
    color: FigureColor? = nil, width: Double = 1.6
  ) -> Figure {
    adding(
      Arrows(
        from: arrows.map { Point(x: $0.from.x, y: $0.from.y) },
        to: arrows.map { Point(x: $0.to.x, y: $0.to.y) },
        label: label, color: color, width: width))
  }
}

struct ReferenceLine: Layer {
  var value: Double
  var isHorizontal: Bool
  var label: String
  var color: FigureColor

  var name: String { named(isHorizontal ? "horizontal line" : "vertical line", label) }
  var problem: LayerProblem? { value.isFinite ? nil : .empty }

  /// The line is to be seen, so the axis it crosses reaches it; along itself it asks for nothing.
  var extent: Extent {
    let point = isHorizontal ? Point(x: .nan, y: value) : Point(x: value, y: .nan)
    return Extent(points: [point], kind: .passive)
  }

  func draw(in panel: inout Panel) {
    let (from, to) =
      isHorizontal
      ? ("graph 0, first \(value)", "graph 1, first \(value)")
      : ("first \(value), graph 0", "first \(value), graph 1")
    panel.set("arrow from \(from) to \(to) nohead front lw 1.4 dt (8,5) lc rgb \(color.quoted)")
    guard !label.isEmpty else { return }
    // Above the line's right end, or beside the line's foot.
    let place =
      isHorizontal
      ? "at graph 0.99, first \(value) right offset 0,0.6" : "at first \(value), graph 0.04 left offset 0.6,0"
    panel.set("label \(gnuplotQuoted(label)) \(place) front tc rgb \(color.darker.quoted)")
  }
}

struct Annotation: Layer {
  var text: String
  var place: Point
  var color: FigureColor

  var name: String { named("text", text) }
  var problem: LayerProblem? { place.x.isFinite && place.y.isFinite ? nil : .empty }
  var extent: Extent { Extent(points: [place], kind: .passive) }

  func draw(in panel: inout Panel) { panel.text(text, x: place.x, y: place.y, color: color) }
}

struct Arrows: Layer {
  var from: [Point]
  var to: [Point]
  var label: String
  var color: FigureColor?
  var width: Double

  var name: String { named("arrows", label) }
  var problem: LayerProblem? {
    LayerProblem("arrows", expected: from.count, found: from.count, values: (from + to).map(\.x))
  }
  var legendLabels: [String] { [label] }
  var extent: Extent { Extent(points: from + to, kind: .data(xMargin: 0.05, yMargin: 0.05)) }

  func draw(in panel: inout Panel) {
    let block = panel.data(from.map(\.x), from.map(\.y), to.map(\.x), to.map(\.y))
    let stroke = "lw \(gnuplotNumber(width)) lc rgb \(panel.color(color).quoted)"
    panel.plot(
      "\(block) using 1:2:($3-$1):($4-$2) with vectors head filled size screen 0.012,18 fixed \(stroke)",
      label: label)
  }
}

extension FigureColor {
  /// Dark enough for text.
  var darker: FigureColor {
    FigureColor(red: red * 3 / 4, green: green * 3 / 4, blue: blue * 3 / 4)
  }
}
