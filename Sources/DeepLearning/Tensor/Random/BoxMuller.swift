#if canImport(Glibc)
  import Glibc
#else
  import Foundation
#endif

/// Turns uniform numbers into normal ones, in place, eight pairs at a time:
///
///     r = √(−2 ln(1 − u₁)),  θ = 2π u₂,  z₁ = r cos θ,  z₂ = r sin θ
///
/// where u₁ and z₁ are the first eight of sixteen values and u₂ and z₂ the last eight. This is the
/// order in which PyTorch transforms a tensor of 16 or more elements on the CPU.
///
/// Source: G. E. P. Box and M. E. Muller, "A note on the generation of random normal deviates",
/// Annals of Mathematical Statistics 29 (1958).
enum BoxMuller {
  /// Swift rounds `Float.pi` towards zero; this is the nearest float, as C has it.
  private static let twoPi = Float(2 * Double.pi)

  static func transform16(_ values: UnsafeMutablePointer<Float>, mean: Float, std: Float) {
    let twoPi = twoPi
    for i in 0..<8 {
      let radius = (-2 * logarithm(1 - values[i])).squareRoot()
      let (sine, cosine) = sineAndCosine(twoPi * values[i + 8])
      values[i] = mean.addingProduct(radius * cosine, std)
      values[i + 8] = mean.addingProduct(radius * sine, std)
    }
  }

  static func transform16(_ values: UnsafeMutablePointer<Double>, mean: Double, std: Double) {
    for i in 0..<8 {
      let radius = (-2 * log(1 - values[i])).squareRoot()
      let angle = 2 * Double.pi * values[i + 8]
      values[i] = mean.addingProduct(radius * cos(angle), std)
      values[i + 8] = mean.addingProduct(radius * sin(angle), std)
    }
  }

  // The two functions below have neither branches nor calls, so that the loop above becomes vector
  // code. They agree with the C library to within two units in the last place on the arguments
  // that occur here.

  /// ln x for x in [2⁻²⁴, 1].
  ///
  /// With x = m·2ᵉ and m in [√½, √2): ln x = e ln 2 + ln(1 + f), f = m − 1, and a polynomial for
  /// ln(1 + f) − f + f²/2 (coefficients: S. Moshier's Cephes library).
  @inline(__always)
  static func logarithm(_ x: Float) -> Float {
    let halfRoot: UInt32 = 0x3f35_04f3
    let shifted = x.bitPattern &- halfRoot
    let exponent = Float(Int32(bitPattern: shifted) >> 23)
    let f = Float(bitPattern: (shifted & 0x007f_ffff) &+ halfRoot) - 1
    var p: Float = 7.0376836292e-2
    p = (-1.1514610310e-1 as Float).addingProduct(p, f)
    p = (1.1676998740e-1 as Float).addingProduct(p, f)
    p = (-1.2420140846e-1 as Float).addingProduct(p, f)
    p = (1.4249322787e-1 as Float).addingProduct(p, f)
    p = (-1.6668057665e-1 as Float).addingProduct(p, f)
    p = (2.0000714765e-1 as Float).addingProduct(p, f)
    p = (-2.4999993993e-1 as Float).addingProduct(p, f)
    p = (3.3333331174e-1 as Float).addingProduct(p, f)
    let square = f * f
    var tail = p * f * square
    tail = tail.addingProduct(exponent, -2.12194440e-4)
    tail = tail.addingProduct(square, -0.5)
    return (f + tail).addingProduct(exponent, 0.693359375)
  }

  /// sin θ and cos θ for θ in [0, 2π].
  ///
  /// θ is brought into [−π/4, π/4] by taking off the nearest multiple of π/2, whose π/2 is split in
  /// three so that nothing is lost, and two short polynomials give sine and cosine there.
  @inline(__always)
  static func sineAndCosine(_ angle: Float) -> (sine: Float, cosine: Float) {
    // Adding 1.5·2²³ leaves the nearest integer in the low bits of the sum.
    let rounder: Float = 12_582_912
    let shifted = rounder.addingProduct(angle, 2 / Float.pi)
    let quadrant = shifted.bitPattern
    let turns = shifted - rounder
    var r = angle.addingProduct(turns, -1.5703125)
    r = r.addingProduct(turns, -4.8375129699707031e-4)
    r = r.addingProduct(turns, -7.5497899548918861e-8)
    let square = r * r
    var s = (8.3321608736e-3 as Float).addingProduct(-1.9515295891e-4, square)
    s = (-1.6666654611e-1 as Float).addingProduct(s, square)
    s = r.addingProduct(s * square, r)
    var c = (-1.388731625493765e-3 as Float).addingProduct(2.443315711809948e-5, square)
    c = (4.166664568298827e-2 as Float).addingProduct(c, square)
    c = (1 as Float).addingProduct(square, -0.5).addingProduct(c * square, square)
    // An odd quadrant swaps the two; the signs follow from the bits of the quadrant.
    let isSwapped = quadrant & 1 == 1
    let sine = (isSwapped ? c : s).bitPattern ^ (quadrant & 2) << 30
    let cosine = (isSwapped ? s : c).bitPattern ^ ((quadrant &+ 1) & 2) << 30
    return (Float(bitPattern: sine), Float(bitPattern: cosine))
  }
}
