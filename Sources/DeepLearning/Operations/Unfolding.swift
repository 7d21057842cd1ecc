/// The patches of images, one a column: (N, C, H, W) to (N, C · kernel height · kernel width, L), where L is the number of
/// positions of the kernel, counted row by row. Also called "im2col":
///
/// columns[n, (c, r, s), (i, j)] = x[n, c, i · stride + r · dilation − padding, j · stride + s · dilation − padding], 0
/// outside of the image
///
/// A convolution is a product with it: `weight.flatten(1).matmul(unfold(x, 3))`. ∂L/∂x is ``fold(_:outputSize:_:dilation:padding:stride:)``
/// of the gradient.
public func unfold(
  _ x: Tensor, _ kernelSize: any IntOrPair, dilation: any IntOrPair = 1, padding: any IntOrPair = 0,
  stride: any IntOrPair = 1
) -> Tensor {
  checkImages(x, "unfold")
  return overBatch(x, rank: 4) { x in
    let axes = patchAxes(
      [x.shape[2], x.shape[3]], kernelSize, dilation, padding, stride, "unfold")
    return unfolded(x, axes)
  }
}

/// The transpose of ``unfold(_:_:dilation:padding:stride:)``: puts patches back into images of `outputSize`, adding them up
/// where they overlap: (N, C · kernel height · kernel width, L) to (N, C, height, width).
public func fold(
  _ columns: Tensor, outputSize: any IntOrPair, _ kernelSize: any IntOrPair, dilation: any IntOrPair = 1,
  padding: any IntOrPair = 0, stride: any IntOrPair = 1
) -> Tensor {
  let size = outputSize.pair(for: "fold, outputSize")
  check(
    (columns.rank == 2 || columns.rank == 3) && columns.dtype.isFloatingPoint, "fold",
    "the input must be floating-point (batch, channels · kernel, positions) or (channels · kernel, positions), found "
      + "\(columns.dtype) of shape \(describe(columns.shape))")
  return overBatch(columns, rank: 3) { columns in
    let axes = patchAxes([size.height, size.width], kernelSize, dilation, padding, stride, "fold")
    let taps = axes.rows.kernel * axes.columns.kernel
    let positions = axes.rows.outputs * axes.columns.outputs
    check(
      columns.shape[1] % taps == 0 && columns.shape[2] == positions, "fold",
      "the input \(describe(columns.shape)) does not fit: a kernel of \(taps) numbers has \(positions) positions in images "
        + "of \(size), so that (batch, channels · \(taps), \(positions)) was expected")
    return folded(columns, axes)
  }
}

private func patchAxes(
  _ size: [Int], _ kernelSize: any IntOrPair, _ dilation: any IntOrPair, _ padding: any IntOrPair,
  _ stride: any IntOrPair, _ operation: String
) -> (rows: SlidingAxis, columns: SlidingAxis) {
  let kernel = kernelSize.pair(for: "\(operation), kernelSize")
  let holes = dilation.pair(for: "\(operation), dilation")
  let around = padding.pair(for: "\(operation), padding")
  let steps = stride.pair(for: "\(operation), stride")
  func axis(_ size: Int, _ kernel: Int, _ stride: Int, _ padding: Int, _ dilation: Int) -> SlidingAxis {
    check(
      kernel > 0 && stride > 0 && dilation > 0 && padding >= 0, operation,
      "kernelSize, stride and dilation must be at least 1 and padding at least 0, found \(kernel), \(stride), "
        + "\(dilation) and \(padding)")
    let steps = size + 2 * padding - (kernel - 1) * dilation - 1
    check(
      steps >= 0, operation,
      "the kernel covers \((kernel - 1) * dilation + 1), and the image with its padding has \(size + 2 * padding)"
    )
    return SlidingAxis(
      size: size, kernel: kernel, stride: stride, padding: padding, dilation: dilation,
      outputs: steps / stride + 1)
  }
  return (
    axis(size[0], kernel.height, steps.height, around.height, holes.height),
    axis(size[1], kernel.width, steps.width, around.width, holes.width)
  )
}

private func unfolded(_ x: Tensor, _ axes: (rows: SlidingAxis, columns: SlidingAxis)) -> Tensor {
  let (batch, channels) = (x.shape[0], x.shape[1])
  let rows = channels * axes.rows.kernel * axes.columns.kernel
  let block = OutputBlock(rows: 0..<axes.rows.outputs, columns: 0..<axes.columns.outputs)
  let y = Tensor(uninitialized: [batch, rows, block.count], dtype: x.dtype)
  let source = contiguous(x)
  func run<E: FloatingElement>(_: E.Type) {
    let (from, to) = (source.pointer(E.self), y.pointer(E.self))
    let plane = axes.rows.size * axes.columns.size
    inParallel(batch, threshold: 2, grain: 1) { start, count in
      for n in start..<start + count {
        unfold(
          from + n * channels * plane, channels: channels, axes.rows, axes.columns, block,
          into: to + n * rows * block.count)
      }
    }
  }
  switch x.dtype {
  case .float64: run(Double.self)
  default: run(Float.self)
  }
  guard x.isTracked else { return y }
  return record("Im2ColBackward0", y, x) { gradient, _ in [folded(gradient, axes)] }
}

private func folded(_ columns: Tensor, _ axes: (rows: SlidingAxis, columns: SlidingAxis)) -> Tensor {
  let (batch, rows) = (columns.shape[0], columns.shape[1])
  let channels = rows / (axes.rows.kernel * axes.columns.kernel)
  let block = OutputBlock(rows: 0..<axes.rows.outputs, columns: 0..<axes.columns.outputs)
  let x = Tensor.zeros([batch, channels, axes.rows.size, axes.columns.size], dtype: columns.dtype)
  let source = contiguous(columns)
  func run<E: FloatingElement>(_: E.Type) {
    let (from, to) = (source.pointer(E.self), x.pointer(E.self))
    let plane = axes.rows.size * axes.columns.size
    inParallel(batch, threshold: 2, grain: 1) { start, count in
      for n in start..<start + count {
        fold(
          from + n * rows * block.count, channels: channels, axes.rows, axes.columns, block,
          addingTo: to + n * channels * plane)
      }
    }
  }
  switch x.dtype {
  case .float64: run(Double.self)
  default: run(Float.self)
  }
  guard columns.isTracked else { return x }
  return record("Col2ImBackward0", x, columns) { gradient, _ in [unfolded(gradient, axes)] }
}
