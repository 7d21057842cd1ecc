extension Figure {
  /// Points at (x, y).
  public func scatter(
    x: some Collection<some BinaryFloatingPoint>, y: some Collection<some BinaryFloatingPoint>,
    label: String = "",
    color: FigureColor? = nil, size: Double = 1
  ) -> Figure {
    adding(Scatter(x: doubles(x), y: doubles(y), label: label, color: color, shape: 0, size: size))
  }

  /// Points at (x, y), each class in its own color and shape.
  ///
  /// - Parameters:
  ///   - classes: one class index from 0 for each point.
  ///   - names: what the legend calls class 0, 1, ...; without names there is no legend.
  public func scatter(
    x: some Collection<some BinaryFloatingPoint>, y: some Collection<some BinaryFloatingPoint>,
    classes: [Int],
    names: [String] = [], size: Double = 1
  ) -> Figure {
    let (x, y) = (doubles(x), doubles(y))
    guard x.count == y.count, x.count == classes.count, classes.allSatisfy({ $0 >= 0 }) else {
      return adding(
        Scatter(x: x, y: y, label: "", color: nil, shape: 0, size: size, classCount: classes.count))
    }
    var figure = self
    for index in Set(classes).sorted() {
      let members = classes.indices.filter { classes[$0] == index }
      figure = figure.adding(
        Scatter(
          x: members.map { x[$0] }, y: members.map { y[$0] }, label: index < names.count ? names[index] : "",
          color: .series(index), shape: index, size: size))
    }
    return figure
  }
}

struct Scatter: Layer {
  var x: [Double]
  var y: [Double]
  var label: String
  var color: FigureColor?
  /// Which of the point shapes.
  var shape: Int
  var size: Double
  /// How many class indices came with the points, if that does not fit.
  var classCount: Int?

  var name: String { named("scatter", label) }
  var problem: LayerProblem? {
    if let classCount, x.count == y.count {
      return .mismatch(
        expected: "\(x.count) class indices from 0, one for each point", found: "\(classCount)")
    }
    return LayerProblem("y values, one for each x", expected: x.count, found: y.count, values: y)
  }
  var legendLabels: [String] { [label] }
  var extent: Extent {
    Extent(points: zip(x, y).map { Point(x: $0, y: $1) }, kind: .data(xMargin: 0.05, yMargin: 0.05))
  }

  func draw(in panel: inout Panel) {
    let block = panel.data(x, y)
    let color = panel.color(color).quoted
    let scale = size * (x.count > 800 ? 0.3 : x.count > 200 ? 0.42 : 0.55)
    // Circle, triangle, square, diamond, and so on.
    let shapes = panel.isText ? ["o", "x", "+", "*", "#", "@"] : ["7", "9", "5", "13", "11", "15"]
    let shape = shapes[shape % shapes.count]
    let type = panel.isText ? "'\(shape)'" : shape
    panel.plot(
      "\(block) using 1:2 with points pt \(type) ps \(gnuplotNumber(scale)) lc rgb \(color)", label: label)
  }
}
