extension Figure {
  /// Pale areas that show which class a model gives to each place, behind whatever else the figure has.
  ///
  ///     let field = Field(x: -2...3, y: -1.5...2, resolution: 240) { x, y in Double(model.predict(x, y)) }
  ///     Figure(title: "Two layers").regions(field).scatter(x: x, y: y, classes: labels)
  ///
  /// - Parameters:
  ///   - field: class indices 0, 1, ...
  ///   - classes: how many there are; the largest index plus one if left out.
  public func regions(_ field: Field, classes: Int? = nil) -> Figure {
    let largest = finiteRange(field.values)?.upperBound ?? 0
    return adding(
      Regions(field: field, classes: max(1, classes ?? Int(min(max(largest, 0), 63)) + 1), threshold: nil))
  }

  /// Pale areas left and right of a decision boundary: where the score is below the threshold (class 0) and
  /// where it is above (class 1), with the boundary as a smooth line between them.
  public func regions(_ field: Field, threshold: Double) -> Figure {
    adding(Regions(field: field, classes: 2, threshold: threshold))
  }
}

struct Regions: Layer {
  var field: Field
  var classes: Int
  var threshold: Double?

  var name: String { "regions" }
  var problem: LayerProblem? { field.problem }
  var isBackground: Bool { true }
  var extent: Extent { Extent(points: field.corners, kind: .frame) }

  func draw(in panel: inout Panel) {
    let block = panel.data(field.values, columns: field.columns)
    if !panel.isText {
      panel.commands(["unset grid"])
      panel.palette(.classes(classes), limits: FigureColormap.classes(classes).limits(of: 0...1))
      let value = threshold.map { "($3>\($0))" } ?? "3"
      panel.plot("\(field.matrixClause(block, value: value)) with image")
    }
    if let threshold {
      panel.levelLines(of: field, [(threshold, .black)], width: 1.6, block: block)
    } else if panel.isText {
      let borders = (1..<max(2, classes)).map { (value: Double($0) - 0.5, color: FigureColor.black) }
      panel.levelLines(of: field, borders, width: 1, block: block)
    }
  }
}
