extension Figure {
  /// A matrix as colored cells, the first row on top: a confusion matrix, attention weights, activations.
  ///
  /// - Parameters:
  ///   - matrix: rows of equal length. Cells that are not finite stay empty.
  ///   - rowLabels: what stands left of the rows.
  ///   - columnLabels: what stands under the columns.
  ///   - decimals: writes each value into its cell with so many decimals; nil writes none.
  ///   - range: the values at the ends of the color scale; those of the matrix if left out.
  ///   - key: the name of the color scale at the right; nil shows no scale.
  public func heatMap(
    _ matrix: [[some BinaryFloatingPoint]], rowLabels: [String] = [], columnLabels: [String] = [],
    decimals: Int? = nil, colormap: FigureColormap = .sequential, range: ClosedRange<Double>? = nil,
    key: String? = ""
  ) -> Figure {
    adding(
      HeatMap(
        matrix: matrix.map(doubles), rowLabels: rowLabels, columnLabels: columnLabels, decimals: decimals,
        colormap: colormap, range: range, key: key))
  }
}

struct HeatMap: Layer {
  var matrix: [[Double]]
  var rowLabels: [String]
  var columnLabels: [String]
  var decimals: Int?
  var colormap: FigureColormap
  var range: ClosedRange<Double>?
  var key: String?

  private var rows: Int { matrix.count }
  private var columns: Int { matrix.first?.count ?? 0 }
  private var limits: ClosedRange<Double> {
    colormap.limits(of: range ?? finiteRange(matrix.flatMap(\.self)) ?? 0...1)
  }

  var name: String { "heat map" }
  var summary: String { "heat map of \(rows) rows and \(columns) columns" }
  var problem: LayerProblem? {
    if let ragged = matrix.first(where: { $0.count != columns }) {
      return .mismatch(expected: "rows of \(columns) values", found: "a row of \(ragged.count)")
    }
    if !rowLabels.isEmpty && rowLabels.count != rows {
      return .mismatch(expected: "\(rows) row labels", found: "\(rowLabels.count)")
    }
    if !columnLabels.isEmpty && columnLabels.count != columns {
      return .mismatch(expected: "\(columns) column labels", found: "\(columnLabels.count)")
    }
    return LayerProblem("cells", expected: 0, found: 0, values: matrix.flatMap(\.self))
  }

  var extent: Extent {
    let corners = [Point(x: -0.5, y: -0.5), Point(x: Double(columns) - 0.5, y: Double(rows) - 0.5)]
    return Extent(points: corners, kind: .frame)
  }

  /// Room for labels and color scale around square cells.
  private var surroundings: PixelSize {
    let labels = (rowLabels.map(textWidth).max() ?? 2) * Double(Theme.fontSize)
    return PixelSize(width: 80 + labels + (key == nil ? 0 : 90), height: columnLabels.isEmpty ? 110 : 150)
  }
  private var cell: Double { min(max(400 / Double(max(rows, columns, 1)), decimals == nil ? 8 : 34), 80) }
  var naturalSize: PixelSize? {
    PixelSize(
      width: max(420, surroundings.width + cell * Double(columns)),
      height: max(220, surroundings.height + cell * Double(rows)))
  }

  func draw(in panel: inout Panel) {
    panel.palette(colormap, limits: limits, key: key)
    panel.set("size ratio -1")
    panel.set("border 0")
    panel.set("tics scale 0")
    panel.commands(["unset grid"])
    let available = PixelSize(
      width: panel.size.width - surroundings.width, height: panel.size.height - surroundings.height)
    let cell = min(available.width / Double(columns), available.height / Double(rows))
    let columnTexts = columnLabels.isEmpty ? numbers(columns) : columnLabels
    let rowTexts = rowLabels.isEmpty ? numbers(rows) : rowLabels
    panel.setCategoryTicks(
      columnTexts, axis: "x", slot: columnLabels.isEmpty ? .infinity : cell * Double(columns))
    // The first row is the highest.
    panel.setCategoryTicks(rowTexts.reversed(), axis: "y", slot: .infinity)

    var cells: [Double] = []
    for (row, values) in matrix.enumerated() {
      for (column, value) in values.enumerated() { cells += [Double(column), Double(rows - 1 - row), value] }
    }
    let block = panel.data(cells, columns: 3)
    panel.plot(
      "\(block) using 1:2:(0.5):(0.5):3 with boxxyerror fs solid 1 noborder lc palette"
    )
    if let decimals { writeValues(decimals: decimals, cell: cell, in: &panel) }
  }

  /// 0, 1, 2, ... with at most a dozen of them written out.
  private func numbers(_ count: Int) -> [String] {
    let step = count > 40 ? 10 : count > 12 ? 5 : 1
    return (0..<count).map { $0 % step == 0 ? "\($0)" : "" }
  }

  private func writeValues(decimals: Int, cell: Double, in panel: inout Panel) {
    let texts = matrix.map { $0.map { $0.isFinite ? fixed($0, decimals: decimals) : "" } }
    let longest = texts.joined().map(textWidth).max() ?? 1
    let size = min(14, max(7, 0.86 * cell / max(longest, 1)))
    for (row, values) in matrix.enumerated() {
      for (column, value) in values.enumerated() where value.isFinite {
        let share = (value - limits.lowerBound) / (limits.upperBound - limits.lowerBound)
        panel.text(
          texts[row][column], x: Double(column), y: Double(rows - 1 - row),
          color: colormap.color(at: share).isDark ? FigureColor(red: 255, green: 255, blue: 255) : .black,
          size: size)
      }
    }
  }

  func ascii(width: Int, height: Int) -> String? {
    guard decimals == nil else {
      let cells = matrix.map { $0.map { fixed($0, decimals: decimals ?? 0) } }
      let wide = (cells.joined().map(\.count) + columnLabels.map(\.count)).max() ?? 1
      let margin = rowLabels.map(\.count).max() ?? 0
      var lines = zip(rowLabels.isEmpty ? cells.map { _ in "" } : rowLabels, cells).map { label, row in
        padded(label, margin) + row.map { " " + padded($0, wide) }.joined()
      }
      if !columnLabels.isEmpty {
        lines.insert(padded("", margin) + columnLabels.map { " " + padded($0, wide) }.joined(), at: 0)
      }
      return lines.joined(separator: "\n")
    }
    let shares = matrix.joined().map { ($0 - limits.lowerBound) / (limits.upperBound - limits.lowerBound) }
    let step = max(1, (2 * columns + width - 1) / max(width, 2))
    return characterRamp(shares, rows: rows, columns: columns, step: step).joined(separator: "\n")
  }

  private func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}

extension FigureColor {
  /// Whether white text is easier to read on it than black.
  var isDark: Bool { 0.299 * Double(red) + 0.587 * Double(green) + 0.114 * Double(blue) < 140 }
}
