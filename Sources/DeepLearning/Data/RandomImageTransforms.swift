// Transforms of images (H, W) or (C, H, W) that draw what they do from `Generator.default`, anew for each image. Their
// names, and the order in which they draw, are torchvision's.

/// Shows an image in a mirror with probability `p`.
public struct RandomHorizontalFlip: Transform, CustomStringConvertible {
  public let p: Double

  public init(p: Double = 0.5) {
    check((0...1).contains(p), "RandomHorizontalFlip", "\(p) is not a probability")
    self.p = p
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    Tensor.rand(1).item() < p ? horizontalFlip(x) : x
  }

  public var description: String { "RandomHorizontalFlip(p=\(p))" }
}

/// Cuts `size` times `size` pixels out of an image at a random place, after `padding` pixels have been added on all
/// four sides.
///
/// `RandomCrop(28, padding: 2)` moves images of 28 × 28 by up to two pixels in each direction.
public struct RandomCrop: Transform, CustomStringConvertible {
  public let size: Int
  public let padding: Int
  public let fill: ImageFill

  public init(_ size: Int, padding: Int = 0, fill: ImageFill = .zero) {
    check(size >= 1 && padding >= 0, "RandomCrop", "cannot cut out \(size) pixels with padding \(padding)")
    self.size = size
    self.padding = padding
    self.fill = fill
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    check(x.rank >= 2, "RandomCrop", "needs an image, found a tensor of shape \(describe(x.shape))")
    let places = (
      rows: x.shape[x.rank - 2] + 2 * padding - size + 1,
      columns: x.shape[x.rank - 1] + 2 * padding - size + 1
    )
    check(
      places.rows >= 1 && places.columns >= 1, "RandomCrop",
      "\(size) pixels are more than an image of shape \(describe(x.shape)) has with padding \(padding)")
    // One place leaves nothing to draw.
    if places == (1, 1) {
      return crop(x, top: -padding, left: -padding, height: size, width: size, fill: fill)
    }
    let top = Generator.default.nextInt(in: 0..<places.rows)
    let left = Generator.default.nextInt(in: 0..<places.columns)
    return crop(x, top: top - padding, left: left - padding, height: size, width: size, fill: fill)
  }

  public var description: String { "RandomCrop(size=\(size), padding=\(padding))" }
}

/// Turns an image about its center by an angle between −`degrees` and `degrees`.
public struct RandomRotation: Transform, CustomStringConvertible {
  public let degrees: Double
  public let fill: ImageFill

  public init(_ degrees: Double, fill: ImageFill = .zero) {
    check(degrees >= 0, "RandomRotation", "degrees \(degrees) must not be negative")
    self.degrees = degrees
    self.fill = fill
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    rotate(x, degrees: drawn(-degrees...degrees), fill: fill)
  }

  public var description: String { "RandomRotation(degrees=\(degrees))" }
}

/// Turns, moves, scales and slants an image, as ``affine(_:angle:translate:scale:shear:fill:)`` does.
///
///     RandomAffine(degrees: 10, translate: (0.1, 0.1), scale: 0.9...1.1, shear: 5)
public struct RandomAffine: Transform, CustomStringConvertible {
  public let degrees: Double
  public let translate: (x: Double, y: Double)?
  public let scale: ClosedRange<Double>?
  public let shear: Double?
  public let fill: ImageFill

  /// - Parameters:
  ///   - degrees: The angle lies between −`degrees` and `degrees`.
  ///   - translate: The largest moves to the right or left and up or down, as parts of width and height; whole
  ///     pixels are drawn.
  ///   - scale: The factors to choose from.
  ///   - shear: The horizontal slant lies between −`shear` and `shear` degrees.
  public init(
    degrees: Double, translate: (x: Double, y: Double)? = nil, scale: ClosedRange<Double>? = nil,
    shear: Double? = nil, fill: ImageFill = .zero
  ) {
    check(degrees >= 0, "RandomAffine", "degrees \(degrees) must not be negative")
    if let translate {
      check(
        0...1 ~= translate.x && 0...1 ~= translate.y, "RandomAffine",
        "moves are parts of the size, from 0 to 1, found \(translate.x) and \(translate.y)")
    }
    check(scale.map { $0.lowerBound > 0 } ?? true, "RandomAffine", "scales must be positive")
    check(shear.map { 0..<90 ~= $0 } ?? true, "RandomAffine", "shear must be at least 0 and below 90 degrees")
    self.degrees = degrees
    self.translate = translate
    self.scale = scale
    self.shear = shear
    self.fill = fill
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    check(x.rank >= 2, "RandomAffine", "needs an image, found a tensor of shape \(describe(x.shape))")
    let angle = drawn(-degrees...degrees)
    var move = (x: 0.0, y: 0.0)
    if let translate {
      let largestX = translate.x * Double(x.shape[x.rank - 1])
      let largestY = translate.y * Double(x.shape[x.rank - 2])
      move.x = drawn(-largestX...largestX).rounded(.toNearestOrEven)
      move.y = drawn(-largestY...largestY).rounded(.toNearestOrEven)
    }
    let factor = scale.map(drawn) ?? 1
    let slant = shear.map { drawn(-$0...$0) } ?? 0
    return affine(x, angle: angle, translate: move, scale: factor, shear: (slant, 0), fill: fill)
  }

  public var description: String {
    let settings = [
      "degrees=\(degrees)", translate.map { "translate=(\($0.x), \($0.y))" }, scale.map { "scale=\($0)" },
      shear.map { "shear=\($0)" },
    ]
    return "RandomAffine(" + settings.compactMap(\.self).joined(separator: ", ") + ")"
  }
}

/// Stretches an image by random factors, one for its width and one for its height.
public struct RandomStretch: Transform, CustomStringConvertible {
  public let x: ClosedRange<Double>
  public let y: ClosedRange<Double>
  public let fill: ImageFill

  public init(x: ClosedRange<Double> = 1...1, y: ClosedRange<Double> = 1...1, fill: ImageFill = .zero) {
    check(
      x.lowerBound > 0 && y.lowerBound > 0, "RandomStretch", "factors must be positive, found \(x) and \(y)")
    self.x = x
    self.y = y
    self.fill = fill
  }

  public func callAsFunction(_ image: Tensor) -> Tensor {
    let factor = (x: drawn(x), y: drawn(y))
    return stretch(image, x: factor.x, y: factor.y, fill: fill)
  }

  public var description: String { "RandomStretch(x=\(x), y=\(y))" }
}

/// Bends an image as a lens does, ``lensDistortion(_:k:fill:)``, with a random k.
public struct RandomLensDistortion: Transform, CustomStringConvertible {
  public let k: ClosedRange<Double>
  public let fill: ImageFill

  public init(k: ClosedRange<Double>, fill: ImageFill = .zero) {
    self.k = k
    self.fill = fill
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { lensDistortion(x, k: drawn(k), fill: fill) }

  public var description: String { "RandomLensDistortion(k=\(k))" }
}

/// A number between the bounds.
private func drawn(_ range: ClosedRange<Double>) -> Double {
  Tensor.empty(1).uniform_(range.lowerBound, range.upperBound).item()
}
