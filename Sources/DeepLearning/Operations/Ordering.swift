// Running sums and sorting.

extension Tensor {
  /// y[i] = Σ x[0 ... i] along `dim`;  ∂L/∂x[i] = Σ ∂L/∂y[i ...]
  public func cumsum(_ dim: Int) -> Tensor {
    let d = normalized(dim, rank: rank, operation: "cumsum")
    if rank == 0 { return self }
    let x = dtype == .bool ? to(.int64) : self
    let source = Tensors.contiguous(x)
    let y = Tensor(uninitialized: shape, dtype: x.dtype)
    func run<E: TensorElement & AdditiveArithmetic>(_: E.Type, _ add: (E, E) -> E) {
      let from = source.pointer(E.self)
      let to = y.pointer(E.self)
      let n = shape[d]
      let inner = y.strides[d]
      for o in 0..<(count / Swift.max(1, n * inner)) {
        for i in 0..<inner {
          var sum = E.zero
          for c in 0..<n {
            let place = (o * n + c) * inner + i
            sum = add(sum, from[place])
            to[place] = sum
          }
        }
      }
    }
    switch x.dtype {
    case .float32: run(Float.self) { $0 + $1 }
    case .float64: run(Double.self) { $0 + $1 }
    default: run(Int.self) { $0 &+ $1 }
    }
    return record("CumsumBackward0", y, self) { gradient, _ in [gradient.flip(d).cumsum(d).flip(d)] }
  }

  /// The elements in order along `dim`, and the positions they came from. Equal ones keep their order; NaN
  /// counts as larger than everything.
  public func sort(dim: Int = -1, descending: Bool = false) -> (values: Tensor, indices: Tensor) {
    let indices = argsort(dim: dim, descending: descending)
    return (rank == 0 ? self : gather(dim, indices), indices)
  }

  /// The positions that would bring the elements in order along `dim`.
  public func argsort(dim: Int = -1, descending: Bool = false) -> Tensor {
    let d = normalized(dim, rank: rank, operation: "sort")
    if rank == 0 { return Tensor(0) }
    let x = Tensors.contiguous(self)
    let result = Tensor(uninitialized: shape, dtype: .int64)
    let n = shape[d]
    let inner = result.strides[d]
    let keys = x.orderKeys()
    let target = result.pointer(Int.self)
    for column in 0..<(n == 0 ? 0 : count / n) {
      let start = column / inner * n * inner + column % inner
      let order = (0..<n).sorted { i, j in
        let a = keys[start + i * inner]
        let b = keys[start + j * inner]
        return a == b ? i < j : (a < b) != descending
      }
      for (c, position) in order.enumerated() { target[start + c * inner] = position }
    }
    return result
  }

  /// Whole numbers in the order of the elements, NaN above everything.
  private func orderKeys() -> [Int] {
    switch dtype {
    case .float32: toArray(of: Float.self).map { $0.isNaN ? Int.max : $0 == 0 ? 0 : Int($0.orderKey) }
    case .float64: toArray(of: Double.self).map { $0.isNaN ? Int.max : $0 == 0 ? 0 : Int($0.orderKey) }
    case .int64, .bool: toArray(of: Int.self)
    }
  }

  /// The `k` largest (or smallest) elements along `dim` in order, and their positions.
  public func topK(_ k: Int, dim: Int = -1, largest: Bool = true) -> (values: Tensor, indices: Tensor) {
    let d = normalized(dim, rank: rank, operation: "topk")
    check(
      rank > 0 && k >= 0 && k <= shape[d], "topk",
      "cannot take the \(k) largest of dimension \(d) of \(describe(shape))")
    let indices = argsort(dim: d, descending: largest).narrow(d, 0, k).contiguous()
    return (gather(d, indices), indices)
  }
}
