extension Figure {
  /// A bar for each value. Calling it again puts the bars of the next series beside these.
  ///
  /// - Parameters:
  ///   - categories: what stands under the bars; the first series' categories count.
  ///   - errors: half the length of an error bar on each bar.
  public func bars(
    _ values: some Collection<some BinaryFloatingPoint>, categories: [String] = [], errors: [Double] = [],
    label: String = "", color: FigureColor? = nil
  ) -> Figure {
    adding(Bars(values: doubles(values), categories: categories, errors: errors, label: label, color: color))
  }
}

struct Bars: Layer {
  var values: [Double]
  var categories: [String]
  var errors: [Double]
  var label: String
  var color: FigureColor?

  var name: String { named("bars", label) }
  var problem: LayerProblem? {
    if !categories.isEmpty && categories.count != values.count {
      return .mismatch(expected: "\(values.count) categories, one for each bar", found: "\(categories.count)")
    }
    if !errors.isEmpty && errors.count != values.count {
      return .mismatch(expected: "\(values.count) errors, one for each bar", found: "\(errors.count)")
    }
    return LayerProblem("values", expected: values.count, found: values.count, values: values)
  }
  var legendLabels: [String] { [label] }
  var extent: Extent {
    var points: [Point] = []
    for (index, value) in values.enumerated() {
      let error = errors.isEmpty ? 0 : errors[index]
      let middle = Double(index)
      points.append(Point(x: middle, y: value - error))
      // From foot to head, so that a legend does not stand on a bar.
      for step in 0...8 {
        let y = (value + error) * Double(step) / 8
        points += [Point(x: middle - 0.45, y: y), Point(x: middle, y: y), Point(x: middle + 0.45, y: y)]
      }
    }
    return Extent(points: points, kind: .data(xMargin: 0.02, yMargin: 0.05))
  }

  func draw(in panel: inout Panel) {
    let seriesCount = panel.layers.filter { $0 is Bars }.count
    let index = panel.layers[..<panel.current].filter { $0 is Bars }.count
    let width = 0.76 / Double(seriesCount)
    let shift = (Double(index) - Double(seriesCount - 1) / 2) * width
    let positions = values.indices.map { Double($0) + shift }
    let color = panel.color(color)

    let block = panel.data(positions, values)
    panel.plot("\(block) using 1:2:(\(width * 0.94)) with boxes lc rgb \(color.quoted)", label: label)
    if !errors.isEmpty {
      let block = panel.data(positions, values, errors)
      panel.plot("\(block) using 1:($2-$3):(0):(2*$3) with vectors nohead lw 1.6 lc rgb '#444444'")
    }
    if index == 0 { setCategories(in: &panel) }
  }

  private func setCategories(in panel: inout Panel) {
    panel.set("grid noxtics")
    panel.set("xtics scale 0")
    if values.contains(where: { $0 < 0 }) { panel.set("xzeroaxis lt 1 lw 1 lc rgb '#888888'") }
    if !categories.isEmpty { panel.setCategoryTicks(categories, axis: "x", slot: (panel.size.width - 90)) }
  }
}

extension Panel {
  /// Puts text at 0, 1, 2, ... along an axis, slanted where it would not fit side by side in `slot` pixels.
  mutating func setCategoryTicks(_ categories: [String], axis: String, slot: Double) {
    let ticks = categories.enumerated().map { "\(gnuplotTick($1)) \($0)" }.joined(separator: ", ")
    let widest = (categories.map(textWidth).max() ?? 0) * Double(Theme.fontSize)
    let isTight = axis == "x" && !isText && widest + 6 > slot / Double(max(categories.count, 1))
    set("\(axis)tics scale 0 \(isTight ? "rotate by 35 right " : "")(\(ticks))")
  }
}
