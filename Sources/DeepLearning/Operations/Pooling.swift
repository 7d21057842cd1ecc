// Pooling: each window of an image becomes one number, its largest or its average.

/// The largest number in each window of every channel:
///
/// y[n, c, i, j] = max over r, s of x[n, c, i · stride + r · dilation − padding, j · stride + s · dilation − padding]
///
/// for x of shape (N, C, H, W) or (C, H, W); the padding counts as −∞. The result has height
/// ⌊(H + 2 padding − dilation (kernelSize − 1) − 1) / stride⌋ + 1 and width alike.
///
/// ∂L/∂x is ∂L/∂y at the place of the largest number, the first of equal ones, and 0 elsewhere.
///
/// - Parameters:
///   - stride: Steps from one window to the next; if nil, `kernelSize`, so that the windows touch and do not overlap.
///   - ceilMode: Whether a last window that reaches beyond the edge counts: the quotient is then rounded up.
public func maxPool2d(
  _ x: Tensor, _ kernelSize: any IntOrPair, stride: (any IntOrPair)? = nil, padding: any IntOrPair = 0,
  dilation: any IntOrPair = 1, ceilMode: Bool = false
) -> Tensor {
  let axes = poolingAxes(x, kernelSize, stride, padding, dilation, ceilMode: ceilMode, "max_pool2d")
  if axes.rows.isHalving && axes.columns.isHalving { return maxPooledByTwo(x, windowRows: 2) }
  return maxPooled(
    x, .sliding(axes.rows), .sliding(axes.columns), "MaxPool2DWithIndicesBackward0"
  ).values
}

/// ``maxPool2d(_:_:stride:padding:dilation:ceilMode:)``, and where in its plane each largest number stands: r · W + s,
/// `int64`.
public func maxPool2dWithIndices(
  _ x: Tensor, _ kernelSize: any IntOrPair, stride: (any IntOrPair)? = nil, padding: any IntOrPair = 0,
  dilation: any IntOrPair = 1, ceilMode: Bool = false
) -> (values: Tensor, indices: Tensor) {
  let axes = poolingAxes(x, kernelSize, stride, padding, dilation, ceilMode: ceilMode, "max_pool2d")
  return maxPooled(
    x, .sliding(axes.rows), .sliding(axes.columns), "MaxPool2DWithIndicesBackward0")
}

/// The largest number in each window of every channel of sequences: x of shape (N, C, L) or (C, L). See
/// ``maxPool2d(_:_:stride:padding:dilation:ceilMode:)``.
public func maxPool1d(
  _ x: Tensor, _ kernelSize: Int, stride: Int? = nil, padding: Int = 0, dilation: Int = 1,
  ceilMode: Bool = false
) -> Tensor {
  checkSequences(x, "max_pool1d")
  let axis = poolingAxis(
    x, 1, kernelSize, stride ?? kernelSize, padding, dilation, ceilMode: ceilMode, "max_pool1d")
  if axis.isHalving { return maxPooledByTwo(x.unsqueeze(-2), windowRows: 1).squeeze(-2) }
  return maxPooled(
    x.unsqueeze(-2), .sliding(.single), .sliding(axis), "MaxPool2DWithIndicesBackward0"
  ).values.squeeze(-2)
}

/// ``maxPool1d(_:_:stride:padding:dilation:ceilMode:)``, and where in its channel each largest number stands, `int64`.
public func maxPool1dWithIndices(
  _ x: Tensor, _ kernelSize: Int, stride: Int? = nil, padding: Int = 0, dilation: Int = 1,
  ceilMode: Bool = false
) -> (values: Tensor, indices: Tensor) {
  checkSequences(x, "max_pool1d")
  let axis = poolingAxis(
    x, 1, kernelSize, stride ?? kernelSize, padding, dilation, ceilMode: ceilMode, "max_pool1d")
  let (values, indices) = maxPooled(
    x.unsqueeze(-2), .sliding(.single), .sliding(axis), "MaxPool2DWithIndicesBackward0")
  return (values.squeeze(-2), indices.squeeze(-2))
}

