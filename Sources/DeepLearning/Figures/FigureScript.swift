import CGnuplot

#if canImport(Glibc)
  import Glibc
#endif

/// What the script draws to.
enum FigureTarget: Equatable {
  /// `<name>.svg` next to the script.
  case svg(name: String)
  /// Characters on standard output.
  case text(width: Int, height: Int)

  var isText: Bool {
    if case .text = self { return true }
    return false
  }
}

/// A whole gnuplot script: terminal, data, and one plot per panel in the course's theme.
struct FigureScript {
  let figure: Figure
  let target: FigureTarget
  private let subfigures: [Figure]
  private let panels: [Panel]
  private let size: PixelSize

  /// Checks the figure's data and lets its layers draw themselves.
  init(_ figure: Figure, target: FigureTarget) throws(FigureError) {
    self.figure = figure
    self.target = target
    subfigures = figure.panels.isEmpty ? [figure] : figure.panels
    for subfigure in subfigures { try subfigure.validate(in: figure) }

    let panelSize: PixelSize
    if figure.panels.isEmpty {
      panelSize = figure.naturalSize
      size = panelSize
    } else {
      panelSize = Self.panelSize(of: figure)
      let rows = (figure.panels.count + figure.panelColumns - 1) / figure.panelColumns
      let titleHeight = figure.title.isEmpty ? 0 : Theme.gridTitleHeight
      size =
        figure.requestedSize
        ?? PixelSize(
          width: Double(figure.panelColumns) * panelSize.width,
          height: Double(rows) * panelSize.height + titleHeight)
    }

    let isText = target.isText
    panels = subfigures.enumerated().map { index, subfigure in
      let layers = subfigure.layers.filter(\.isBackground) + subfigure.layers.filter { !$0.isBackground }
      let prefix = figure.panels.isEmpty ? "data" : "panel\(index + 1)data"
      var panel = Panel(size: panelSize, layers: layers, isText: isText, blockPrefix: prefix)
      for index in layers.indices {
        panel.current = index
        layers[index].draw(in: &panel)
      }
      return panel
    }
  }

  /// All panels of a grid have one size: narrower the more there are in a row, and as high as the highest
  /// needs.
  private static func panelSize(of figure: Figure) -> PixelSize {
    let rows = Double((figure.panels.count + figure.panelColumns - 1) / figure.panelColumns)
    let titleHeight = figure.title.isEmpty ? 0 : Theme.gridTitleHeight
    if let whole = figure.requestedSize {
      return PixelSize(
        width: whole.width / Double(figure.panelColumns), height: (whole.height - titleHeight) / rows)
    }
    let width = [800, 460, 370, 300][min(figure.panelColumns, 4) - 1] as Double
    let heights = figure.panels.map { panel in
      let natural = panel.naturalSize
      let isPlain = panel.layers.allSatisfy { $0.naturalSize == nil }
      return isPlain ? width * (panel.axes.isEqual ? 0.9 : 0.78) : width * natural.height / natural.width
    }
    return PixelSize(width: width, height: heights.max() ?? width * 0.78)
  }

  /// Writes the script to a new file at `path`.
  func write(to path: String) throws(FigureError) {
    guard let script = gnuplot_script_open(path) else {
      throw .cannotWrite(path: path, reason: systemMessage(errno))
    }
    for line in opening { gnuplot_script_command(script, line) }
    for block in panels.flatMap(\.blocks) {
      gnuplot_script_data(script, block.name, block.values, block.values.count / block.columns, block.columns)
    }
    for line in plots { gnuplot_script_command(script, line) }
    let error = gnuplot_script_close(script)
    if error != 0 { throw .cannotWrite(path: path, reason: systemMessage(error)) }
  }

  private var opening: [String] {
    var lines: [String] = []
    for text in [figure.title, figure.caption] where !text.isEmpty {
      // Without backslashes: one at its end would make the next line part of the comment.
      lines += text.split(separator: "\n").map { "# " + $0.filter { !$0.isNewline && $0 != "\\" } }
    }
    lines.append("set encoding utf8")
    switch target {
    case .text(let width, let height):
      lines.append("set terminal dumb mono noenhanced size \(width),\(height)")
    case .svg(let name):
      lines.insert("# Draw it again: gnuplot \(name).gp", at: lines.count - 1)
      let dimensions = "\(gnuplotNumber(size.width.rounded())),\(gnuplotNumber(size.height.rounded()))"
      lines.append(
        "set terminal svg noenhanced rounded size \(dimensions) background '#ffffff'"
          + " font '\(Theme.font),\(Theme.fontSize)'"
      )
      // The picture goes where the script is, wherever gnuplot was started.
      lines.append("here = ''")
      lines.append(
        "if (exists('ARG0')) { do for [i = 1:strlen(ARG0)] { if (ARG0[i:i] eq '/') { here = ARG0[1:i] } } }")
      lines.append("set output here.\(gnuplotQuoted(name + ".svg"))")
    }
    return lines
  }

