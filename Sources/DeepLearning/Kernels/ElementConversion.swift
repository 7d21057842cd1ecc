/// Converts one element to another type: fractions are cut toward zero, nonzero is true.
///
/// Written out by type because going through `Double` would lose the low bits of large integers, and
/// because Swift's own `Int(_:)` traps on NaN and infinity, where PyTorch gives the smallest integer.
@inline(__always)
func convertElement<From: TensorElement, To: TensorElement>(_ x: From) -> To {
  if From.self == To.self { return unsafeBitCast(x, to: To.self) }
  if To.self == Int.self && (From.self == Float.self || From.self == Double.self) {
    let value = x.doubleValue
    return To.constant(value >= -0x1p63 && value < 0x1p63 ? Int(value) : Int.min)
  }
  if From.self == Int.self || From.self == Bool.self { return To.constant(x.intValue) }
  return To.constant(x.doubleValue)
}
