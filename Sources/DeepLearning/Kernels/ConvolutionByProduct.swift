// Convolution and both of its derivatives as products with the unfolded image. Any stride, dilation and grouping.
//
// The unfolding repeats every number of the image once for each place of the kernel. It is never made as a whole: a
// block of it, small enough for the cache, is made, multiplied and forgotten.

/// What one core unfolds at a time, in bytes: half of a usual second-level cache.
private let blockBytes = 1 << 20

extension ConvolutionShape {
  /// Cuts the output positions into rectangles whose unfolding takes at most ``blockBytes``, or is one column.
  fileprivate func blocks(elementSize: Int) -> [OutputBlock] {
    let perPosition = max(1, inPerGroup * taps * elementSize)
    let positions = max(1, blockBytes / perPosition)
    // Whole rows where one fits, because the product's result is then adjacent in memory; else parts of one row.
    let height = isPointwise ? rows.outputs : max(1, positions / max(1, columns.outputs))
    let width = isPointwise ? columns.outputs : min(columns.outputs, positions)
    var result: [OutputBlock] = []
    for i in stride(from: 0, to: rows.outputs, by: max(1, height)) {
      for j in stride(from: 0, to: columns.outputs, by: max(1, width)) {
        result.append(
          OutputBlock(
            rows: i..<min(rows.outputs, i + height), columns: j..<min(columns.outputs, j + width)))
      }
    }
    return result
  }

  /// Where a block begins in a plane of the output.
  fileprivate func offset(of block: OutputBlock) -> Int {
    block.rows.lowerBound * columns.outputs + block.columns.lowerBound
  }

  /// Memory for the unfolding of one block.
  fileprivate func scratch<T>(_ blocks: [OutputBlock], _: T.Type) -> Storage {
    let positions = isPointwise ? 0 : blocks.reduce(0) { max($0, $1.count) }
    return Storage(byteCount: inPerGroup * taps * positions * MemoryLayout<T>.stride)
  }

  fileprivate var weightLayout: MatrixLayout {
    MatrixLayout(
      rows: outPerGroup, columns: inPerGroup * taps, rowStride: inPerGroup * taps, columnStride: 1)!
  }

  fileprivate func planeLayout(rows: Int, _ count: Int, plane: Int) -> MatrixLayout {
    MatrixLayout(rows: rows, columns: count, rowStride: plane, columnStride: 1)!
  }
}

/// y = w ∗ x + bias for every image and group.
func convolveByProduct<T: FloatingElement>(
  _ x: UnsafePointer<T>, _ w: UnsafePointer<T>, bias: UnsafePointer<T>?, into y: UnsafeMutablePointer<T>,
  _ shape: ConvolutionShape
) {
  let blocks = shape.blocks(elementSize: MemoryLayout<T>.stride)
  let depth = shape.inPerGroup * shape.taps
  inParallel(pieces: shape.batch * shape.groups * blocks.count) { pieces in
    let scratch = shape.scratch(blocks, T.self)
    while let item = pieces.next() {
      let block = blocks[item % blocks.count]
      let part = item / blocks.count  // image · groups + group
      let group = part % shape.groups
      let image = x + part * shape.inPerGroup * shape.inPlane
      let result = y + part * shape.outPerGroup * shape.outPlane + shape.offset(of: block)
      if let bias {
        for k in 0..<shape.outPerGroup {
          let value = bias[group * shape.outPerGroup + k]
          let row = result + k * shape.outPlane
          for p in 0..<block.count { row[p] = value }
        }
      }
      var columns = image
      if !shape.isPointwise {
        let unfolded = scratch.base.assumingMemoryBound(to: T.self)
        unfold(image, channels: shape.inPerGroup, shape.rows, shape.columns, block, into: unfolded)
        columns = UnsafePointer(unfolded)
      }
      gemm(
        m: shape.outPerGroup, n: block.count, k: depth, a: w + group * shape.outPerGroup * depth,
        shape.weightLayout, b: columns, shape.planeLayout(rows: depth, block.count, plane: block.count),
        beta: bias == nil ? 0 : 1, c: result, leadingDimension: shape.outPlane)
    }
  }
}