/// The average of each window of every channel:
///
/// y[n, c, i, j] = (1 / window size) Σ_r Σ_s x[n, c, i · stride + r − padding, j · stride + s − padding]
///
/// for x of shape (N, C, H, W) or (C, H, W); the padding counts as 0. The result has the size that
/// ``maxPool2d(_:_:stride:padding:dilation:ceilMode:)`` gives. ∂L/∂x: each output's gradient is shared evenly by the
/// inputs of its window.
///
/// - Parameter countIncludePad: Whether the window size counts the padding within the window.
public func avgPool2d(
  _ x: Tensor, _ kernelSize: any IntOrPair, stride: (any IntOrPair)? = nil, padding: any IntOrPair = 0,
  ceilMode: Bool = false, countIncludePad: Bool = true
) -> Tensor {
  let axes = poolingAxes(x, kernelSize, stride, padding, 1, ceilMode: ceilMode, "avg_pool2d")
  return resampled(
    x, .pooling(axes.rows, countIncludePad: countIncludePad),
    .pooling(axes.columns, countIncludePad: countIncludePad), "AvgPool2DBackward0")
}

/// The average of each window of every channel of sequences: x of shape (N, C, L) or (C, L). See
/// ``avgPool2d(_:_:stride:padding:ceilMode:countIncludePad:)``.
public func avgPool1d(
  _ x: Tensor, _ kernelSize: Int, stride: Int? = nil, padding: Int = 0, ceilMode: Bool = false,
  countIncludePad: Bool = true
) -> Tensor {
  checkSequences(x, "avg_pool1d")
  let axis = poolingAxis(
    x, 1, kernelSize, stride ?? kernelSize, padding, 1, ceilMode: ceilMode, "avg_pool1d")
  return resampled(
    x.unsqueeze(-2), .pooling(.single, countIncludePad: true),
    .pooling(axis, countIncludePad: countIncludePad), "AvgPool2DBackward0"
  ).squeeze(-2)
}

/// Averages over windows that are laid out so that the result has the size asked for, whatever the input's: output i
/// is the average of rows ⌊i · H / H′⌋ up to ⌈(i + 1) · H / H′⌉, and of columns alike. `adaptiveAvgPool2d(x, 1)` is the
/// average of each channel.
///
/// x of shape (N, C, H, W) or (C, H, W) to (N, C, H′, W′) or (C, H′, W′).
public func adaptiveAvgPool2d(_ x: Tensor, _ outputSize: any IntOrPair) -> Tensor {
  let windows = adaptiveWindows(x, outputSize, "adaptive_avg_pool2d")
  // The numbers of a plane are adjacent, and their average needs neither rows nor columns.
  if windows.rows.starts.count == 1 && windows.columns.starts.count == 1 {
    return x.mean(dims: [-2, -1], keepDim: true)
  }
  return resampled(
    x, .adaptive(windows.rows, size: x.shape[x.rank - 2]),
    .adaptive(windows.columns, size: x.shape[x.rank - 1]),
    "AdaptiveAvgPool2DBackward0")
}

/// The same for sequences: x of shape (N, C, L) or (C, L) to length `outputSize`.
public func adaptiveAvgPool1d(_ x: Tensor, _ outputSize: Int) -> Tensor {
  checkSequences(x, "adaptive_avg_pool1d")
  return adaptiveAvgPool2d(x.unsqueeze(-2), [1, outputSize]).squeeze(-2)
}

/// The largest number in each of the windows that ``adaptiveAvgPool2d(_:_:)`` averages.
public func adaptiveMaxPool2d(_ x: Tensor, _ outputSize: any IntOrPair) -> Tensor {
  let windows = adaptiveWindows(x, outputSize, "adaptive_max_pool2d")
  return maxPooled(x, windows.rows, windows.columns, "AdaptiveMaxPool2DBackward0").values
}

/// The same for sequences: x of shape (N, C, L) or (C, L) to length `outputSize`.
public func adaptiveMaxPool1d(_ x: Tensor, _ outputSize: Int) -> Tensor {
  checkSequences(x, "adaptive_max_pool1d")
  return adaptiveMaxPool2d(x.unsqueeze(-2), [1, outputSize]).squeeze(-2)
}

// MARK: - From arguments to windows

/// A batch of images, or one image.
func checkImages(_ x: Tensor, _ operation: String) {
  check(
    (x.rank == 3 || x.rank == 4) && x.dtype.isFloatingPoint, operation,
    "the input must be floating-point (batch, channels, height, width) or (channels, height, width), found "
      + "\(x.dtype) of shape \(describe(x.shape))")
}

