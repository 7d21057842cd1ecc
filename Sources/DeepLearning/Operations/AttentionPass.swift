// What attention computes, matrix by matrix: one for each example and head. The matrices are divided among the cores.

/// The matrices in the last two dimensions of a tensor, where BLAS finds them.
private struct Matrices<E: FloatingElement> {
  let tensor: Tensor
  let layout: MatrixLayout
  /// Where each matrix begins.
  let starts: [UnsafeMutablePointer<E>]

  init(_ x: Tensor) {
    (tensor, layout) = matrices(x)
    starts = tensor.starts(E.self)
  }

  subscript(i: Int) -> UnsafePointer<E> { UnsafePointer(starts[i]) }
}

extension Tensor {
  /// Where the matrices in the last two dimensions begin, stretched to the leading dimensions `leading` if given.
  fileprivate func starts<E: FloatingElement>(
    _: E.Type, leading: [Int]? = nil
  ) -> [UnsafeMutablePointer<E>] {
    let first = alias(shape: Array(shape.dropLast(2)), strides: Array(strides.dropLast(2)))
    let shape = leading ?? first.shape
    let base = pointer(E.self)
    return Rows(shape, [broadcastStrides(first, to: shape)]).flatMap { offsets, count, steps in
      (0..<count).map { base + offsets[0] + $0 * steps[0] }
    }
  }
}

/// A mask's numbers, row by row of the scores.
private struct MaskRows<E: FloatingElement> {
  private let tensor: Tensor
  private let starts: [UnsafeMutablePointer<E>]
  private let rowStride: Int

  init(_ mask: Tensor, scores shape: [Int]) {
    // In a row the numbers are to be adjacent. Dimensions before the last may stay stretched.
    let missing = Array(repeating: 1, count: max(0, 2 - mask.rank))
    let own = missing + mask.shape.dropLast() + [shape[shape.count - 1]]
    tensor = contiguous(mask.alias(shape: own, strides: broadcastStrides(mask, to: own)))
    starts = tensor.starts(E.self, leading: Array(shape.dropLast(2)))
    rowStride = own[own.count - 2] == 1 ? 0 : tensor.strides[own.count - 2]
  }

  func row(_ row: Int, of matrix: Int) -> UnsafePointer<E> { UnsafePointer(starts[matrix] + row * rowStride) }
}

extension AttentionSettings {
  /// Writes softmax(s q kᵀ + m) v to `output`, and gives back the softmax, (…, L, S).
  func attend<E: FloatingElement>(
    _ q: Tensor, _ k: Tensor, _ v: Tensor, into output: Tensor, _: E.Type
  ) -> Tensor {
    let (rows, columns) = (q.size(-2), k.size(-2))
    let weights = Tensor(uninitialized: Array(q.shape.dropLast()) + [columns], dtype: q.dtype)
    if output.count == 0 || columns == 0 {
      fill(output, with: 0)
      return weights
    }
    let (mq, mk, mv, mo) = (Matrices<E>(q), Matrices<E>(k), Matrices<E>(v), Matrices<E>(output))
    let maskRows = mask.map { MaskRows<E>($0, scores: weights.shape) }
    let (p, factors) = (weights.pointer(E.self), dropout?.pointer(E.self))
    let size = rows * columns
    inParallel(mq.starts.count, threshold: enough(rows, columns, q.size(-1)), grain: 1) { start, count in
      withUnsafeTemporaryAllocation(of: E.self, capacity: size) { scores in
        let scores = scores.baseAddress!
        for i in start..<start + count {
          let p = p + i * size
          gemm(
            m: rows, n: columns, k: q.size(-1), a: mq[i], mq.layout, b: mk[i], mk.layout.transposed, beta: 0,
            c: scores, leadingDimension: columns)
          for r in 0..<rows {
            softmaxRow(
              scores + r * columns, scale: E(scale), mask: maskRows?.row(r, of: i),
              visible: isCausal ? min(r + 1, columns) : columns, of: columns, into: p + r * columns)
          }
          if let factors { multiplyRow(p, factors + i * size, into: scores, size) }
          gemm(
            m: rows, n: v.size(-1), k: columns, a: factors == nil ? p : scores, rowMajor(rows, columns),
            b: mv[i], mv.layout, beta: 0, c: mo.starts[i], leadingDimension: mo.layout.leadingDimension)
        }
      }
    }
    withExtendedLifetime((mq, mk, mv, mo, maskRows, weights, dropout)) {}
    return weights
  }

