#if canImport(Glibc)
  import Glibc
#endif

/// What a formula of one variable may be written in.
///
/// `Float`, `Double` and `Tensor` all conform. An operation states its value and its derivative once; on
/// numbers the formula becomes the body of a fast loop, on tensors it becomes a graph, which is how
/// gradients of gradients come about.
protocol Elementary {
  static func constant(_ value: Double) -> Self
  static func + (a: Self, b: Self) -> Self
  static func - (a: Self, b: Self) -> Self
  static func * (a: Self, b: Self) -> Self
  static func / (a: Self, b: Self) -> Self
  static prefix func - (a: Self) -> Self
  func exp() -> Self
  /// The same for magnitudes up to 87.
  func moderateExp() -> Self
  func expm1() -> Self
  func log() -> Self
  func log1p() -> Self
  func sqrt() -> Self
  func tanh() -> Self
  func sigmoid() -> Self
  func sin() -> Self
  func cos() -> Self
  func erf() -> Self
  func abs() -> Self
  func sign() -> Self
  func pow(_ exponent: Double) -> Self
  /// `a` where `self > threshold`, else `b`.
  func isAbove(_ threshold: Double, then a: Self, else b: Self) -> Self
}

extension Elementary {
  func moderateExp() -> Self { exp() }
}

/// A number in a formula: `constant(1) - y * y`.
@inline(__always)
func constant<T: Elementary>(_ value: Double) -> T { T.constant(value) }

/// A floating-point type that kernels run on.
protocol FloatingElement: TensorElement, BinaryFloatingPoint, SIMDScalar, Codable, Elementary {
  associatedtype OrderKey: FixedWidthInteger & SignedInteger
  /// A whole number that is larger exactly if this number is.
  var orderKey: OrderKey { get }
  init(orderKey: OrderKey)
}

extension Double: FloatingElement {
  // The bits of a positive number grow with it; those of a negative one fall, and are turned around.
  @inline(__always)
  var orderKey: Int64 {
    let bits = Int64(bitPattern: bitPattern)
    return bits ^ ((bits &>> 63) & Int64.max)
  }
  @inline(__always)
  init(orderKey: Int64) {
    self.init(bitPattern: UInt64(bitPattern: orderKey ^ ((orderKey &>> 63) & Int64.max)))
  }

  func exp() -> Double { Glibc.exp(self) }
  func expm1() -> Double { Glibc.expm1(self) }
  func log() -> Double { Glibc.log(self) }
  func log1p() -> Double { Glibc.log1p(self) }
  @inline(__always) func sqrt() -> Double { squareRoot() }
  func tanh() -> Double { Glibc.tanh(self) }
  func sigmoid() -> Double {
    let e = (-magnitude).exp()
    return (self < 0 ? e : 1) / (1 + e)
  }
  func sin() -> Double { Glibc.sin(self) }
  func cos() -> Double { Glibc.cos(self) }
  func erf() -> Double { Glibc.erf(self) }
  @inline(__always) func abs() -> Double { magnitude }
  @inline(__always) func sign() -> Double { self > 0 ? 1 : (self < 0 ? -1 : self) }
  func pow(_ exponent: Double) -> Double { Glibc.pow(self, exponent) }
  @inline(__always)
  func isAbove(_ threshold: Double, then a: Double, else b: Double) -> Double { self > threshold ? a : b }
}

// The functions that training leans on are written out here rather than called from the C library, because
// a loop over them then runs on 8 or 16 numbers at once. The polynomials are the classic ones of Cephes'
// single-precision routines; the results are within two units in the last place.

/// a · b + c, rounded once: one instruction.
@inline(__always)
private func multiplyAdd(_ a: Float, _ b: Float, _ c: Float) -> Float { c.addingProduct(a, b) }

extension Float: FloatingElement {
  @inline(__always)
  var orderKey: Int32 {
    let bits = Int32(bitPattern: bitPattern)
    return bits ^ ((bits &>> 31) & Int32.max)
  }
  @inline(__always)
  init(orderKey: Int32) {
    self.init(bitPattern: UInt32(bitPattern: orderKey ^ ((orderKey &>> 31) & Int32.max)))
  }

  /// eˣ = 2ⁿ · eʳ with n the integer nearest to x / ln 2, so that |r| ≤ ln 2 / 2, where a polynomial of
  /// degree seven is as good as exact.
  @inline(__always)
  func exp() -> Float {
    // Beyond these bounds the result is 0 or infinity anyway. Comparing this way around lets NaN through.
    let high: Float = 89
    let low: Float = -104
    let capped = high < self ? high : self
    let x = low > capped ? low : capped
    let (power, n) = x.exponential(offset: 254)
    // 2ⁿ in two factors, because 2¹²⁸ and 2⁻¹⁴⁰ are not numbers but their halves' product is. A power of two is written
    // as its exponent plus 127, and n + 254 is the sum of two such.
    let half = n &>> 1
    let first = Float(bitPattern: half &<< 23)
    let second = Float(bitPattern: (n &- half) &<< 23)
    return power * first * second
  }

