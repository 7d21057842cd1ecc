// What can be done to an image (H, W) or (C, H, W), each by a function that leaves nothing to chance. What an image
// turns about is its center. A pixel that comes from between others is computed from the four around that place; one
// that comes from beyond the border is as `fill` says. The transforms of RandomImageTransforms.swift call these with
// numbers that they draw. No gradients flow through them.

/// The image in a mirror: what was on the left is on the right.
public func horizontalFlip(_ image: Tensor) -> Tensor {
  check(image.rank >= 2, "horizontalFlip", "needs an image, found a tensor of shape \(describe(image.shape))")
  return image.flip(-1)
}

/// `height` rows from row `top` on and `width` columns from column `left` on, (..., height, width). A part that lies
/// beyond the border is filled.
public func crop(
  _ image: Tensor, top: Int, left: Int, height: Int, width: Int, fill: ImageFill = .zero
) -> Tensor {
  check(height >= 1 && width >= 1, "crop", "cannot cut out \(height) rows and \(width) columns")
  let map = AffineMap.translation(x: Double(left), y: Double(top))
  return sampled(image, through: map, height: height, width: width, fill: fill, "crop")
}

/// Moves what is seen by `x` pixels to the right and by `y` pixels down.
public func translate(_ image: Tensor, x: Double = 0, y: Double = 0, fill: ImageFill = .zero) -> Tensor {
  warped(image, .translation(x: x, y: y), fill, "translate")
}

/// Turns what is seen by `degrees`, counterclockwise.
public func rotate(_ image: Tensor, degrees: Double, fill: ImageFill = .zero) -> Tensor {
  warped(image, .rotation(degrees: -degrees), fill, "rotate")
}

/// Makes what is seen `x` times as wide and `y` times as high.
public func stretch(_ image: Tensor, x: Double = 1, y: Double = 1, fill: ImageFill = .zero) -> Tensor {
  check(x > 0 && y > 0, "stretch", "factors must be positive, found \(x) and \(y)")
  return warped(image, .scaling(x: x, y: y), fill, "stretch")
}

/// Slants what is seen by angles in degrees between −90 and 90: x ← x − y tan `x`, and then y ← y − x tan `y`.
///
/// With `x: 45` each row lies one pixel further to the left than the one above it.
public func shear(_ image: Tensor, x: Double = 0, y: Double = 0, fill: ImageFill = .zero) -> Tensor {
  warped(image, shearing(x, y, "shear"), fill, "shear")
}

/// Slants, scales, turns and then moves what is seen.
///
/// With points as columns (x, y) counted from the center, the map is p ↦ R(angle) · scale · Sy · Sx · p + translate,
/// where Sx and Sy are the shears of ``shear(_:x:y:fill:)``. As torchvision's function of the name, and other than
/// ``rotate(_:degrees:fill:)``, it turns clockwise.
///
/// - Parameters:
///   - angle: In degrees.
///   - translate: Pixels to the right and down.
///   - shear: Angles in degrees.
public func affine(
  _ image: Tensor, angle: Double = 0, translate: (x: Double, y: Double) = (0, 0), scale: Double = 1,
  shear: (x: Double, y: Double) = (0, 0), fill: ImageFill = .zero
) -> Tensor {
  check(scale > 0, "affine", "the scale must be positive, found \(scale)")
  let map = AffineMap.translation(x: translate.x, y: translate.y)
    .after(.rotation(degrees: angle))
    .after(.scaling(x: scale, y: scale))
    .after(shearing(shear.x, shear.y, "affine"))
  return warped(image, map, fill, "affine")
}

private func shearing(_ x: Double, _ y: Double, _ operation: String) -> AffineMap {
  check(
    abs(x) < 90 && abs(y) < 90, operation, "angles must lie between -90 and 90 degrees, found \(x) and \(y)")
  return AffineMap.shearY(degrees: y).after(.shearX(degrees: x))
}

/// The image after what is seen has been moved by `map`, about its center.
private func warped(_ image: Tensor, _ map: AffineMap, _ fill: ImageFill, _ operation: String) -> Tensor {
  let (x, y) = center(of: image, operation)
  let inverse = map.inverse
  check(
    inverse.xx.isFinite && inverse.dx.isFinite && inverse.dy.isFinite, operation,
    "cannot compute with numbers that are not finite")
  let lookup = AffineMap.translation(x: x, y: y).after(inverse).after(.translation(x: -x, y: -y))
  return sampled(image, through: lookup, fill: fill, operation)
}

/// Bends straight lines as a lens does. A pixel at distance r from the center shows what was at distance
///
/// r (1 + k r²)
///
/// in the same direction, r counted in halves of the image's larger side. With k > 0 lines bulge outward as on a
/// barrel, with k < 0 inward as on a pincushion.
///
/// D. C. Brown, "Decentering Distortion of Lenses", Photogrammetric Engineering 32, 1966.
public func lensDistortion(_ image: Tensor, k: Double, fill: ImageFill = .zero) -> Tensor {
  check(k.isFinite, "lensDistortion", "k is \(k)")
  let (x, y) = center(of: image, "lensDistortion")
  let unit = Double(max(image.shape[image.rank - 2], image.shape[image.rank - 1])) / 2
  let map = LensMap(centerX: x, centerY: y, strength: k / (unit * unit))
  return sampled(image, through: map, fill: fill, "lensDistortion")
}

private struct LensMap: PixelMap {
  let centerX: Double
  let centerY: Double
  /// k for distances in pixels.
  let strength: Double

  func source(x: Double, y: Double) -> (x: Double, y: Double) {
    let (fromCenterX, fromCenterY) = (x - centerX, y - centerY)
    let factor = 1 + strength * (fromCenterX * fromCenterX + fromCenterY * fromCenterY)
    return (centerX + factor * fromCenterX, centerY + factor * fromCenterY)
  }
}

private func center(of image: Tensor, _ operation: String) -> (x: Double, y: Double) {
  check(
    image.rank >= 2, operation, "needs an image of shape (H, W) or (C, H, W), found \(describe(image.shape))")
  return (Double(image.shape[image.rank - 1] - 1) / 2, Double(image.shape[image.rank - 2] - 1) / 2)
}
