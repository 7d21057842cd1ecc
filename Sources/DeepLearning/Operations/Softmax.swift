extension Tensor {
  /// yᵢ = e^xᵢ / Σⱼ e^xⱼ along `dim`: positive numbers that sum to 1. The largest x is subtracted first, which
  /// changes nothing in the quotient and keeps every exponential at most 1.
  ///
  /// ∂L/∂xᵢ = yᵢ (gᵢ − Σⱼ gⱼ yⱼ) with g = ∂L/∂y
  public func softmax(dim: Int) -> Tensor {
    let d = normalized(dim, rank: rank, operation: "softmax")
    let x = dtype.isFloatingPoint ? self : to(.float32)
    let y = x.alongRows(d) { row, out, n in
      softmaxRow(row, out, n, isLog: false)
    } double: { row, out, n in
      softmaxRow(row, out, n, isLog: false)
    }
    return record("SoftmaxBackward0", y, x, readsOutput: true) { gradient, y in
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
    let y = x.alongRows(d) { row, out, n in
      softmaxRow(row, out, n, isLog: true)
    } double: { row, out, n in
      softmaxRow(row, out, n, isLog: true)
    }
    return record("LogSoftmaxBackward0", y, x, readsOutput: true) { gradient, y in
      [gradient - y.exp() * gradient.sum(dim: d, keepDim: true)]
    }
  }

  /// Applies a row kernel along `dim`; other dimensions than the last are brought there and back.
  private func alongRows(
    _ dim: Int,
    float: (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void,
    double: (UnsafePointer<Double>, UnsafeMutablePointer<Double>, Int) -> Void
  ) -> Tensor {
    if rank > 0 && dim != rank - 1 {
      let rows = noGrad { transpose(dim, -1) }
      return noGrad { rows.alongRows(rank - 1, float: float, double: double).transpose(dim, -1).contiguous() }
    }
    let x = Tensors.contiguous(self)
    let y = Tensor(uninitializedLike: x)
    let n = shape.last ?? 1
    let rows = n == 0 ? 0 : count / n
    inParallel(rows, threshold: Swift.max(2, parallelThreshold / 4 / Swift.max(1, n)), grain: 1) {
      start, count in
      for r in start..<start + count {
        switch dtype {
        case .float64: double(x.pointer(Double.self) + r * n, y.pointer(Double.self) + r * n, n)
        default: float(x.pointer(Float.self) + r * n, y.pointer(Float.self) + r * n, n)
        }
      }
    }
    return y
  }
}

/// Softmax, or its logarithm, of one row.
@inline(__always)
private func softmaxRow<T: FloatingElement>(
  _ x: UnsafePointer<T>, _ y: UnsafeMutablePointer<T>, _ n: Int, isLog: Bool
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