  /// The same where 2ⁿ · eʳ is neither too large nor too small for a number of full precision: n is added to the exponent.
  @inline(__always)
  func moderateExp() -> Float {
    let (power, n) = exponential(offset: 0)
    return Float(bitPattern: power.bitPattern &+ n &<< 23)
  }

  /// eʳ, and n + `offset` in the low bits.
  @inline(__always)
  private func exponential(offset: Float) -> (power: Float, n: UInt32) {
    // Adding 1.5 · 2²³ pushes the fraction out of the number: its low bits are then the rounded integer.
    let magic = 12_582_912 + offset
    let shifted = multiplyAdd(self, 1.442_695_04, magic)
    let n = shifted - magic
    // ln 2 in two parts: n times the first is exact.
    let r = multiplyAdd(n, 2.121_944_4e-4, multiplyAdd(n, -0.693_359_375, self))
    var p: Float = 1.987_569_15e-4
    p = multiplyAdd(p, r, 1.398_199_95e-3)
    p = multiplyAdd(p, r, 8.333_451_9e-3)
    p = multiplyAdd(p, r, 4.166_579_6e-2)
    p = multiplyAdd(p, r, 1.666_666_55e-1)
    p = multiplyAdd(p, r, 5.000_000_1e-1)
    p = multiplyAdd(p, r, 1)
    return (multiplyAdd(p, r, 1), shifted.bitPattern)
  }

  /// ln x = e · ln 2 + ln m with x = 2ᵉ · m and m between √½ and √2.
  @inline(__always)
  func log() -> Float {
    // Numbers below 2⁻¹²⁶ have no exponent of their own; scale them up and correct e.
    let isTiny = self < Float.leastNormalMagnitude
    let scaled = isTiny ? self * 8_388_608 : self
    let bits = Int32(bitPattern: scaled.bitPattern)
    let sqrtHalf: Int32 = 0x3f35_04f3
    let e = (bits &- sqrtHalf) &>> 23
    let m = Float(bitPattern: UInt32(bitPattern: bits &- (e &<< 23)))
    let f = m - 1
    var p: Float = 7.037_683_6e-2
    p = multiplyAdd(p, f, -1.151_461_03e-1)
    p = multiplyAdd(p, f, 1.167_699_87e-1)
    p = multiplyAdd(p, f, -1.242_014_08e-1)
    p = multiplyAdd(p, f, 1.424_932_28e-1)
    p = multiplyAdd(p, f, -1.666_805_77e-1)
    p = multiplyAdd(p, f, 2.000_071_48e-1)
    p = multiplyAdd(p, f, -2.499_999_4e-1)
    p = multiplyAdd(p, f, 3.333_333_12e-1)
    let square = f * f
    let exponent = Float(e) - (isTiny ? 23 : 0)
    let y = multiplyAdd(-0.5, square, multiplyAdd(p, f * square, exponent * -2.121_944_4e-4))
    let value = multiplyAdd(exponent, 0.693_359_375, f + y)
    let isUsual = self > 0 && self < .infinity
    return isUsual ? value : (self == 0 ? -.infinity : (self > 0 ? self : .nan))
  }

  /// ln(1 + x), accurate near 0: the rounding error of 1 + x is corrected to first order.
  @inline(__always)
  func log1p() -> Float {
    let u = 1 + self
    let error = (u - 1) - self
    let logarithm = u.log()
    let isUsual = u > 0 && u < .infinity
    return u == 1 ? self : (isUsual ? logarithm - error / u : logarithm)
  }

  func expm1() -> Float { Glibc.expm1f(self) }

  /// tanh x = 1 − 2 / (e²ˣ + 1), and a polynomial near 0, where that would cancel.
  @inline(__always)
  func tanh() -> Float {
    let z = magnitude
    let s = self * self
    var p: Float = -5.704_988_7e-3
    p = multiplyAdd(p, s, 2.063_908_9e-2)
    p = multiplyAdd(p, s, -5.373_971_5e-2)
    p = multiplyAdd(p, s, 1.333_144_2e-1)
    p = multiplyAdd(p, s, -3.333_328_2e-1)
    let small = self * multiplyAdd(p, s, 1)  // Of −0 it is −0.
    let large = 1 - 2 / ((z + z).exp() + 1)
    return z < 0.625 ? small : (self < 0 ? -large : large)
  }

  /// 1 / (1 + e⁻ˣ), for negative x as eˣ / (1 + eˣ): the exponential is never large, and small results keep
  /// their digits.
  @inline(__always)
  func sigmoid() -> Float {
    let e = (-magnitude).exp()
    return (self < 0 ? e : 1) / (1 + e)
  }

  @inline(__always) func sqrt() -> Float { squareRoot() }
  func sin() -> Float { Glibc.sinf(self) }
  func cos() -> Float { Glibc.cosf(self) }
  func erf() -> Float { Glibc.erff(self) }
  @inline(__always) func abs() -> Float { magnitude }
  @inline(__always) func sign() -> Float { self > 0 ? 1 : (self < 0 ? -1 : self) }
  func pow(_ exponent: Double) -> Float { Glibc.powf(self, Float(exponent)) }
  @inline(__always)
  func isAbove(_ threshold: Double, then a: Float, else b: Float) -> Float {
    self > Float(threshold) ? a : b
  }
}
