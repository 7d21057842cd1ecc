/// A function of the plane, sampled on a regular grid: what contours, decision regions and surfaces show.
public struct Field: Sendable {
  public let x: ClosedRange<Double>
  public let y: ClosedRange<Double>
  public let columns: Int
  public let rows: Int
  /// `rows × columns` values, the lowest y first.
  public let values: [Double]

  /// Samples `f` at `resolution × resolution` points.
  public init(
    x: ClosedRange<Double>, y: ClosedRange<Double>, resolution: Int = 120, _ f: (Double, Double) -> Double
  ) {
    self.init(x: x, y: y, resolution: resolution) { points in points.map { f($0.x, $0.y) } }
  }

  /// Asks `f` for all values at once, as a network wants it: points in, one value for each out.
  public init(
    x: ClosedRange<Double>, y: ClosedRange<Double>, resolution: Int = 120,
    batch f: ([(x: Double, y: Double)]) -> [Double]
  ) {
    let count = max(2, resolution)
    var points: [(x: Double, y: Double)] = []
    points.reserveCapacity(count * count)
    for row in 0..<count {
      for column in 0..<count {
        points.append((Self.place(column, count, x), Self.place(row, count, y)))
      }
    }
    (self.x, self.y, self.columns, self.rows) = (x, y, count, count)
    values = f(points)
  }

  /// Values the caller has already, the lowest y first.
  public init(x: ClosedRange<Double>, y: ClosedRange<Double>, columns: Int, rows: Int, values: [Double]) {
    (self.x, self.y, self.columns, self.rows, self.values) = (x, y, columns, rows, values)
  }

  private static func place(_ index: Int, _ count: Int, _ range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * Double(index) / Double(count - 1)
  }

  var problem: LayerProblem? {
    if columns < 2 || rows < 2 || x.lowerBound == x.upperBound || y.lowerBound == y.upperBound {
      return .mismatch(
        expected: "at least 2 × 2 values over an area", found: "\(columns) × \(rows) over \(x), \(y)")
    }
    return LayerProblem(
      "values (\(columns) × \(rows))", expected: columns * rows, found: values.count, values: values)
  }

  /// The box around the samples.
  var corners: [Point] {
    [Point(x: x.lowerBound, y: y.lowerBound), Point(x: x.upperBound, y: y.upperBound)]
  }

  /// gnuplot's clause that gives a matrix of the values its coordinates.
  func matrixClause(_ block: String, value: String = "3") -> String {
    let stepX = (x.upperBound - x.lowerBound) / Double(columns - 1)
    let stepY = (y.upperBound - y.lowerBound) / Double(rows - 1)
    return "\(block) matrix using (\(x.lowerBound)+\(stepX)*$1):(\(y.lowerBound)+\(stepY)*$2):\(value)"
  }
}
