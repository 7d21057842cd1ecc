#if canImport(Glibc)
  import Glibc
#else
  import Foundation
#endif

/// A map of the plane that keeps straight lines straight: (x, y) ↦ (xx·x + xy·y + dx, yx·x + yy·y + dy). In an image
/// x counts columns and y rows, so that y points down.
struct AffineMap: PixelMap {
  var (xx, xy, dx) = (1.0, 0.0, 0.0)
  var (yx, yy, dy) = (0.0, 1.0, 0.0)

  func source(x: Double, y: Double) -> (x: Double, y: Double) {
    (xx * x + xy * y + dx, yx * x + yy * y + dy)
  }

  static func translation(x: Double, y: Double) -> AffineMap {
    var map = AffineMap()
    (map.dx, map.dy) = (x, y)
    return map
  }

  static func scaling(x: Double, y: Double) -> AffineMap {
    var map = AffineMap()
    (map.xx, map.yy) = (x, y)
    return map
  }

  /// Since y points down, clockwise.
  static func rotation(degrees: Double) -> AffineMap {
    let angle = degrees / 180 * .pi
    var map = AffineMap()
    (map.xx, map.xy) = (cos(angle), -sin(angle))
    (map.yx, map.yy) = (sin(angle), cos(angle))
    return map
  }

  /// x ↦ x − y tan(degrees)
  static func shearX(degrees: Double) -> AffineMap {
    var map = AffineMap()
    map.xy = -tan(degrees / 180 * .pi)
    return map
  }

  /// y ↦ y − x tan(degrees)
  static func shearY(degrees: Double) -> AffineMap {
    var map = AffineMap()
    map.yx = -tan(degrees / 180 * .pi)
    return map
  }

  /// The map that does `other` first and then this one.
  func after(_ other: AffineMap) -> AffineMap {
    var map = AffineMap()
    (map.xx, map.xy) = (xx * other.xx + xy * other.yx, xx * other.xy + xy * other.yy)
    (map.yx, map.yy) = (yx * other.xx + yy * other.yx, yx * other.xy + yy * other.yy)
    (map.dx, map.dy) = source(x: other.dx, y: other.dy)
    return map
  }

  var inverse: AffineMap {
    let determinant = xx * yy - xy * yx
    var map = AffineMap()
    (map.xx, map.xy) = (yy / determinant, -xy / determinant)
    (map.yx, map.yy) = (-yx / determinant, xx / determinant)
    (map.dx, map.dy) = (-(map.xx * dx + map.xy * dy), -(map.yx * dx + map.yy * dy))
    return map
  }
}
