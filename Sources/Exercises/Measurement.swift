import DeepLearning

/// The shape and the numbers of an answer, and what can be said about them where they are not as expected.
struct Measurement {
  let shape: [Int]
  let elements: [Double]

  init(_ value: some Measurable) {
    (shape, elements) = (value.measuredShape, value.measuredElements)
  }

  private init(shape: [Int], elements: [Double]) {
    (self.shape, self.elements) = (shape, elements)
  }

  /// Whether the shapes are equal and no element differs by more than `tolerance` times the largest of `other`.
  ///
  /// NaN agrees with nothing, not even with itself.
  func agrees(with other: Measurement, within tolerance: Double) -> Bool {
    guard shape == other.shape, elements.count == other.elements.count else { return false }
    let largest = other.elements.map(abs).filter(\.isFinite).max() ?? 0
    let allowed = tolerance * (largest > 0 ? largest : 1)
    return zip(elements, other.elements).allSatisfy { $0 == $1 || abs($0 - $1) <= allowed }
  }

  /// In what way this differs from `truth`: a mistake that any exercise may meet with, or else the worst place.
  func deviation(from truth: Measurement, within tolerance: Double) -> String {
    func isTruth(_ measurement: Measurement?) -> Bool {
      measurement?.agrees(with: truth, within: tolerance) ?? false
    }
    if isTruth(transposed) { return "Rows and columns are exchanged: this is the transpose." }
    if shape != truth.shape {
      return "The shape is \(describe(shape)) and should be \(describe(truth.shape))."
    }
    if let bad = elements.firstIndex(where: { !$0.isFinite }), truth.elements[bad].isFinite {
      return
        "\(place(bad)) is \(elements[bad]): a division by 0, a logarithm of 0, or an overflow on the way."
    }
    if elements.allSatisfy({ $0 == 0 }) { return "Every number is 0: nothing has been computed yet." }
    if let factor = factor(to: truth) {
      if isTruth(scaled(by: 1 / factor)) {
        if abs(factor + 1) < 1e-6 { return "The sign is the wrong way round." }
        let (size, sign) = (abs(factor), factor < 0 ? ", and the sign is the wrong way round" : "")
        return size > 1
          ? "Every number is \(size.shown(digits: nil)) times too large\(sign)."
          : "Every number is \((1 / size).shown(digits: nil)) times too small\(sign)."
      }
    }
    let worst = elements.indices.max {
      abs(elements[$0] - truth.elements[$0]) < abs(elements[$1] - truth.elements[$1])
    }
    guard let worst else { return "It is empty." }
    return elements.count == 1
      ? "It differs by \((elements[0] - truth.elements[0]).shown(digits: nil))."
      : "The largest difference is at \(place(worst)): expected "
        + "\(truth.elements[worst].shown(digits: nil)), got \(elements[worst].shown(digits: nil))."
  }

  /// How many times `truth` this is, judged by the largest element of `truth`.
  private func factor(to truth: Measurement) -> Double? {
    guard let largest = truth.elements.indices.max(by: { abs(truth.elements[$0]) < abs(truth.elements[$1]) }),
      truth.elements[largest] != 0, elements[largest] != 0
    else { return nil }
    return elements[largest] / truth.elements[largest]
  }

  private func scaled(by factor: Double) -> Measurement {
    Measurement(shape: shape, elements: elements.map { $0 * factor })
  }

  private var transposed: Measurement? {
    guard shape.count == 2, shape[0] * shape[1] == elements.count else { return nil }
    let (rows, columns) = (shape[0], shape[1])
    return Measurement(
      shape: [columns, rows],
      elements: (0..<columns).flatMap { column in (0..<rows).map { elements[$0 * columns + column] } })
  }

  /// The index of the i-th element in row-major order.
  private func place(_ i: Int) -> String {
    var (rest, index): (Int, [Int]) = (i, [])
    for size in shape.reversed() {
      index.insert(rest % size, at: 0)
      rest /= size
    }
    return shape.isEmpty ? "The number" : "[\(index.map(String.init).joined(separator: ", "))]"
  }

  private func describe(_ shape: [Int]) -> String {
    shape.isEmpty ? "that of a single number" : "(\(shape.map(String.init).joined(separator: ", ")))"
  }
}