  /// Writes the gradients of q, k and v to `dq`, `dk` and `dv`, and gives back that of the mask if it takes one.
  func backward<E: FloatingElement>(
    _ q: Tensor, _ k: Tensor, _ v: Tensor, _ weights: Tensor, _ gradient: Tensor, into dq: Tensor,
    _ dk: Tensor, _ dv: Tensor, _: E.Type
  ) -> Tensor? {
    let (rows, columns) = (q.size(-2), k.size(-2))
    let dMask = maskInput.isEmpty ? nil : Tensor(uninitializedLike: weights)
    if weights.count == 0 || v.count == 0 {
      for empty in [dq, dk, dv] + (dMask.map { [$0] } ?? []) { fill(empty, with: 0) }
      return dMask
    }
    let (mq, mk, mv, mg) = (Matrices<E>(q), Matrices<E>(k), Matrices<E>(v), Matrices<E>(gradient))
    let (mdq, mdk, mdv) = (Matrices<E>(dq), Matrices<E>(dk), Matrices<E>(dv))
    let (p, factors) = (weights.pointer(E.self), dropout?.pointer(E.self))
    let masked = dMask?.pointer(E.self)
    let size = rows * columns
    let square = rowMajor(rows, columns)
    inParallel(mq.starts.count, threshold: enough(rows, columns, q.size(-1)), grain: 1) { start, count in
      withUnsafeTemporaryAllocation(of: E.self, capacity: size) { scratch in
        let d = scratch.baseAddress!
        for i in start..<start + count {
          let p = p + i * size
          let factors = factors.map { $0 + i * size }
          if let factors { multiplyRow(p, factors, into: d, size) }
          gemm(
            m: columns, n: v.size(-1), k: rows, a: factors == nil ? p : d, square.transposed, b: mg[i],
            mg.layout, beta: 0, c: mdv.starts[i], leadingDimension: mdv.layout.leadingDimension)
          gemm(
            m: rows, n: columns, k: v.size(-1), a: mg[i], mg.layout, b: mv[i], mv.layout.transposed, beta: 0,
            c: d, leadingDimension: columns)
          if let factors { multiplyRow(d, factors, into: d, size) }
          for r in 0..<rows {
            let place = r * columns
            softmaxGradientRow(d + place, p + place, into: d + place, columns)
            if let masked { (masked + i * size + place).update(from: d + place, count: columns) }
            scaleRow(d + place, by: E(scale), columns)
          }
          gemm(
            m: rows, n: q.size(-1), k: columns, a: d, square, b: mk[i], mk.layout, beta: 0, c: mdq.starts[i],
            leadingDimension: mdq.layout.leadingDimension)
          gemm(
            m: columns, n: q.size(-1), k: rows, a: d, square.transposed, b: mq[i], mq.layout, beta: 0,
            c: mdk.starts[i], leadingDimension: mdk.layout.leadingDimension)
        }
      }
    }
    withExtendedLifetime((mq, mk, mv, mg, mdq, mdk, mdv, weights, dropout)) {}
    return dMask
  }

  /// From how many matrices on it is worth sharing them.
  private func enough(_ rows: Int, _ columns: Int, _ size: Int) -> Int {
    max(2, parallelProduct / max(1, 2 * rows * columns * size))
  }

  private func rowMajor(_ rows: Int, _ columns: Int) -> MatrixLayout {
    MatrixLayout(rows: rows, columns: columns, rowStride: columns, columnStride: 1)!
  }
}

/// y = softmax(s x + m) over the first `n` of `count` numbers, and 0 from there on, and where every m is −∞. Scores x
/// are overwritten.
@inline(never)
private func softmaxRow<E: FloatingElement>(
  _ x: UnsafeMutablePointer<E>, scale: E, mask: UnsafePointer<E>?, visible n: Int, of count: Int,
  into y: UnsafeMutablePointer<E>
) {
  if let mask {
    for j in 0..<n { x[j] = x[j] * scale + mask[j] }
  } else {
    for j in 0..<n { x[j] *= scale }
  }
  let largest = largestOfRow(x, count: n)
  if largest == -.infinity {
    for j in 0..<count { y[j] = 0 }
    return
  }
  for j in 0..<n { y[j] = (x[j] - largest).exp() }
  let inverse = E(1 / sumOfRow(y, count: n))
  for j in 0..<n { y[j] *= inverse }
  for j in n..<count { y[j] = 0 }
}

@inline(never)
private func scaleRow<E: FloatingElement>(_ x: UnsafeMutablePointer<E>, by scale: E, _ n: Int) {
  for j in 0..<n { x[j] *= scale }
}

@inline(never)
private func multiplyRow<E: FloatingElement>(
  _ x: UnsafePointer<E>, _ y: UnsafePointer<E>, into out: UnsafeMutablePointer<E>, _ n: Int
) {
  for j in 0..<n { out[j] = x[j] * y[j] }
}
