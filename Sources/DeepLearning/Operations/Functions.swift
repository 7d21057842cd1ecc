// Functions of one number. Each stands once: its value and, under it, its derivative.

private struct Exp: ElementwiseFunction {
  static let name: StaticString = "ExpBackward0"
  static let readsOutput = true
  static var moderate: Double? { 87 }
  func value<T: Elementary>(_ x: T) -> T { x.exp() }
  func valueOfModerate<T: Elementary>(_ x: T) -> T { x.moderateExp() }
  func derivative<T: Elementary>(_ x: T, _ y: T) -> T { y }
}

private struct Expm1: ElementwiseFunction {
  static let name: StaticString = "Expm1Backward0"
  static let readsOutput = true
  func value<T: Elementary>(_ x: T) -> T { x.expm1() }
  func derivative<T: Elementary>(_ x: T, _ y: T) -> T { y + constant(1) }
}

private struct Log: ElementwiseFunction {
  static let name: StaticString = "LogBackward0"
  static let readsOutput = false
  func value<T: Elementary>(_ x: T) -> T { x.log() }
  func derivative<T: Elementary>(_ x: T, _ y: T) -> T { constant(1) / x }
}

private struct Log1p: ElementwiseFunction {
  static let name: StaticString = "Log1PBackward0"
  static let readsOutput = false
  func value<T: Elementary>(_ x: T) -> T { x.log1p() }
  func derivative<T: Elementary>(_ x: T, _ y: T) -> T { constant(1) / (x + constant(1)) }
}

private struct Sqrt: ElementwiseFunction {
  static let name: StaticString = "SqrtBackward0"
  static let readsOutput = true
  func value<T: Elementary>(_ x: T) -> T { x.sqrt() }
  func derivative<T: Elementary>(_ x: T, _ y: T) -> T { constant(0.5) / y }
}

private struct Rsqrt: ElementwiseFunction {
  static let name: StaticString = "RsqrtBackward0"
  static let readsOutput = true
  func value<T: Elementary>(_ x: T) -> T { constant(1) / x.sqrt() }
  func derivative<T: Elementary>(_ x: T, _ y: T) -> T { constant(-0.5) * y * y * y }
}

private struct Reciprocal: ElementwiseFunction {
  static let name: StaticString = "ReciprocalBackward0"
  static let readsOutput = true
  func value<T: Elementary>(_ x: T) -> T { constant(1) / x }
  func derivative<T: Elementary>(_ x: T, _ y: T) -> T { -(y * y) }
}

private struct Square: ElementwiseFunction {
  static let name: StaticString = "PowBackward0"
  static let readsOutput = false
  static let keepsIntegers = true
  func value<T: Elementary>(_ x: T) -> T { x * x }
  func derivative<T: Elementary>(_ x: T, _ y: T) -> T { constant(2) * x }
}

private struct Power: ElementwiseFunction {
  static let name: StaticString = "PowBackward0"
  static let readsOutput = false
  let exponent: Double
  func value<T: Elementary>(_ x: T) -> T { x.pow(exponent) }
  // x⁰ is 1 everywhere, also at 0, where 0 · x⁻¹ would not be a number.
  func derivative<T: Elementary>(_ x: T, _ y: T) -> T {
    exponent == 0 ? constant(0) : constant(exponent) * x.pow(exponent - 1)
  }
}

private struct Sin: ElementwiseFunction {
  static let name: StaticString = "SinBackward0"
  static let readsOutput = false
  func value<T: Elementary>(_ x: T) -> T { x.sin() }
  func derivative<T: Elementary>(_ x: T, _ y: T) -> T { x.cos() }
}

private struct Cos: ElementwiseFunction {
  static let name: StaticString = "CosBackward0"
  static let readsOutput = false
  func value<T: Elementary>(_ x: T) -> T { x.cos() }
  func derivative<T: Elementary>(_ x: T, _ y: T) -> T { -x.sin() }
}

private struct Erf: ElementwiseFunction {
  static let name: StaticString = "ErfBackward0"
  static let readsOutput = false
  func value<T: Elementary>(_ x: T) -> T { x.erf() }
  func derivative<T: Elementary>(_ x: T, _ y: T) -> T {
    constant(2 / Double.pi.squareRoot()) * (-(x * x)).exp()
  }
}