/// The gradient for x: the transposed product, folded.
func convolveInputByProduct<T: FloatingElement>(
  _ gradient: UnsafePointer<T>, _ w: UnsafePointer<T>, bias: UnsafePointer<T>?,
  into x: UnsafeMutablePointer<T>, _ shape: ConvolutionShape
) {
  let blocks = shape.blocks(elementSize: MemoryLayout<T>.stride)
  let depth = shape.inPerGroup * shape.taps
  // One image's blocks overlap where they are added up, so that a core does all of them.
  inParallel(pieces: shape.batch * shape.groups) { pieces in
    let scratch = shape.scratch(blocks, T.self)
    let unfolded = scratch.base.assumingMemoryBound(to: T.self)
    while let part = pieces.next() {
      let group = part % shape.groups
      let image = x + part * shape.inPerGroup * shape.inPlane
      for c in 0..<shape.inPerGroup {
        let value = bias?[group * shape.inPerGroup + c] ?? 0
        let plane = image + c * shape.inPlane
        for p in 0..<shape.inPlane { plane[p] = value }
      }
      for block in blocks {
        let target = shape.isPointwise ? image : unfolded
        gemm(
          m: depth, n: block.count, k: shape.outPerGroup, a: w + group * shape.outPerGroup * depth,
          shape.weightLayout.transposed,
          b: gradient + part * shape.outPerGroup * shape.outPlane + shape.offset(of: block),
          shape.planeLayout(rows: shape.outPerGroup, block.count, plane: shape.outPlane),
          beta: shape.isPointwise ? 1 : 0, c: target, leadingDimension: block.count)
        if !shape.isPointwise {
          fold(
            target, channels: shape.inPerGroup, shape.rows, shape.columns, block, addingTo: image)
        }
      }
    }
  }
}

/// The gradient for w: the product of the output's gradient with the transposed unfolding, summed over the batch.
func convolveWeightByProduct<T: FloatingElement>(
  _ x: UnsafePointer<T>, _ gradient: UnsafePointer<T>, into w: UnsafeMutablePointer<T>,
  _ shape: ConvolutionShape
) {
  let blocks = shape.blocks(elementSize: MemoryLayout<T>.stride)
  let depth = shape.inPerGroup * shape.taps
  let weights = shape.outChannels * depth
  // Parts of the batch are summed apart and then together. How many there are does not depend on the number of cores,
  // and neither does the result.
  let parts = min(shape.batch, 8)
  let sums = Storage(byteCount: (parts - 1) * weights * MemoryLayout<T>.stride)
  func sum(_ part: Int) -> UnsafeMutablePointer<T> {
    part == 0 ? w : sums.base.assumingMemoryBound(to: T.self) + (part - 1) * weights
  }
  inParallel(pieces: parts) { pieces in
    let scratch = shape.scratch(blocks, T.self)
    while let part = pieces.next() {
      let sum = sum(part)
      for i in 0..<weights { sum[i] = 0 }
      for image in part * shape.batch / parts..<(part + 1) * shape.batch / parts {
        for group in 0..<shape.groups {
          let channels = x + (image * shape.inChannels + group * shape.inPerGroup) * shape.inPlane
          let gradients = gradient + (image * shape.outChannels + group * shape.outPerGroup) * shape.outPlane
          for block in blocks {
            var columns = channels
            if !shape.isPointwise {
              let unfolded = scratch.base.assumingMemoryBound(to: T.self)
              unfold(channels, channels: shape.inPerGroup, shape.rows, shape.columns, block, into: unfolded)
              columns = UnsafePointer(unfolded)
            }
            gemm(
              m: shape.outPerGroup, n: depth, k: block.count, a: gradients + shape.offset(of: block),
              shape.planeLayout(rows: shape.outPerGroup, block.count, plane: shape.outPlane),
              b: columns, shape.planeLayout(rows: depth, block.count, plane: block.count).transposed,
              beta: 1, c: sum + group * shape.outPerGroup * depth, leadingDimension: depth)
          }
        }
      }
    }
  }
  for part in 1..<parts {
    let sum = sum(part)
    for i in 0..<weights { w[i] += sum[i] }
  }
}
