extension Tensor {
  /// yᵢ = e^xᵢ / Σⱼ e^xⱼ along `dim`: positive numbers that sum to 1. The largest x is subtracted first, which
  /// changes nothing in the quotient and keeps every exponential at most 1.
  ///
  /// ∂L/∂xᵢ = yᵢ (gᵢ − Σⱼ gⱼ yⱼ) with g = ∂L/∂y
  public func softmax(dim: Int) -> Tensor {
    let d = normalized(dim, rank: rank, operation: "softmax")
    let x = dtype.isFloatingPoint ? self : to(.float32)
    let y = alongRows(d, x, x, SoftmaxRow(isLog: false))
    return record("SoftmaxBackward0", y, x, readsOutput: true) { gradient, y in
      guard isGradEnabled else { return [alongRows(d, gradient, y, SoftmaxGradientRow())] }
      let weighted = gradient * y
      return [weighted - y * weighted.sum(dim: d, keepDim: true)]
    }
  }

  /// yᵢ = xᵢ − ln Σⱼ e^xⱼ along `dim`, the logarithm of the softmax without ever forming it: finite wherever
  /// the x are.
  ///
  /// ∂L/∂xᵢ = gᵢ − softmax(x)ᵢ Σⱼ gⱼ with g = ∂L/∂y
  public func logSoftmax(dim: Int) -> Tensor {
    let d = normalized(dim, rank: rank, operation: "log_softmax")
    let x = dtype.isFloatingPoint ? self : to(.float32)
    let y = alongRows(d, x, x, SoftmaxRow(isLog: true))
    return record("LogSoftmaxBackward0", y, x, readsOutput: true) { gradient, y in
      guard isGradEnabled else { return [alongRows(d, gradient, y, LogSoftmaxGradientRow())] }
      return [gradient - y.exp() * gradient.sum(dim: d, keepDim: true)]
    }
  }
}

/// What is done to rows of two tensors, `n` numbers each, that give one row of the result.
private protocol RowFunction {
  func callAsFunction<T: FloatingElement>(
    _ a: UnsafePointer<T>, _ b: UnsafePointer<T>, into out: UnsafeMutablePointer<T>, _ n: Int)
}

/// Applies the function along `dim` of two tensors of one shape; other dimensions than the last are brought there and
/// back.
private func alongRows<F: RowFunction>(_ dim: Int, _ a: Tensor, _ b: Tensor, _ function: F) -> Tensor {
  if a.rank > 0 && dim != a.rank - 1 {
    return noGrad {
      alongRows(a.rank - 1, a.transpose(dim, -1), b.transpose(dim, -1), function).transpose(dim, -1)
        .contiguous()
    }
  }
  let (a, b) = (contiguous(a), contiguous(b))
  let out = Tensor(uninitializedLike: a)
  let n = a.shape.last ?? 1
  let rows = n == 0 ? 0 : a.count / n
  func run<T: FloatingElement>(_: T.Type) {
    let (first, second, target) = (a.pointer(T.self), b.pointer(T.self), out.pointer(T.self))
    inParallel(rows, threshold: max(2, parallelThreshold / 4 / max(1, n)), grain: 1) { start, count in
      for r in start..<start + count { function(first + r * n, second + r * n, into: target + r * n, n) }
    }
  }
  if a.dtype == .float64 { run(Double.self) } else { run(Float.self) }
  return out
}

/// Softmax, or its logarithm, of one row.
private struct SoftmaxRow: RowFunction {
  let isLog: Bool

  @inline(__always)
  func callAsFunction<T: FloatingElement>(
    _ x: UnsafePointer<T>, _: UnsafePointer<T>, into y: UnsafeMutablePointer<T>, _ n: Int
  ) {
    let largest = largestOfRow(x, count: n)
    // A row of −∞ alone would give −∞ − (−∞), which is not a number; PyTorch gives NaN there too.
    for i in 0..<n { y[i] = (x[i] - largest).exp() }
    let sum = sumOfRow(y, count: n)
    if isLog {
      // Not less their sum: that would be rounded as a number of the size of x.
      let rest = T(sum.log())
      for i in 0..<n { y[i] = (x[i] - largest) - rest }
    } else {
      let scale = T(1 / sum)
      for i in 0..<n { y[i] *= scale }
    }
  }
}

private struct SoftmaxGradientRow: RowFunction {
  @inline(__always)
  func callAsFunction<T: FloatingElement>(
    _ g: UnsafePointer<T>, _ y: UnsafePointer<T>, into out: UnsafeMutablePointer<T>, _ n: Int
  ) {
    softmaxGradientRow(g, y, into: out, n)
  }
}

/// out = g − e^y Σ g
private struct LogSoftmaxGradientRow: RowFunction {
  @inline(__always)
  func callAsFunction<T: FloatingElement>(
    _ g: UnsafePointer<T>, _ y: UnsafePointer<T>, into out: UnsafeMutablePointer<T>, _ n: Int
  ) {
    let sum = T(sumOfRow(g, count: n))
    for i in 0..<n { out[i] = g[i] - y[i].exp() * sum }
  }
}

/// out = y ∘ (g − Σ g y), the gradient for what y is the softmax of. `out` may be `g`.
@inline(never)
func softmaxGradientRow<T: FloatingElement>(
  _ g: UnsafePointer<T>, _ y: UnsafePointer<T>, into out: UnsafeMutablePointer<T>, _ n: Int
) {
  let sum = T(sumsOfRow(g, y, mean: 0, count: n).centered)
  for i in 0..<n { out[i] = y[i] * (g[i] - sum) }
}