/// A batch of sequences, or one sequence.
func checkSequences(_ x: Tensor, _ operation: String) {
  check(
    (x.rank == 2 || x.rank == 3) && x.dtype.isFloatingPoint, operation,
    "the input must be floating-point (batch, channels, length) or (channels, length), found \(x.dtype) of shape "
      + describe(x.shape))
}

private func poolingAxes(
  _ x: Tensor, _ kernelSize: any IntOrPair, _ stride: (any IntOrPair)?, _ padding: any IntOrPair,
  _ dilation: any IntOrPair, ceilMode: Bool, _ operation: String
) -> (rows: SlidingAxis, columns: SlidingAxis) {
  checkImages(x, operation)
  let kernel = kernelSize.pair(for: "\(operation), kernelSize")
  let steps = stride?.pair(for: "\(operation), stride") ?? kernel
  let around = padding.pair(for: "\(operation), padding")
  let holes = dilation.pair(for: "\(operation), dilation")
  return (
    poolingAxis(
      x, 2, kernel.height, steps.height, around.height, holes.height, ceilMode: ceilMode, operation),
    poolingAxis(x, 1, kernel.width, steps.width, around.width, holes.width, ceilMode: ceilMode, operation)
  )
}

/// The axis along the dimension of `x` that is `fromEnd` from the end.
private func poolingAxis(
  _ x: Tensor, _ fromEnd: Int, _ kernel: Int, _ stride: Int, _ padding: Int, _ dilation: Int, ceilMode: Bool,
  _ operation: String
) -> SlidingAxis {
  let size = x.shape[x.rank - fromEnd]
  check(
    kernel > 0 && stride > 0 && dilation > 0, operation,
    "kernelSize, stride and dilation must be at least 1, found \(kernel), \(stride) and \(dilation)")
  let extent = (kernel - 1) * dilation + 1
  check(
    padding >= 0 && 2 * padding <= extent, operation,
    "padding must be between 0 and half of the kernel, found \(padding) for a kernel that covers \(extent): no window "
      + "may lie in the padding as a whole")
  let steps = size + 2 * padding - extent
  check(
    steps >= 0, operation,
    "the window of \(extent) does not fit into the input \(describe(x.shape)): with its padding dimension "
      + "\(x.rank - fromEnd) has \(size + 2 * padding)")
  var outputs = (ceilMode ? steps + stride - 1 : steps) / stride + 1
  // A window must begin within the input or the padding before it.
  if (outputs - 1) * stride >= size + padding { outputs -= 1 }
  return SlidingAxis(
    size: size, kernel: kernel, stride: stride, padding: padding, dilation: dilation, outputs: outputs)
}

private func adaptiveWindows(_ x: Tensor, _ outputSize: any IntOrPair, _ operation: String) -> (
  rows: Windows, columns: Windows
) {
  checkImages(x, operation)
  let size = outputSize.pair(for: "\(operation), outputSize")
  let (height, width) = (x.shape[x.rank - 2], x.shape[x.rank - 1])
  check(
    size.height > 0 && size.width > 0 && height > 0 && width > 0, operation,
    "sizes must be at least 1, found input \(describe(x.shape)) and outputSize \(size)")
  return (
    .adaptive(size: height, outputs: size.height), .adaptive(size: width, outputs: size.width)
  )
}

extension Mixture {
  fileprivate static func pooling(_ axis: SlidingAxis, countIncludePad: Bool) -> Mixture {
    let windows = Windows.sliding(axis)
    let divisors = (0..<axis.outputs).map { o in
      let start = o * axis.stride - axis.padding
      return countIncludePad
        ? min(start + axis.kernel, axis.size + axis.padding) - start : windows.ends[o] - windows.starts[o]
    }
    return .average(windows, size: axis.size, divisors: divisors)
  }

  fileprivate static func adaptive(_ windows: Windows, size: Int) -> Mixture {
    .average(windows, size: size, divisors: zip(windows.starts, windows.ends).map { $1 - $0 })
  }
}

// MARK: - The largest of each window

extension SlidingAxis {
  /// Whether windows of two lie side by side, and none at the edge of an odd size.
  fileprivate var isHalving: Bool {
    kernel == 2 && stride == 2 && padding == 0 && dilation == 1 && outputs == size / 2
  }
}

