/// A 28 × 28 sheet on which a round pen draws with soft edges.
struct StrokeCanvas {
  static let side = 28

  private var ink = [Float](repeating: 0, count: side * side)

  mutating func clear() {
    for i in ink.indices { ink[i] = 0 }
  }

  /// Draws the straight line from `a` to `b`, in pixels, with a pen of the given radius.
  ///
  /// The ink in a pixel is clamp(radius + ½ − d, 0, 1), d being the distance of its center from the line;
  /// where lines overlap, the darker counts.
  mutating func line(from a: SIMD2<Float>, to b: SIMD2<Float>, radius: Float) {
    let reach = radius + 0.5
    let low = Self.pixel(pointwiseMin(a, b) - reach)
    let high = Self.pixel(pointwiseMax(a, b) + reach)
    let direction = b - a
    let squaredLength = max((direction * direction).sum(), 1e-12)
    for y in low.y...high.y {
      for x in low.x...high.x {
        let p = SIMD2(Float(x) + 0.5, Float(y) + 0.5) - a
        // The nearest point of the line is a + t (b − a).
        let t = min(max((p * direction).sum() / squaredLength, 0), 1)
        let offset = p - t * direction
        let distance = (offset * offset).sum().squareRoot()
        let i = y * Self.side + x
        ink[i] = max(ink[i], min(reach - distance, 1))
      }
    }
  }

  /// The pixel that holds a point, or the nearest one on the sheet.
  private static func pixel(_ point: SIMD2<Float>) -> (x: Int, y: Int) {
    func clamped(_ value: Float) -> Int { Int(min(max(value, 0), Float(side - 1))) }
    return (clamped(point.x), clamped(point.y))
  }

  /// Writes the sheet out as bytes, 0 for none and 255 for full ink.
  func copy(to bytes: UnsafeMutablePointer<UInt8>) {
    for i in ink.indices { bytes[i] = UInt8(ink[i] * 255 + 0.5) }
  }
}