private struct Abs: ElementwiseFunction {
  static let name: StaticString = "AbsBackward0"
  static let readsOutput = false
  static let keepsIntegers = true
  func value<T: Elementary>(_ x: T) -> T { x.abs() }
  func derivative<T: Elementary>(_ x: T, _ y: T) -> T { x.sign() }
}

/// Flat almost everywhere.
private struct Sign: ElementwiseFunction {
  static let name: StaticString = "SignBackward0"
  static let readsOutput = false
  static let keepsIntegers = true
  func value<T: Elementary>(_ x: T) -> T { x.sign() }
  func derivative<T: Elementary>(_ x: T, _ y: T) -> T { constant(0) * x }
}

private struct Clamp: ElementwiseFunction {
  static let name: StaticString = "ClampBackward1"
  static let readsOutput = false
  let low: Double
  let high: Double
  func value<T: Elementary>(_ x: T) -> T {
    x.isAbove(high, then: constant(high), else: (-x).isAbove(-low, then: constant(low), else: x))
  }
  func derivative<T: Elementary>(_ x: T, _ y: T) -> T {
    x.isAbove(high, then: constant(0), else: (-x).isAbove(-low, then: constant(0), else: constant(1)))
  }
}

private struct Round<E: FloatingElement>: UnaryKernel {
  let rule: FloatingPointRoundingRule
  func callAsFunction(_ x: E) -> E { x.rounded(rule) }
}

extension Tensor {
  /// y = eˣ, dy/dx = y
  public func exp() -> Tensor { elementwise(Exp()) }

  /// y = eˣ − 1, exact for small x; dy/dx = y + 1
  public func expm1() -> Tensor { elementwise(Expm1()) }

  /// y = ln x, dy/dx = 1 / x
  public func log() -> Tensor { elementwise(Log()) }

  /// y = ln(1 + x), exact for small x; dy/dx = 1 / (1 + x)
  public func log1p() -> Tensor { elementwise(Log1p()) }

  /// y = √x, dy/dx = 1 / (2y)
  public func sqrt() -> Tensor { elementwise(Sqrt()) }

  /// y = 1 / √x, dy/dx = −y³ / 2
  public func rsqrt() -> Tensor { elementwise(Rsqrt()) }

  /// y = 1 / x, dy/dx = −y²
  public func reciprocal() -> Tensor { elementwise(Reciprocal()) }

  /// y = x², dy/dx = 2x
  public func square() -> Tensor { elementwise(Square()) }

  /// y = xⁿ, dy/dx = n xⁿ⁻¹. Also written `x ** n`.
  public func pow(_ exponent: Double) -> Tensor {
    switch exponent {
    case 2: square()
    case 0.5: sqrt()
    case -1: reciprocal()
    default: elementwise(Power(exponent: exponent))
    }
  }

  /// y = sin x (x in radians), dy/dx = cos x
  public func sin() -> Tensor { elementwise(Sin()) }

  /// y = cos x (x in radians), dy/dx = −sin x
  public func cos() -> Tensor { elementwise(Cos()) }

  /// The error function y = 2/√π ∫₀ˣ exp(−t²) dt, dy/dx = 2/√π exp(−x²)
  public func erf() -> Tensor { elementwise(Erf()) }

  /// y = |x|, dy/dx = sign x, 0 at 0
  public func abs() -> Tensor { elementwise(Abs()) }

  /// −1, 0 or 1; dy/dx = 0
  public func sign() -> Tensor { elementwise(Sign()) }

  /// y = x within `min ... max`, else the nearer bound; dy/dx = 1 inside, 0 outside
  public func clamp(min: Double = -.infinity, max: Double = .infinity) -> Tensor {
    check(min <= max, "clamp", "min \(min) is above max \(max)")
    return elementwise(Clamp(low: min, high: max))
  }

  /// The largest whole number not above x. No gradient passes.
  public func floor() -> Tensor { rounded(.down) }
  /// The smallest whole number not below x. No gradient passes.
  public func ceil() -> Tensor { rounded(.up) }
  /// The nearest whole number, halves to the even one. No gradient passes.
  public func round() -> Tensor { rounded(.toNearestOrEven) }

  private func rounded(_ rule: FloatingPointRoundingRule) -> Tensor {
    let y = Tensor(uninitializedLike: self)
    switch dtype {
    case .float32: map(self, into: y, Round<Float>(rule: rule))
    case .float64: map(self, into: y, Round<Double>(rule: rule))
    case .int64, .bool: return self
    }
    return y
  }
}
