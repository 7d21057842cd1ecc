// How an image is bent: each pixel of the result is looked up in the original, between pixels if need be.

/// What an image is taken to be beyond its border.
public enum ImageFill: Sendable {
  /// 0, which is black.
  case zero
  /// The nearest pixel of the border.
  case edge
}

/// Where the pixels of the result come from.
protocol PixelMap {
  /// The place in the original of the pixel in column `x` and row `y` of the result. Whole numbers are the centers
  /// of pixels, (0, 0) that of the one in the upper left corner.
  func source(x: Double, y: Double) -> (x: Double, y: Double)
}

/// A new image, of `height` rows and `width` columns where these are given. Each of its pixels has the value of
/// `image` at the place that `map` names, computed from the four pixels around that place:
///
/// v = (1 − b) [(1 − a) v₀₀ + a v₀₁] + b [(1 − a) v₁₀ + a v₁₁]
///
/// where a is the distance from the left two, and b that from the upper two.
func sampled(
  _ image: Tensor, through map: some PixelMap, height: Int? = nil, width: Int? = nil, fill: ImageFill,
  _ operation: String
) -> Tensor {
  check(
    image.rank >= 2 && image.count > 0, operation,
    "needs an image of shape (H, W) or (C, H, W), found \(describe(image.shape))")
  let source = noGrad { image.detach().contiguous() }
  let size = [height ?? image.shape[image.rank - 2], width ?? image.shape[image.rank - 1]]
  let result = Tensor(uninitialized: image.shape.dropLast(2) + size, dtype: image.dtype)
  switch image.dtype {
  case .float32: sample(source, through: map, fill, into: result, Float.self)
  case .float64: sample(source, through: map, fill, into: result, Double.self)
  case .int64, .bool:
    fail(operation, "needs a floating-point image, found \(image.dtype); ToTensor() makes one of bytes")
  }
  return result
}

private func sample<E: TensorElement & BinaryFloatingPoint>(
  _ image: Tensor, through map: some PixelMap, _ fill: ImageFill, into result: Tensor, _: E.Type
) {
  let (height, width) = (image.shape[image.rank - 2], image.shape[image.rank - 1])
  let (newHeight, newWidth) = (result.shape[image.rank - 2], result.shape[image.rank - 1])
  let channels = image.count / (height * width)
  let (pixels, target) = (image.pointer(E.self), result.pointer(E.self))
  for y in 0..<newHeight {
    for x in 0..<newWidth {
      let place = map.source(x: Double(x), y: Double(y))
      let columns = Neighbors<E>(of: place.x, among: width, fill)
      let rows = Neighbors<E>(of: place.y, among: height, fill)
      for channel in 0..<channels {
        let upper = pixels + (channel * height + rows.first) * width
        let lower = pixels + (channel * height + rows.second) * width
        target[(channel * newHeight + y) * newWidth + x] =
          rows.weight * columns.between(upper) + rows.secondWeight * columns.between(lower)
      }
    }
  }
}

/// The two pixels of a row, or of a column, between which a place lies, and how much each of them counts.
private struct Neighbors<E: TensorElement & BinaryFloatingPoint> {
  let first: Int
  let second: Int
  let weight: E
  let secondWeight: E

  @inline(__always)
  init(of place: Double, among count: Int, _ fill: ImageFill) {
    // One pixel beyond the border everything has been said, and far away no Int could hold the place.
    let place = min(max(place, -1), Double(count))
    let floor = place.rounded(.down)
    let (left, a) = (Int(floor), E(place - floor))
    first = min(max(left, 0), count - 1)
    second = min(max(left + 1, 0), count - 1)
    weight = fill == .edge || left == first ? 1 - a : 0
    secondWeight = fill == .edge || left + 1 == second ? a : 0
  }

  @inline(__always)
  func between(_ row: UnsafeMutablePointer<E>) -> E { weight * row[first] + secondWeight * row[second] }
}
