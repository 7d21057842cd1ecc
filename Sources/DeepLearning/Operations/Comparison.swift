// Comparisons give masks: bool tensors. Swift keeps `==` for identity, so they are written with a dot.

infix operator .== : ComparisonPrecedence
infix operator .!= : ComparisonPrecedence
infix operator .< : ComparisonPrecedence
infix operator .<= : ComparisonPrecedence
infix operator .> : ComparisonPrecedence
infix operator .>= : ComparisonPrecedence
infix operator .& : LogicalConjunctionPrecedence
infix operator .| : LogicalDisjunctionPrecedence
prefix operator .!

private protocol Relation: Sendable {
  static var name: StaticString { get }
  static func holds<E: ArithmeticElement>(_ a: E, _ b: E) -> Bool
}
private enum Equal: Relation {
  static let name: StaticString = "eq"
  static func holds<E: ArithmeticElement>(_ a: E, _ b: E) -> Bool { a == b }
}
private enum NotEqual: Relation {
  static let name: StaticString = "ne"
  static func holds<E: ArithmeticElement>(_ a: E, _ b: E) -> Bool { a != b }
}
private enum Less: Relation {
  static let name: StaticString = "lt"
  static func holds<E: ArithmeticElement>(_ a: E, _ b: E) -> Bool { a < b }
}
private enum LessOrEqual: Relation {
  static let name: StaticString = "le"
  static func holds<E: ArithmeticElement>(_ a: E, _ b: E) -> Bool { a <= b }
}

/// A relation at one element type.
private struct Comparison<R: Relation, E: ArithmeticElement>: BinaryKernel {
  func callAsFunction(_ a: E, _ b: E) -> Bool { R.holds(a, b) }
}

private func compare<R: Relation>(_: R.Type, _ a: Tensor, _ b: Tensor) -> Tensor {
  let type = resultType(a, b)
  let common: DType = type == .bool ? .int64 : type
  let a = a.converted(to: common)
  let b = b.converted(to: common)
  let out = Tensor(uninitialized: broadcastShape(a.shape, b.shape, operation: "\(R.name)"), dtype: .bool)
  switch common {
  case .float32: map(a, b, into: out, Comparison<R, Float>())
  case .float64: map(a, b, into: out, Comparison<R, Double>())
  case .int64, .bool: map(a, b, into: out, Comparison<R, Int>())
  }
  return out
}

private struct And: BinaryKernel { func callAsFunction(_ a: Bool, _ b: Bool) -> Bool { a && b } }
private struct Or: BinaryKernel { func callAsFunction(_ a: Bool, _ b: Bool) -> Bool { a || b } }
private struct Not: BinaryKernel { func callAsFunction(_ a: Bool, _ b: Bool) -> Bool { !a } }

extension Tensor {
  public static func .== (a: Tensor, b: Tensor) -> Tensor { compare(Equal.self, a, b) }
  public static func .!= (a: Tensor, b: Tensor) -> Tensor { compare(NotEqual.self, a, b) }
  public static func .< (a: Tensor, b: Tensor) -> Tensor { compare(Less.self, a, b) }
  public static func .<= (a: Tensor, b: Tensor) -> Tensor { compare(LessOrEqual.self, a, b) }
  public static func .> (a: Tensor, b: Tensor) -> Tensor { b .< a }
  public static func .>= (a: Tensor, b: Tensor) -> Tensor { b .<= a }

  public static func .== (a: Tensor, b: some TensorScalar) -> Tensor { a .== comparand(b, for: a) }
  public static func .!= (a: Tensor, b: some TensorScalar) -> Tensor { a .!= comparand(b, for: a) }
  public static func .< (a: Tensor, b: some TensorScalar) -> Tensor { a .< comparand(b, for: a) }
  public static func .<= (a: Tensor, b: some TensorScalar) -> Tensor { a .<= comparand(b, for: a) }
  public static func .> (a: Tensor, b: some TensorScalar) -> Tensor { comparand(b, for: a) .< a }
  public static func .>= (a: Tensor, b: some TensorScalar) -> Tensor { comparand(b, for: a) .<= a }

  /// The number in the tensor's own floating-point type; integers are compared to fractions as fractions.
  private static func comparand(_ value: some TensorScalar, for tensor: Tensor) -> Tensor {
    Tensor([value], shape: [], dtype: tensor.dtype.isFloatingPoint ? tensor.dtype : type(of: value).dtype)
  }

  /// Both true.
  public static func .& (a: Tensor, b: Tensor) -> Tensor { combineMasks(And(), "and", a, b) }
  /// Either true.
  public static func .| (a: Tensor, b: Tensor) -> Tensor { combineMasks(Or(), "or", a, b) }
  /// Not true.
  public static prefix func .! (a: Tensor) -> Tensor { combineMasks(Not(), "not", a, a) }

  private static func combineMasks<F: BinaryKernel>(
    _ f: F, _ name: StaticString, _ a: Tensor, _ b: Tensor
  ) -> Tensor {
    let out = Tensor(uninitialized: broadcastShape(a.shape, b.shape, operation: "\(name)"), dtype: .bool)
    map(a.converted(to: .bool), b.converted(to: .bool), into: out, f)
    return out
  }

  public func isNaN() -> Tensor { self .!= self }
  public func isFinite() -> Tensor { dtype.isFloatingPoint ? abs() .< Double.infinity : self .== self }

  /// Whether every element is true (or not 0).
  public func all() -> Bool { !toArray(of: Bool.self).contains(false) }
  /// Whether any element is true (or not 0).
  public func any() -> Bool { toArray(of: Bool.self).contains(true) }

  /// Whether all elements are close: |a − b| ≤ `absolute` + `relative` · |b|.
  public func allClose(_ other: Tensor, relative: Double = 1e-5, absolute: Double = 1e-8) -> Bool {
    noGrad {
      let a = to(.float64)
      let b = other.to(.float64)
      return ((a .== b) .| ((a - b).abs() .<= b.abs() * relative + absolute)).all()
    }
  }
}

/// Whether both have the same shape and the same elements.
public func equal(_ a: Tensor, _ b: Tensor) -> Bool { a.shape == b.shape && (a .== b).all() }
