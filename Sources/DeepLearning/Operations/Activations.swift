// The nonlinearities of neural networks.

struct TanhFunction: ElementwiseFunction {
  static let name: StaticString = "TanhBackward0"
  static let readsOutput = true
  func value<T: Elementary>(_ x: T) -> T { x.tanh() }
  func derivative<T: Elementary>(_ x: T, _ y: T) -> T { constant(1) - y * y }
}

private struct SigmoidFunction: ElementwiseFunction {
  static let name: StaticString = "SigmoidBackward0"
  static let readsOutput = true
  func value<T: Elementary>(_ x: T) -> T { x.sigmoid() }
  func derivative<T: Elementary>(_ x: T, _ y: T) -> T { y * (constant(1) - y) }
}

struct ReLUFunction: ElementwiseFunction {
  static let name: StaticString = "ReluBackward0"
  static let readsOutput = true
  static let keepsIntegers = true
  // Written so that NaN stays NaN and is not taken for "not above 0".
  func value<T: Elementary>(_ x: T) -> T { (-x).isAbove(0, then: constant(0), else: x) }
  func derivative<T: Elementary>(_ x: T, _ y: T) -> T { y.isAbove(0, then: constant(1), else: constant(0)) }
}

private struct LeakyReLUFunction: ElementwiseFunction {
  static let name: StaticString = "LeakyReluBackward0"
  static let readsOutput = false
  let slope: Double
  func value<T: Elementary>(_ x: T) -> T { x.isAbove(0, then: x, else: constant(slope) * x) }
  func derivative<T: Elementary>(_ x: T, _ y: T) -> T {
    x.isAbove(0, then: constant(1), else: constant(slope))
  }
}

private struct ELUFunction: ElementwiseFunction {
  static let name: StaticString = "EluBackward0"
  static let readsOutput = false
  let alpha: Double
  func value<T: Elementary>(_ x: T) -> T { x.isAbove(0, then: x, else: constant(alpha) * x.expm1()) }
  func derivative<T: Elementary>(_ x: T, _ y: T) -> T {
    // Not of x itself: where x is large, its exponential would be infinite, and what it is multiplied by is 0.
    let negative = x.isAbove(0, then: constant(0), else: x)
    return x.isAbove(0, then: constant(1), else: constant(alpha) * negative.exp())
  }
}

private struct SoftplusFunction: ElementwiseFunction {
  static let name: StaticString = "SoftplusBackward0"
  static let readsOutput = false
  // ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|): the exponent is never positive, so nothing overflows.
  @inline(__always)
  func value<T: Elementary>(_ x: T) -> T {
    x.isAbove(0, then: x, else: constant(0)) + (-x.abs()).exp().log1p()
  }
  func derivative<T: Elementary>(_ x: T, _ y: T) -> T { x.sigmoid() }
}

private struct SiLUFunction: ElementwiseFunction {
  static let name: StaticString = "SiluBackward0"
  static let readsOutput = false
  func value<T: Elementary>(_ x: T) -> T { x * x.sigmoid() }
  func derivative<T: Elementary>(_ x: T, _ y: T) -> T {
    let s = x.sigmoid()
    return s * (constant(1) + x * (constant(1) - s))
  }
}

private struct GELUFunction: ElementwiseFunction {
  static let name: StaticString = "GeluBackward0"
  static let readsOutput = false
  func value<T: Elementary>(_ x: T) -> T { x * normalCDF(x) }
  func derivative<T: Elementary>(_ x: T, _ y: T) -> T {
    let density = constant(1 / (2 * Double.pi).squareRoot()) * (constant(-0.5) * x * x).exp()
    return normalCDF(x) + x * density
  }
  /// Φ(x), the probability that a standard normal variable is below x.
  private func normalCDF<T: Elementary>(_ x: T) -> T {
    constant(0.5) * (constant(1) + (x * constant(0.5.squareRoot())).erf())
  }
}

extension Tensor {
  /// y = (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ), dy/dx = 1 − y²
  public func tanh() -> Tensor { elementwise(TanhFunction()) }

  /// y = 1 / (1 + e⁻ˣ), dy/dx = y (1 − y)
  public func sigmoid() -> Tensor { elementwise(SigmoidFunction()) }

  /// y = max(x, 0), dy/dx = 1 where x > 0, else 0
  public func relu() -> Tensor { elementwise(ReLUFunction()) }

  /// y = x where x > 0, else `slope` · x
  public func leakyReLU(_ slope: Double = 0.01) -> Tensor { elementwise(LeakyReLUFunction(slope: slope)) }

  /// y = x where x > 0, else α (eˣ − 1)
  public func elu(alpha: Double = 1) -> Tensor { elementwise(ELUFunction(alpha: alpha)) }

  /// y = ln(1 + eˣ), a smooth ReLU; dy/dx = σ(x)
  public func softplus() -> Tensor { elementwise(SoftplusFunction()) }

  /// y = x σ(x), also called swish
  public func silu() -> Tensor { elementwise(SiLUFunction()) }

  /// y = x Φ(x), Φ the distribution function of the standard normal
  public func gelu() -> Tensor { elementwise(GELUFunction()) }

  /// y = x where x > 0, else a · x, with a slope that is learned: one number, or one for each channel
  /// (dimension 1).
  public func prelu(_ slope: Tensor) -> Tensor {
    let slope =
      slope.count == 1 || rank < 2
      ? slope : slope.reshape([slope.count] + Array(repeating: 1, count: rank - 2))
    return `where`(self .> 0, self, slope * self)
  }

  /// The largest of `pieces` neighboring features: (N, pieces · M) to (N, M), feature m of the result being
  /// the maximum of features m · pieces ... (m + 1) · pieces − 1.
  public func maxout(pieces: Int) -> Tensor {
    check(
      rank >= 1 && pieces > 0 && size(-1) % pieces == 0, "maxout",
      "the last dimension of \(describe(shape)) does not divide into groups of \(pieces)")
    return reshape(Array(shape.dropLast()) + [size(-1) / pieces, pieces]).amax(dim: -1)
  }

  /// ln σ(x) = −softplus(−x), finite for any finite x
  public func logSigmoid() -> Tensor { -(-self).softplus() }
}