  private var plots: [String] {
    var lines: [String] = []
    if !figure.panels.isEmpty {
      let rows = (figure.panels.count + figure.panelColumns - 1) / figure.panelColumns
      let title =
        figure.title.isEmpty
        ? ""
        : " title \(gnuplotQuoted(figure.title)) font '\(Theme.font),\(Theme.titleSize)' tc rgb '#222222'"
      lines.append("set multiplot layout \(rows),\(figure.panelColumns)\(title)")
    }
    for (subfigure, panel) in zip(subfigures, panels) {
      if !figure.panels.isEmpty { lines.append("reset") }
      lines += Theme.commands(isText: target.isText)
      lines += subfigure.axisCommands(for: panel, isAlone: figure.panels.isEmpty)
      lines += panel.settings
      if !panel.clauses.isEmpty {
        lines.append(
          "plot \(panel.isSampled ? "sample " : "")\\\n  " + panel.clauses.joined(separator: ", \\\n  "))
      } else if !panel.surfaceClauses.isEmpty {
        lines.append("splot \\\n  " + panel.surfaceClauses.joined(separator: ", \\\n  "))
      } else {
        // Text and shapes alone still need a plot to stand in.
        lines.append("plot NaN notitle")
      }
    }
    if !figure.panels.isEmpty { lines.append("unset multiplot") }
    lines.append("unset output")
    return lines
  }
}

/// The one look of all figures.
enum Theme {
  static let font = "Helvetica"
  static let fontSize = 14
  static let titleSize = 17
  static let gridTitleHeight = 36.0

  static func commands(isText: Bool) -> [String] {
    if isText {
      return [
        "set border 3", "set tics nomirror", "set format '%g'", "set style fill empty", "set key noenhanced",
      ]
    }
    return [
      "set border 3 lc rgb '#888888' lw 1",
      "set tics out nomirror scale 0.5 tc rgb '#444444'",
      "set grid lt 1 lw 0.8 lc rgb '#e8e8e8'",
      "set format '%g'",
      "set minussign",
      "set style fill solid 1 noborder",
      "set key noenhanced noautotitle samplen 1.6 spacing 1.15 tc rgb '#222222'",
    ]
  }
}

extension Figure {
  /// How errors call the figure.
  fileprivate var displayName: String { title.isEmpty ? "untitled" : title }

  /// The requested size, or what the layers need.
  var naturalSize: PixelSize {
    if let requestedSize { return requestedSize }
    let natural = layers.compactMap(\.naturalSize)
    return PixelSize(
      width: natural.map(\.width).max() ?? 800,
      height: natural.map(\.height).max() ?? 500)
  }

  fileprivate func validate(in whole: Figure) throws(FigureError) {
    let name = title.isEmpty ? whole.displayName : title
    if layers.isEmpty { throw .empty(figure: name, series: "a figure without layers") }
    for layer in layers {
      switch layer.problem {
      case .empty: throw .empty(figure: name, series: layer.name)
      case .mismatch(let expected, let found):
        throw .mismatch(figure: name, series: layer.name, expected: expected, found: found)
      case nil: break
      }
    }
  }

  /// Title, labels, ranges and legend.
  fileprivate func axisCommands(for panel: Panel, isAlone: Bool) -> [String] {
    var lines: [String] = []
    if !title.isEmpty {
      let titleSize = isAlone ? Theme.titleSize : Theme.fontSize + 1
      lines.append(
        "set title \(gnuplotQuoted(title)) font '\(Theme.font),\(titleSize)'"
          + " tc rgb '#222222'")
    }
    for (axis, label) in [("x", axes.labels.x), ("y", axes.labels.y), ("z", axes.labels.z)]
    where !label.isEmpty {
      lines.append(
        "set \(axis)label \(gnuplotQuoted(label)) tc rgb '#222222'" + (axis == "x" ? " offset 0,0.3" : ""))
    }
    if axes.xIsLogarithmic { lines += ["set logscale x", "set format x '%h'"] }
    if axes.yIsLogarithmic { lines += ["set logscale y", "set format y '%h'"] }
    if axes.isEqual && !panel.isText { lines.append("set size ratio -1") }
    if !axes.xTicks.isEmpty {
      let ticks = axes.xTicks.map { "\(gnuplotTick($0.label)) \($0.position)" }
      lines.append("set xtics (\(ticks.joined(separator: ", ")))")
    }

    let extents = layers.map(\.extent)
    let x = AxisRange(extents, requested: axes.xRange, isLogarithmic: axes.xIsLogarithmic, axis: \.x)
    let y = AxisRange(extents, requested: axes.yRange, isLogarithmic: axes.yIsLogarithmic, axis: \.y)
    if panel.surfaceClauses.isEmpty {
      if let x { lines.append("set xrange [\(x.low):\(x.high)]") }
      if let y { lines.append("set yrange [\(y.low):\(y.high)]") }
    }
    lines.append(legendCommand(panel: panel, extents: extents, x: x, y: y))
    return lines
  }