/// - Parameter windowRows: 2, or 1 where only the columns are halved.
private func maxPooledByTwo(_ x: Tensor, windowRows: Int) -> Tensor {
  let (leading, height, width) = (Array(x.shape.dropLast(2)), x.shape[x.rank - 2], x.shape[x.rank - 1])
  let y = Tensor(uninitialized: leading + [height / windowRows, width / 2], dtype: x.dtype)
  let source = contiguous(x)
  let planes = elementCount(leading)
  func run<E: FloatingElement, let rows: Int>(_ window: PairWindow<E, rows>.Type) {
    maxPoolByTwo(source.pointer(), planes: planes, height: height, width: width, into: y.pointer(), window)
  }
  switch (x.dtype, windowRows) {
  case (.float64, 1): run(PairWindow<Double, 1>.self)
  case (.float64, _): run(PairWindow<Double, 2>.self)
  case (_, 1): run(PairWindow<Float, 1>.self)
  default: run(PairWindow<Float, 2>.self)
  }
  guard x.isTracked else { return y }
  let saved = Saved(x)
  return record("MaxPool2DWithIndicesBackward0", y, x) { gradient, _ in
    let x = saved.tensor
    if isGradEnabled {
      let places = noGrad { maxPool2dWithIndices(x, [windowRows, 2]).indices }
      return [scattered(gradient, to: places, shape: x.shape)]
    }
    let result = Tensor(uninitialized: x.shape, dtype: x.dtype)
    let (source, g) = (contiguous(x), contiguous(gradient))
    func run<E: FloatingElement, let rows: Int>(_ window: PairWindow<E, rows>.Type) {
      maxPoolByTwoGradient(
        source.pointer(), g.pointer(), planes: planes, height: height, width: width, into: result.pointer(),
        window)
    }
    switch (x.dtype, windowRows) {
    case (.float64, 1): run(PairWindow<Double, 1>.self)
    case (.float64, _): run(PairWindow<Double, 2>.self)
    case (_, 1): run(PairWindow<Float, 1>.self)
    default: run(PairWindow<Float, 2>.self)
    }
    return [result]
  }
}

private func maxPooled(_ x: Tensor, _ rows: Windows, _ columns: Windows, _ name: StaticString) -> (
  values: Tensor, indices: Tensor
) {
  let leading = Array(x.shape.dropLast(2))
  let (height, width) = (x.shape[x.rank - 2], x.shape[x.rank - 1])
  let out = leading + [rows.starts.count, columns.starts.count]
  let y = Tensor(uninitialized: out, dtype: x.dtype)
  let places = Tensor(uninitialized: out, dtype: .int64)
  let source = contiguous(x)
  let planes = elementCount(leading)
  func run<E: FloatingElement>(_: E.Type) {
    maxPool(
      source.pointer(E.self), planes: planes, height: height, width: width, rows, columns,
      into: y.pointer(), places: places.pointer())
  }
  switch x.dtype {
  case .float64: run(Double.self)
  default: run(Float.self)
  }
  guard x.isTracked else { return (y, places) }
  let saved = Saved(places)
  let original = x.shape
  let recorded = record(name, y, x) { gradient, _ in
    [scattered(gradient, to: saved.tensor, shape: original)]
  }
  return (recorded, places)
}

/// Zeros of `shape` with every gradient added at its place in the plane.
private func scattered(_ gradient: Tensor, to places: Tensor, shape: [Int]) -> Tensor {
  let planes = elementCount(Array(shape.dropLast(2)))
  let inputs = shape[shape.count - 2] * shape[shape.count - 1]
  if isGradEnabled {
    let outputs = places.shape[places.rank - 2] * places.shape[places.rank - 1]
    return Tensor.zeros([planes, inputs], dtype: gradient.dtype)
      .scatterAdd(1, places.reshape(planes, outputs), gradient.reshape(planes, outputs)).reshape(shape)
  }
  let x = Tensor(uninitialized: shape, dtype: gradient.dtype)
  let g = contiguous(gradient)
  func run<E: FloatingElement>(_: E.Type) {
    scatterToPlaces(
      g.pointer(E.self), places.pointer(), planes: planes, outputs: planes == 0 ? 0 : g.count / planes,
      inputs: inputs, into: x.pointer())
  }
  switch x.dtype {
  case .float64: run(Double.self)
  default: run(Float.self)
  }
  return x
}
