// Arithmetic between tensors, and between tensors and plain numbers. Operands of different shapes
// stretch to a common one ("broadcasting"); the tape sums their gradients back.

/// The type in which `a` and `b` are combined. A zero-dimensional tensor, like a plain number, only
/// widens the other within another kind.
func resultType(_ a: Tensor, _ b: Tensor) -> DType {
  if a.dtype == b.dtype { return a.dtype }
  if a.rank == 0 && b.rank > 0 && (a.dtype.isSameKind(as: b.dtype) || b.dtype.isFloatingPoint) {
    return b.dtype
  }
  if b.rank == 0 && a.rank > 0 && (b.dtype.isSameKind(as: a.dtype) || a.dtype.isFloatingPoint) {
    return a.dtype
  }
  return .promote(a.dtype, b.dtype)
}

/// A function of two numbers, applied to each pair of elements.
protocol BinaryFunction: Sendable {
  static var name: StaticString { get }
  func value<E: ArithmeticElement>(_ a: E, _ b: E) -> E
}

/// `f` at one element type.
struct Pairwise<F: BinaryFunction, E: ArithmeticElement>: BinaryKernel {
  let f: F
  func callAsFunction(_ a: E, _ b: E) -> E { f.value(a, b) }
}

private struct Add: BinaryFunction {
  static let name: StaticString = "add"
  func value<E: ArithmeticElement>(_ a: E, _ b: E) -> E { a.adding(b) }
}
private struct Subtract: BinaryFunction {
  static let name: StaticString = "sub"
  func value<E: ArithmeticElement>(_ a: E, _ b: E) -> E { a.subtracting(b) }
}
private struct Multiply: BinaryFunction {
  static let name: StaticString = "mul"
  func value<E: ArithmeticElement>(_ a: E, _ b: E) -> E { a.multiplied(by: b) }
}
private struct Divide: BinaryFunction {
  static let name: StaticString = "div"
  func value<E: ArithmeticElement>(_ a: E, _ b: E) -> E { a.divided(by: b) }
}
private struct Maximum: BinaryFunction {
  static let name: StaticString = "maximum"
  func value<E: ArithmeticElement>(_ a: E, _ b: E) -> E { a > b || a != a ? a : b }
}
private struct Minimum: BinaryFunction {
  static let name: StaticString = "minimum"
  func value<E: ArithmeticElement>(_ a: E, _ b: E) -> E { a < b || a != a ? a : b }
}
private struct Negate<E: ArithmeticElement>: UnaryKernel {
  func callAsFunction(_ x: E) -> E { x.negated() }
}

/// The value of `f`, with broadcasting and type promotion; not recorded.
private func combine<F: BinaryFunction>(_ f: F, _ a: Tensor, _ b: Tensor, as type: DType? = nil) -> Tensor {
  let type = type ?? resultType(a, b)
  let a = a.converted(to: type)
  let b = b.converted(to: type)
  if max(a.count, b.count) >= parallelThreshold, let later = postponed(f, a, b, type) { return later }
  let out =
    a.shape == b.shape
    ? Tensor(uninitializedLike: a)
    : Tensor(uninitialized: broadcastShape(a.shape, b.shape, operation: "\(F.name)"), dtype: type)
  switch type {
  case .float32: map(a, b, into: out, Pairwise<F, Float>(f: f))
  case .float64: map(a, b, into: out, Pairwise<F, Double>(f: f))
  case .int64: map(a, b, into: out, Pairwise<F, Int>(f: f))
  case .bool:
    fail("\(F.name)", "bool tensors have no arithmetic; convert them with to(.float32) or to(.int64)")
  }
  return out
}

/// The value for a large tensor and a plain number, put off until it is needed; nil for other operands.
private func postponed<F: BinaryFunction>(_ f: F, _ a: Tensor, _ b: Tensor, _ type: DType) -> Tensor? {
  switch type {
  case .float32: postponed(Pairwise<F, Float>(f: f), a, b)
  case .float64: postponed(Pairwise<F, Double>(f: f), a, b)
  case .int64, .bool: nil
  }
}

extension Tensor {
  /// The value in another type, without history.
  package func converted(to type: DType) -> Tensor {
    if dtype == type { return self }
    let result = Tensor(uninitialized: shape, dtype: type)
    copyElements(of: self, into: result)
    return result
  }

  /// A plain number as a tensor of the type that it takes beside `other`.
  fileprivate static func scalar(_ value: some TensorScalar, beside other: Tensor) -> Tensor {
    let isFraction = type(of: value).dtype.isFloatingPoint
    let type: DType =
      other.dtype.isFloatingPoint ? other.dtype : (isFraction ? .float32 : .promote(other.dtype, .int64))
    return Tensor([value], shape: [], dtype: type)
  }