  private func legendCommand(panel: Panel, extents: [Extent], x: AxisRange?, y: AxisRange?) -> String {
    let labels = layers.flatMap(\.legendLabels).filter { !$0.isEmpty }
    if labels.isEmpty { return "unset key" }
    var position = axes.legend
    if position == .automatic {
      position = freeCorner(labels: labels, size: panel.size, extents: extents, x: x, y: y) ?? .below
    }
    switch position {
    case .topLeft: return "set key top left Left reverse"
    case .topRight, .automatic: return "set key top right Left reverse"
    case .bottomLeft: return "set key bottom left Left reverse"
    case .bottomRight: return "set key bottom right Left reverse"
    case .below where panel.isText: return "set key above center horizontal Left reverse"
    case .below: return "set key below center horizontal Left reverse height 1"
    case .right: return "set key outside right top vertical Left reverse"
    case .none: return "unset key"
    }
  }

  /// The first corner in which the legend's box meets no mark.
  private func freeCorner(
    labels: [String], size: PixelSize, extents: [Extent], x: AxisRange?, y: AxisRange?
  ) -> Legend? {
    guard let x, let y else { return nil }
    let fontSize = Double(Theme.fontSize)
    // Labels, axes and title take about a hundred pixels each way.
    let plotWidth = size.width - 100
    let plotHeight = size.height - 100
    let width = ((labels.map(textWidth).max() ?? 0) * fontSize + 70) / plotWidth
    let height = (Double(labels.count) * fontSize * 1.6 + 16) / plotHeight
    var taken = (topLeft: false, topRight: false, bottomLeft: false, bottomRight: false)
    for extent in extents {
      if case .frame = extent.kind { return nil }
      for point in extent.points {
        let (px, py) = (x.share(point.x), y.share(point.y))
        // A reference line has only one coordinate and runs through all of the other.
        guard (px ?? py) != nil, px != nil || point.x.isNaN, py != nil || point.y.isNaN else { continue }
        let (left, right) = ((px ?? 0) < width, (px ?? 1) > 1 - width)
        let (bottom, top) = ((py ?? 0) < height, (py ?? 1) > 1 - height)
        taken.topLeft = taken.topLeft || (left && top)
        taken.topRight = taken.topRight || (right && top)
        taken.bottomLeft = taken.bottomLeft || (left && bottom)
        taken.bottomRight = taken.bottomRight || (right && bottom)
      }
    }
    if !taken.topRight { return .topRight }
    if !taken.topLeft { return .topLeft }
    if !taken.bottomRight { return .bottomRight }
    if !taken.bottomLeft { return .bottomLeft }
    return nil
  }
}

/// The range of one axis, chosen so that all layers fit.
struct AxisRange {
  let low: Double
  let high: Double
  let isLogarithmic: Bool

  init?(
    _ extents: [Extent], requested: ClosedRange<Double>?, isLogarithmic: Bool, axis: KeyPath<Point, Double>
  ) {
    self.isLogarithmic = isLogarithmic
    if let requested {
      (low, high) = (requested.lowerBound, requested.upperBound)
      return
    }
    func usable(_ extent: Extent) -> [Double] {
      extent.points.map { $0[keyPath: axis] }.filter { !isLogarithmic || $0 > 0 }
    }
    let frames = extents.filter { if case .frame = $0.kind { true } else { false } }
    if let frame = finiteRange(frames.flatMap(usable)) {
      (low, high) = (frame.lowerBound, frame.upperBound)
      return
    }
    guard let range = finiteRange(extents.flatMap(usable)) else { return nil }
    var margin = 0.0
    for extent in extents {
      guard case .data(let xMargin, let yMargin) = extent.kind else { continue }
      margin = max(margin, axis == \Point.x ? xMargin : yMargin)
    }
    if isLogarithmic {
      let factor = range.lowerBound == range.upperBound ? 2 : pow(range.upperBound / range.lowerBound, margin)
      (low, high) = (range.lowerBound / factor, range.upperBound * factor)
    } else if range.lowerBound == range.upperBound {
      let half = max(abs(range.lowerBound) * 0.1, 0.5)
      (low, high) = (range.lowerBound - half, range.upperBound + half)
    } else {
      let extra = (range.upperBound - range.lowerBound) * margin
      // Where nothing is negative, no room below zero.
      low = range.lowerBound >= 0 && range.lowerBound < extra && margin > 0 ? 0 : range.lowerBound - extra
      high = range.upperBound + extra
    }
  }

  /// Where `value` stands between the ends, from 0 to 1; nil where it cannot be drawn.
  func share(_ value: Double) -> Double? {
    let share =
      isLogarithmic ? log(value / low) / log(high / low) : (value - low) / (high - low)
    return share.isFinite && share >= 0 && share <= 1 ? share : nil
  }
}
