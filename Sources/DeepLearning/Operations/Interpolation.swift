// Images made larger or smaller.

/// How ``interpolate(_:size:scaleFactor:mode:alignCorners:)`` finds the numbers between those of the input.
public enum InterpolationMode: String, Sendable {
  /// The number next to it.
  case nearest
  /// For sequences: on the straight line between the two numbers around it.
  case linear
  /// For images: between the four numbers around it, first along one dimension and then along the other.
  case bilinear
}

/// Images or sequences in another size: (N, C, H, W) to (N, C, H′, W′), or (N, C, L) to (N, C, L′).
///
/// Output i lies at input i · H / H′ for `.nearest`, rounded down, and at (i + ½) H / H′ − ½ for the others, as if each
/// number were the middle of a square; with `alignCorners` at i (H − 1) / (H′ − 1), so that the corners stay where they
/// are. ∂L/∂x: each output's gradient goes back to the inputs that it was mixed from, times their weights.
///
/// - Parameters:
///   - size: The new size, or instead
///   - scaleFactor: by what the old is multiplied; H′ is rounded down.
public func interpolate(
  _ x: Tensor, size: (any IntOrPair)? = nil, scaleFactor: Double? = nil, mode: InterpolationMode = .nearest,
  alignCorners: Bool = false
) -> Tensor {
  let operation = "interpolate"
  check(
    (x.rank == 3 || x.rank == 4) && x.dtype.isFloatingPoint, operation,
    "the input must be floating-point (batch, channels, height, width) or (batch, channels, length), found \(x.dtype) of "
      + "shape \(describe(x.shape))")
  check(
    mode == .nearest || mode == (x.rank == 3 ? .linear : .bilinear), operation,
    "mode .\(mode) does not fit the input \(describe(x.shape)): .linear is for sequences, .bilinear for images"
  )
  check(
    mode != .nearest || !alignCorners, operation, "alignCorners says nothing about mode .nearest")
  check(
    (size == nil) != (scaleFactor == nil), operation, "takes either size or scaleFactor")
  check(scaleFactor ?? 1 > 0, operation, "scaleFactor \(scaleFactor ?? 0) must be above 0")
  if x.rank == 3, let size {
    // One number is the length; the pair form has no meaning here.
    let length = size.pair(for: operation).width
    return interpolated(x.unsqueeze(2), height: 1, width: length, nil, mode, alignCorners).squeeze(2)
  }
  let factor = scaleFactor ?? 1
  let width = Int(Double(x.shape[x.rank - 1]) * factor)
  if x.rank == 3 {
    return interpolated(x.unsqueeze(2), height: 1, width: width, factor, mode, alignCorners).squeeze(2)
  }
  let pair = size?.pair(for: operation)
  return interpolated(
    x, height: pair?.height ?? Int(Double(x.shape[2]) * factor), width: pair?.width ?? width, scaleFactor,
    mode, alignCorners)
}

private func interpolated(
  _ x: Tensor, height: Int, width: Int, _ factor: Double?, _ mode: InterpolationMode, _ alignCorners: Bool
) -> Tensor {
  check(
    height > 0 && width > 0 && x.shape[2] > 0 && x.shape[3] > 0, "interpolate",
    "sizes must be at least 1, found input \(describe(x.shape)) and output \(describe([height, width]))")
  func mixture(_ size: Int, _ outputs: Int) -> Mixture {
    let scale = factor.map { 1 / $0 } ?? Double(size) / Double(outputs)
    if mode == .nearest || size == 1 {
      return .nearest(size: size, outputs: outputs, scale: Float(scale))
    }
    if alignCorners {
      let step = outputs > 1 ? Double(size - 1) / Double(outputs - 1) : 0
      return .linear(size: size, outputs: outputs) { Double($0) * step }
    }
    return .linear(size: size, outputs: outputs) { (Double($0) + 0.5) * scale - 0.5 }
  }
  return resampled(
    x, mixture(x.shape[2], height), mixture(x.shape[3], width),
    mode == .nearest ? "UpsampleNearest2DBackward0" : "UpsampleBilinear2DBackward0")
}

/// Every plane of x (…, H, W) with its rows and its columns mixed anew. The derivative is the transpose of the same mixing,
/// and the derivative of that is the mixing again.
func resampled(_ x: Tensor, _ rows: Mixture, _ columns: Mixture, _ name: StaticString) -> Tensor {
  let leading = Array(x.shape.dropLast(2))
  let y = Tensor(uninitialized: leading + [rows.outputs, columns.outputs], dtype: x.dtype)
  if x.count == 0 {
    fill(y, with: 0)
  } else {
    let source = contiguous(x)
    let planes = elementCount(leading)
    switch x.dtype {
    case .float64: resample(source.pointer(Double.self), planes: planes, rows, columns, into: y.pointer())
    default: resample(source.pointer(Float.self), planes: planes, rows, columns, into: y.pointer())
    }
  }
  guard x.isTracked else { return y }
  return record(name, y, x) { gradient, _ in [resampled(gradient, rows.transposed, columns.transposed, name)]
  }
}
