/// Numbers that a claim can compare: a scalar, an array, an array of arrays, a tensor.
public protocol Measurable {
  /// The sizes of the dimensions, none for a scalar.
  var measuredShape: [Int] { get }
  /// The elements in row-major order.
  var measuredElements: [Double] { get }
}

extension Double: Measurable {
  public var measuredShape: [Int] { [] }
  public var measuredElements: [Double] { [self] }
}

extension Float: Measurable {
  public var measuredShape: [Int] { [] }
  public var measuredElements: [Double] { [Double(self)] }
}

extension Int: Measurable {
  public var measuredShape: [Int] { [] }
  public var measuredElements: [Double] { [Double(self)] }
}

extension Array: Measurable where Element: Measurable {
  public var measuredShape: [Int] { [count] + (first?.measuredShape ?? []) }
  public var measuredElements: [Double] { flatMap(\.measuredElements) }
}

extension Page {
  /// Claims that `holds` is true.
  public func claim(_ what: String, _ holds: Bool, file: String = #filePath, line: Int = #line) {
    judge(what, Verdict(holds: holds, detail: holds ? "" : "expected true, got false"), file, line)
  }

  /// Claims that two texts are the same.
  public func claim(
    _ what: String, _ value: String, equals expected: String, file: String = #filePath, line: Int = #line
  ) {
    let holds = value == expected
    judge(
      what, Verdict(holds: holds, detail: holds ? value : "expected \(expected), got \(value)"), file, line)
  }

  /// Claims that every element of `value` is within `tolerance` of `expected`'s: |value − expected| ≤ tolerance.
  ///
  /// Shapes must agree, except that one element may stand for a scalar. NaN equals nothing.
  public func claim(
    _ what: String, _ value: some Measurable, equals expected: some Measurable, within tolerance: Double = 0,
    file: String = #filePath, line: Int = #line
  ) {
    judge(what, .equal(value, expected, tolerance), file, line)
  }

  /// Claims that every element of `value` is at least `bound`.
  public func claim(
    _ what: String, _ value: some Measurable, isAtLeast bound: Double, file: String = #filePath,
    line: Int = #line
  ) {
    judge(what, .bounded(value, bound...Double.infinity, "≥ \(bound.shown(digits: nil))"), file, line)
  }

  /// Claims that every element of `value` is at most `bound`.
  public func claim(
    _ what: String, _ value: some Measurable, isAtMost bound: Double, file: String = #filePath,
    line: Int = #line
  ) {
    judge(what, .bounded(value, -Double.infinity...bound, "≤ \(bound.shown(digits: nil))"), file, line)
  }

  /// Claims that every element of `value` lies within `range`.
  public func claim(
    _ what: String, _ value: some Measurable, isBetween range: ClosedRange<Double>, file: String = #filePath,
    line: Int = #line
  ) {
    let text = "in \(range.lowerBound.shown(digits: nil))…\(range.upperBound.shown(digits: nil))"
    judge(what, .bounded(value, range, text), file, line)
  }
}

/// Whether a claim holds, and the numbers that say so.
struct Verdict: Equatable {
  let holds: Bool
  let detail: String

  static func equal(_ value: some Measurable, _ expected: some Measurable, _ tolerance: Double) -> Verdict {
    let (got, wanted) = (value.measuredElements, expected.measuredElements)
    let (shape, wantedShape) = (value.measuredShape, expected.measuredShape)
    guard got.count == wanted.count, shape == wantedShape || got.count == 1 else {
      return Verdict(
        holds: false, detail: "expected shape \(describe(wantedShape)), got shape \(describe(shape))")
    }
    // NaN compares false with everything: a difference that is not provably small is the worst.
    let differences = zip(got, wanted).map { $0 == $1 ? 0 : abs($0 - $1) }
    let worst =
      differences.firstIndex(where: \.isNaN) ?? differences.indices.max { differences[$0] < differences[$1] }
    guard let worst else { return Verdict(holds: true, detail: "both are empty") }
    let difference = differences[worst]
    let size = difference.formatted("%.2g")
    if difference <= tolerance {
      let value = got.count == 1 ? [got[0].shown(digits: nil)] : []
      let margin = "off by \(size), allowed \(tolerance.formatted("%g"))"
      let parts = tolerance > 0 ? value + [margin] : value.isEmpty ? ["exactly"] : value
      return Verdict(holds: true, detail: parts.joined(separator: ", "))
    }
    let place = got.count > 1 ? " at \(index(of: worst, in: shape))" : ""
    let digits = difference < 1e-5 * abs(wanted[worst]) ? "%.17g" : "%.9g"
    return Verdict(
      holds: false,
      detail: "expected \(wanted[worst].formatted(digits)), got \(got[worst].formatted(digits))\(place), "
        + "difference \(size), tolerance \(tolerance.formatted("%g"))")
  }

  static func bounded(_ value: some Measurable, _ range: ClosedRange<Double>, _ bound: String) -> Verdict {
    let elements = value.measuredElements
    guard let outside = elements.firstIndex(where: { !range.contains($0) }) else {
      let shown = elements.count == 1 ? elements[0].shown(digits: nil) : "all \(elements.count)"
      return Verdict(holds: true, detail: "\(shown) \(bound)")
    }
    let got = elements[outside]
    let distance = got < range.lowerBound ? range.lowerBound - got : got - range.upperBound
    let place = elements.count > 1 ? " at \(index(of: outside, in: value.measuredShape))" : ""
    return Verdict(
      holds: false,
      detail:
        "expected \(bound), got \(got.formatted("%.9g"))\(place), difference \(distance.formatted("%.2g"))")
  }

  /// The position of the element at a row-major offset.
  private static func index(of offset: Int, in shape: [Int]) -> [Int] {
    var rest = offset
    var index: [Int] = []
    for size in shape.reversed() {
      index.insert(rest % size, at: 0)
      rest /= size
    }
    return index
  }
}
