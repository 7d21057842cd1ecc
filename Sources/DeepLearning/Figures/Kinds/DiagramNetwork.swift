extension Diagram {
  /// The units of a feed-forward network in columns.
  ///
  /// Positive weights are vermilion, negative ones blue: as in the diverging colormap, warm means positive.
  init(networkOf layers: [Int], names: [String], unitLabels: [[String]], weights: [[[Double]]]) {
    let counts = layers.map { max(0, $0) }
    guard counts.count > 1, counts.allSatisfy({ $0 > 0 }) else {
      problem = .mismatch(expected: "at least two layers of at least one unit", found: "\(layers)")
      return
    }
    for (index, matrix) in weights.enumerated() {
      let fits =
        index + 1 < counts.count && matrix.count == counts[index + 1]
        && matrix.allSatisfy { $0.count == counts[index] }
      if !fits {
        problem = .mismatch(
          expected: "one matrix (out, in) of weights for each layer of \(layers) but the first",
          found: "matrix \(index + 1) of (\(matrix.count), \(matrix.first?.count ?? 0))")
        return
      }
    }

    let shown = counts.map { Self.shownUnits(of: $0) }
    let tallest = shown.map { $0.count }.max() ?? 1
    let labels = unitLabels.joined().map(textWidth).max() ?? 0
    // Tall networks get smaller units, so that the picture stays no higher than a page.
    let diameter = max(tallest > 6 ? 24 : 34, min(64, labels * Self.fontSize + 12))
    let stepY = diameter + (tallest > 6 ? 9 : 16)
    let stepX = max(150, diameter + 90)
    let height = Double(tallest - 1) * stepY

    var centers: [[Int: Point]] = []
    for (layer, units) in shown.enumerated() {
      var places: [Int: Point] = [:]
      let x = Double(layer) * stepX
      let color: FigureColor = layer == 0 ? .gray : layer == counts.count - 1 ? .vermilion : .blue
      for (row, unit) in units.enumerated() {
        let center = Point(x: x, y: height / 2 + (Double(units.count - 1) / 2 - Double(row)) * stepY)
        if let unit {
          places[unit] = center
          let label =
            layer < unitLabels.count && unit < unitLabels[layer].count ? unitLabels[layer][unit] : ""
          nodes.append(
            PlacedNode(
              label: label, center: center, size: PixelSize(width: diameter, height: diameter),
              shape: .circle,
              color: color))
        } else {
          nodes.append(
            PlacedNode(
              label: "⋮", center: center, size: PixelSize(width: 10, height: 10), shape: .box, color: color,
              isPlain: true))
        }
      }
      if layer < names.count {
        let width = textWidth(names[layer]) * Self.fontSize
        nodes.append(
          PlacedNode(
            label: names[layer], center: Point(x: x, y: -diameter / 2 - 24),
            size: PixelSize(width: width, height: 20), shape: .box, color: color, isPlain: true))
      }
      centers.append(places)
    }

    for layer in 1..<counts.count {
      let matrix = layer - 1 < weights.count ? weights[layer - 1] : nil
      let largest = matrix.flatMap { finiteRange($0.joined().map(abs)) }?.upperBound ?? 1
      for (unit, to) in centers[layer].sorted(by: { $0.key < $1.key }) {
        for (input, from) in centers[layer - 1].sorted(by: { $0.key < $1.key }) {
          let weight = matrix.map { $0[unit][input].isFinite ? $0[unit][input] : 0 }
          let share = weight.map { largest > 0 ? abs($0) / largest : 0 }
          let color = weight.map { $0 < 0 ? FigureColor.blue : .vermilion }?.tint(0.25 + 0.75 * (share ?? 1))
          let direction = Self.unit(from, to)
          edges.append(
            PlacedEdge(
              route: [
                Point(x: from.x + direction.x * diameter / 2, y: from.y + direction.y * diameter / 2),
                Point(x: to.x - direction.x * diameter / 2, y: to.y - direction.y * diameter / 2),
              ], label: "", color: color ?? FigureColor.gray.tint(tallest > 6 ? 0.5 : 0.8),
              width: share.map { 0.4 + 2.6 * $0 } ?? 0.8,
              hasHead: false))
        }
      }
    }
  }

  /// Which units of a layer are drawn; nil is the gap between the first and the last.
  private static func shownUnits(of count: Int) -> [Int?] {
    count <= 10 ? Array(0..<count) : [0, 1, 2, 3, nil, count - 3, count - 2, count - 1]
  }

  private static func unit(_ from: Point, _ to: Point) -> Point {
    let (x, y) = (to.x - from.x, to.y - from.y)
    let length = (x * x + y * y).squareRoot()
    return Point(x: x / length, y: y / length)
  }
}
