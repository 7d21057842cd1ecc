/// A number that kernels can calculate with. Integers wrap around where they overflow, as in PyTorch; Swift's own
/// operators would stop the program inside the engine.
protocol ArithmeticElement: TensorElement, Comparable {
  func adding(_ other: Self) -> Self
  func subtracting(_ other: Self) -> Self
  func multiplied(by other: Self) -> Self
  func divided(by other: Self) -> Self
  func negated() -> Self
}

extension ArithmeticElement where Self: BinaryFloatingPoint {
  @inline(__always) func adding(_ other: Self) -> Self { self + other }
  @inline(__always) func subtracting(_ other: Self) -> Self { self - other }
  @inline(__always) func multiplied(by other: Self) -> Self { self * other }
  @inline(__always) func divided(by other: Self) -> Self { self / other }
  @inline(__always) func negated() -> Self { -self }
}

extension Float: ArithmeticElement {}
extension Double: ArithmeticElement {}

extension Int: ArithmeticElement {
  @inline(__always) func adding(_ other: Int) -> Int { self &+ other }
  @inline(__always) func subtracting(_ other: Int) -> Int { self &- other }
  @inline(__always) func multiplied(by other: Int) -> Int { self &* other }
  @inline(__always) func divided(by other: Int) -> Int { other == 0 ? 0 : self / other }
  @inline(__always) func negated() -> Int { 0 &- self }
}
