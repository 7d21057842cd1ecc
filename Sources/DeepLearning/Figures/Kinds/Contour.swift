extension Figure {
  /// Lines of equal value, from dark (low) to light (high) unless a color is given.
  ///
  /// - Parameters:
  ///   - levels: the values; twelve from smallest to largest if left out, evenly spaced.
  ///   - label: for the legend.
  public func contour(
    _ field: Field, levels: [Double]? = nil, label: String = "", color: FigureColor? = nil,
    width: Double = 1.4
  ) -> Figure {
    adding(Contour(field: field, requestedLevels: levels, label: label, color: color, width: width))
  }

  /// The values of a function of the plane as colors.
  ///
  /// - Parameter key: the name of the color scale; nil shows no scale.
  public func colorField(
    _ field: Field, colormap: FigureColormap = .sequential, range: ClosedRange<Double>? = nil,
    key: String? = ""
  ) -> Figure {
    adding(ColorField(field: field, colormap: colormap, range: range, key: key))
  }
}

struct Contour: Layer {
  var field: Field
  var requestedLevels: [Double]?
  var label: String
  var color: FigureColor?
  var width: Double

  private var levels: [Double] {
    if let requestedLevels { return requestedLevels }
    guard let range = finiteRange(field.values) else { return [] }
    let step = (range.upperBound - range.lowerBound) / 13
    return (1...12).map { range.lowerBound + Double($0) * step }
  }

  var name: String { named("contour", label) }
  var problem: LayerProblem? { levels.isEmpty ? .empty : field.problem }
  var legendLabels: [String] { [label] }
  var isBackground: Bool { true }
  var extent: Extent { Extent(points: field.corners, kind: .frame) }

  func draw(in panel: inout Panel) {
    let last = Double(max(levels.count - 1, 1))
    let lines = levels.enumerated().map { index, level in
      (level, color ?? FigureColormap.sequential.color(at: 0.88 * Double(index) / last))
    }
    panel.levelLines(of: field, lines, width: width, label: label)
  }
}

struct ColorField: Layer {
  var field: Field
  var colormap: FigureColormap
  var range: ClosedRange<Double>?
  var key: String?

  var name: String { "color field" }
  var problem: LayerProblem? { field.problem }
  var isBackground: Bool { true }
  var extent: Extent { Extent(points: field.corners, kind: .frame) }

  func draw(in panel: inout Panel) {
    panel.commands(["unset grid"])
    panel.palette(
      colormap, limits: colormap.limits(of: range ?? finiteRange(field.values) ?? 0...1), key: key)
    let block = panel.data(field.values, columns: field.columns)
    panel.plot("\(field.matrixClause(block)) with image")
  }

  func ascii(width: Int, height: Int) -> String? {
    let limits = colormap.limits(of: range ?? finiteRange(field.values) ?? 0...1)
    let shares = field.values.map { ($0 - limits.lowerBound) / (limits.upperBound - limits.lowerBound) }
    // The field's first row is the lowest.
    let rows = stride(from: field.rows - 1, through: 0, by: -1).flatMap { row in
      shares[(row * field.columns)..<((row + 1) * field.columns)]
    }
    let step = max(1, (2 * field.columns + width - 1) / max(width, 2))
    return characterRamp(rows, rows: field.rows, columns: field.columns, step: step).joined(separator: "\n")
  }
}

extension Panel {
  /// Lets gnuplot trace where `field` takes each value, and draws what it found. The field's numbers are in
  /// `block` if they stand in the script already.
  mutating func levelLines(
    of field: Field, _ levels: [(value: Double, color: FigureColor)], width: Double, label: String = "",
    block: String? = nil
  ) {
    let grid = block ?? data(field.values, columns: field.columns)
    // gnuplot complains of a line that is nowhere, as where a model gives every place the same class.
    let range = finiteRange(field.values) ?? 0...0
    let levels = levels.filter { range.lowerBound < $0.value && $0.value < range.upperBound }
    let traced = levels.indices.map { "\(grid)level\($0 + 1)" }
    commands(["set contour base", "unset surface"])
    for (level, name) in zip(levels, traced) {
      commands([
        "set cntrparam levels discrete \(level.value)", "set table \(name)",
        "splot \(field.matrixClause(grid))", "unset table",
      ])
    }
    commands(["unset contour", "set surface"])
    for (index, level) in levels.enumerated() {
      let stroke = "with lines lc rgb \(level.color.quoted) lw \(gnuplotNumber(width))"
      plot("\(traced[index]) using 1:2 \(stroke)", label: index == 0 ? label : "")
    }
  }
}
