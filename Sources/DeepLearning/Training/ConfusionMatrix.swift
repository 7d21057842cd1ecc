/// How often examples of each class were taken for each class: true classes in rows, predicted ones in columns.
///
///     var confusion = ConfusionMatrix(classCount: 10)
///     for (images, labels) in testLoader { confusion.update(model(images), labels) }
///     print(confusion, confusion.accuracy, confusion.f1)
///
/// Where a ratio would be 0 / 0, because a class does not occur or is never predicted, it is 0.
public struct ConfusionMatrix: Sendable {
  public let classCount: Int
  /// What the classes are called in the table; their numbers where there are no names.
  public let classNames: [String]
  /// `counts[label][prediction]`
  public private(set) var counts: [[Int]]

  public init(classCount: Int) {
    self.init(classNames: (0..<Swift.max(classCount, 0)).map(String.init))
  }

  public init(classNames: [String]) {
    check(!classNames.isEmpty, "ConfusionMatrix", "needs at least one class")
    classCount = classNames.count
    self.classNames = classNames
    counts = Array(repeating: Array(repeating: 0, count: classNames.count), count: classNames.count)
  }

  /// Counts a batch.
  ///
  /// - Parameters:
  ///   - predictions: A number for each example and class, (N, C), of which the largest is the prediction; or the
  ///     predicted classes themselves, int64 of the labels' shape.
  ///   - labels: The right classes, int64.
  public mutating func update(_ predictions: Tensor, _ labels: Tensor) {
    let name = "ConfusionMatrix"
    let classes = predictions.dtype == .int64 ? predictions : predictedClasses(predictions, name)
    check(
      labels.dtype == .int64 && labels.shape == classes.shape, name,
      "for predictions \(describe(predictions.shape)) the labels must be int64 of shape \(describe(classes.shape)), "
        + "found \(labels.dtype) of shape \(describe(labels.shape))")
    let pairs = zip(classes.toArray(of: Int.self), labels.toArray(of: Int.self))
    // All of a batch is counted or none of it.
    for (i, (prediction, label)) in pairs.enumerated() {
      for (kind, value) in [("prediction", prediction), ("label", label)] {
        check(
          (0..<classCount).contains(value), name,
          "\(kind) \(value) of example \(i) is not one of the \(classCount) classes 0 ... \(classCount - 1)")
      }
    }
    for (prediction, label) in pairs { counts[label][prediction] += 1 }
  }

  /// The number of examples.
  public var count: Int { counts.joined().reduce(0, +) }

  /// The part of the examples that were taken for what they are.
  public var accuracy: Double { ratio((0..<classCount).reduce(0) { $0 + counts[$1][$1] }, count) }

  /// For each class, the part right of what was taken for it: TP / (TP + FP).
  public var precision: [Double] {
    (0..<classCount).map { c in ratio(counts[c][c], counts.reduce(0) { $0 + $1[c] }) }
  }

  /// For each class, the part found of what belongs to it: TP / (TP + FN).
  public var recall: [Double] {
    (0..<classCount).map { c in ratio(counts[c][c], counts[c].reduce(0, +)) }
  }

  /// For each class, the harmonic mean of precision and recall: 2 TP / (2 TP + FP + FN).
  public var f1: [Double] {
    (0..<classCount).map { c in
      ratio(2 * counts[c][c], counts[c].reduce(0, +) + counts.reduce(0) { $0 + $1[c] })
    }
  }

  /// The counts as parts of their rows: of the examples of a class, how many were taken for which.
  public var normalized: [[Double]] {
    counts.map { row in
      let total = row.reduce(0, +)
      return row.map { ratio($0, total) }
    }
  }

  private func ratio(_ part: Int, _ whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }
}

extension ConfusionMatrix: CustomStringConvertible, Showable {
  public var description: String { shown(digits: nil) }

  public var standsBelowLabel: Bool { true }

  /// The counts as a table, and recall and precision at its edges with three decimals, or `digits`.
  public func shown(digits: Int?) -> String {
    func percent(_ value: Double) -> String { value.shown(digits: digits ?? 3) }
    let rows = (0..<classCount).map { [classNames[$0]] + counts[$0].map(String.init) + [percent(recall[$0])] }
    let table =
      [["true \\ predicted"] + classNames + ["recall"]] + rows + [
        ["precision"] + precision.map(percent) + [percent(accuracy)]
      ]
    let widths = (0..<classCount + 2).map { column in table.map { $0[column].count }.max() ?? 0 }
    return table.map { row in
      zip(row.indices, widths).map { row[$0].padded(to: $1, alignedRight: $0 > 0) }.joined(separator: "  ")
    }.joined(separator: "\n")
  }
}
