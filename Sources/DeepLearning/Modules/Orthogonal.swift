extension Init {
  /// Rows or columns, whichever are fewer, of length `gain` and at right angles to each other: W Wᵀ = gain² I or
  /// WᵀW = gain² I, drawn evenly from all such matrices. A weight of more than two dimensions counts as the matrix
  /// (out, everything else).
  ///
  /// It is Q of the factorization QR of a matrix of normal numbers. Q is only determined up to the signs of its
  /// columns; making the diagonal of R positive determines them, and the distribution even.
  ///
  /// Sources: Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear
  /// neural networks" (2013); for the signs, Mezzadri, "How to generate random matrices from the classical compact
  /// groups" (2007).
  @discardableResult
  public static func orthogonal_(
    _ weight: Tensor, gain: Double = 1, generator: Generator = .default
  ) -> Tensor {
    check(
      weight.rank >= 2, "orthogonal_",
      "needs a weight of at least two dimensions, found \(describe(weight.shape))")
    guard weight.count > 0 else { return weight }
    return noGrad {
      let (rows, columns) = (weight.shape[0], weight.count / weight.shape[0])
      let normal = Tensor.randn([rows, columns], dtype: weight.dtype, generator: generator)
      let tall = rows < columns ? normal.T : normal
      let q = Tensor(
        orthonormalized(tall.toArray(of: Double.self), rows: tall.shape[0], columns: tall.shape[1]),
        shape: tall.shape)
      return weight.copy_((rows < columns ? q.T : q).reshape(weight.shape)).mul_(gain)
    }
  }
}

/// Q of the factorization A = QR, in row-major order, for the R whose diagonal is not negative; A has at least as many
/// rows as columns.
///
/// Householder's way: a mirror I − β v vᵀ turns column k onto axis k and leaves the axes before it alone, one mirror a
/// column. Together they turn A into R, and in the opposite order the axes into Q.
private func orthonormalized(_ matrix: [Double], rows: Int, columns: Int) -> [Double] {
  var r = matrix
  var mirrors: [Reflection] = []
  var q = [Double](repeating: 0, count: matrix.count)
  for k in 0..<columns {
    // v = x − d e with d = ∓|x|, the sign opposite to that of x's first element, so that nothing cancels.
    var v = (k..<rows).map { r[$0 * columns + k] }
    let length = v.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let d = v[0] > 0 ? -length : length
    v[0] -= d
    let square = v.reduce(0) { $0 + $1 * $1 }
    mirrors.append(Reflection(v: v, beta: square > 0 ? 2 / square : 0))
    mirrors[k].reflect(&r, columns: columns, from: k)
    // d is what R has on its diagonal; where it is negative, the axis is turned round.
    q[k * columns + k] = d < 0 ? -1 : 1
  }
  for k in (0..<columns).reversed() { mirrors[k].reflect(&q, columns: columns, from: k) }
  return q
}

private struct Reflection {
  let v: [Double]
  let beta: Double

  /// A ← A − β v (vᵀ A), over the rows and columns from k on; in all others nothing changes.
  func reflect(_ matrix: inout [Double], columns: Int, from k: Int) {
    var products = [Double](repeating: 0, count: columns)
    products.withUnsafeMutableBufferPointer { products in
      matrix.withUnsafeMutableBufferPointer { a in
        for (i, value) in v.enumerated() {
          let row = (k + i) * columns
          for j in k..<columns { products[j] += value * a[row + j] }
        }
        for (i, value) in v.enumerated() {
          let row = (k + i) * columns
          for j in k..<columns { a[row + j] -= beta * value * products[j] }
        }
      }
    }
  }
}