  /// a + b;  ∂/∂a = 1, ∂/∂b = 1
  public static func + (a: Tensor, b: Tensor) -> Tensor {
    let y = combine(Add(), a, b)
    return record("AddBackward0", y, a, b) { gradient, _ in [gradient, gradient] }
  }

  /// a − b;  ∂/∂a = 1, ∂/∂b = −1
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    let y = combine(Subtract(), a, b)
    let needsB = b.isTracked
    return record("SubBackward0", y, a, b) { gradient, _ in [gradient, needsB ? -gradient : nil] }
  }

  /// a · b, element by element;  ∂/∂a = b, ∂/∂b = a
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    let y = combine(Multiply(), a, b)
    guard a.isTracked || b.isTracked else { return y }
    // Only the other factor is kept of an operand that takes no gradient.
    let savedA = b.isTracked ? Saved(a) : nil
    let savedB = a.isTracked ? Saved(b) : nil
    return record("MulBackward0", y, a, b) { gradient, _ in
      [savedB.map { gradient * $0.tensor }, savedA.map { gradient * $0.tensor }]
    }
  }

  /// a / b, element by element, a fraction also for integers;  ∂/∂a = 1/b, ∂/∂b = −a/b²
  public static func / (a: Tensor, b: Tensor) -> Tensor {
    let type = resultType(a, b)
    let y = combine(Divide(), a, b, as: type.isFloatingPoint ? type : .float32)
    guard a.isTracked || b.isTracked else { return y }
    let savedA = b.isTracked ? Saved(a) : nil
    let savedB = Saved(b)
    let needsA = a.isTracked
    return record("DivBackward0", y, a, b) { gradient, _ in
      let b = savedB.tensor
      let quotient = gradient / b
      return [needsA ? quotient : nil, savedA.map { -quotient * ($0.tensor / b) }]
    }
  }

  /// −a
  public static prefix func - (a: Tensor) -> Tensor {
    let y = Tensor(uninitializedLike: a)
    switch a.dtype {
    case .float32: map(a, into: y, Negate<Float>())
    case .float64: map(a, into: y, Negate<Double>())
    case .int64: map(a, into: y, Negate<Int>())
    case .bool: fail("neg", "bool tensors have no arithmetic; the opposite of a mask is .!")
    }
    return record("NegBackward0", y, a) { gradient, _ in [-gradient] }
  }

  public static func + (a: Tensor, b: some TensorScalar) -> Tensor { a + .scalar(b, beside: a) }
  public static func + (a: some TensorScalar, b: Tensor) -> Tensor { .scalar(a, beside: b) + b }
  public static func - (a: Tensor, b: some TensorScalar) -> Tensor { a - .scalar(b, beside: a) }
  public static func - (a: some TensorScalar, b: Tensor) -> Tensor { .scalar(a, beside: b) - b }
  public static func * (a: Tensor, b: some TensorScalar) -> Tensor { a * .scalar(b, beside: a) }
  public static func * (a: some TensorScalar, b: Tensor) -> Tensor { .scalar(a, beside: b) * b }
  public static func / (a: Tensor, b: some TensorScalar) -> Tensor { a / .scalar(b, beside: a) }
  public static func / (a: some TensorScalar, b: Tensor) -> Tensor { .scalar(a, beside: b) / b }

  /// xⁿ, see ``pow(_:)-(Double)``
  public static func ** (x: Tensor, exponent: Double) -> Tensor { x.pow(exponent) }

  /// xʸ for tensors of positive x;  ∂/∂x = y xʸ⁻¹, ∂/∂y = xʸ ln x
  public func pow(_ exponent: Tensor) -> Tensor { (exponent * log()).exp() }
}

infix operator ** : ExponentiationPrecedence
precedencegroup ExponentiationPrecedence {
  higherThan: MultiplicationPrecedence
  associativity: right
}

/// The larger of each pair;  the gradient goes to the larger, half to each of equals
public func maximum(_ a: Tensor, _ b: Tensor) -> Tensor {
  let y = combine(Maximum(), a, b)
  return recordExtremum("MaximumBackward0", y, a, b)
}

/// The smaller of each pair;  the gradient goes to the smaller, half to each of equals
public func minimum(_ a: Tensor, _ b: Tensor) -> Tensor {
  let y = combine(Minimum(), a, b)
  return recordExtremum("MinimumBackward0", y, a, b)
}

private func recordExtremum(_ name: StaticString, _ y: Tensor, _ a: Tensor, _ b: Tensor) -> Tensor {
  guard a.isTracked || b.isTracked else { return y }
  let savedA = Saved(a)
  let savedB = Saved(b)
  return record(name, y, a, b, readsOutput: true) { gradient, y in
    let winsA = (savedA.tensor .== y).to(gradient.dtype)
    let winsB = (savedB.tensor .== y).to(gradient.dtype)
    let share = gradient / (winsA + winsB)
    return [share * winsA, share * winsB]
  }
}
