// Operations that fold one or more dimensions into a single number each.
//
// All take `dim` (one dimension, negative ones counting from the end), `dims` (several) or neither (all),
// and `keepDim`, which leaves a dimension of size 1 in place of each one folded.

extension Tensor {
  /// The dimensions that a reduction folds, in order.
  fileprivate func folded(_ dims: [Int]?, _ operation: StaticString) -> [Int] {
    guard let dims else { return Array(0..<rank) }
    let result = dims.map { normalized($0, rank: rank, operation: "\(operation)") }.sorted()
    for i in result.indices.dropFirst() {
      check(result[i] != result[i - 1], "\(operation)", "dimension \(result[i]) is named twice")
    }
    return rank == 0 ? [] : result
  }

  /// This shape with the folded dimensions of size 1, or gone.
  fileprivate func reducedShape(_ dims: [Int], keepDim: Bool) -> [Int] {
    keepDim
      ? shape.indices.map { dims.contains($0) ? 1 : shape[$0] }
      : shape.indices.filter { !dims.contains($0) }.map { shape[$0] }
  }

  /// A reduced tensor with its folded dimensions put back as size 1, so that it broadcasts against `shape`.
  fileprivate func restored(_ dims: [Int], of shape: [Int]) -> Tensor {
    reshape(shape.indices.map { dims.contains($0) ? 1 : shape[$0] })
  }

  private func sumOrMean(_ name: StaticString, _ requested: [Int]?, keepDim: Bool, isMean: Bool) -> Tensor {
    let x = dtype.isFloatingPoint ? self : to(isMean ? .float32 : .int64)
    let dims = folded(requested, name)
    let n = dims.reduce(1) { $0 * shape[$1] }
    let scale = isMean ? 1 / Double(n) : 1
    let y = Tensor(uninitialized: reducedShape(dims, keepDim: keepDim), dtype: x.dtype)
    let plan = FoldPlan(x, over: dims)
    switch x.dtype {
    case .float32: reduceSum(plan, into: y.pointer(Float.self), scale: Float(scale))
    case .float64: reduceSum(plan, into: y.pointer(Double.self), scale: scale)
    default: reduceFold(plan, into: y.pointer(Int.self), from: 0) { (sum: Int, x: Int) in sum &+ x }
    }
    guard isTracked else { return y }
    let original = shape
    return record(name, y, self) { gradient, _ in
      let g = isMean ? gradient * scale : gradient
      return [g.restored(dims, of: original).expand(original)]
    }
  }

  /// Σ x;  ∂/∂x = 1
  public func sum() -> Tensor { sumOrMean("SumBackward0", nil, keepDim: false, isMean: false) }
  public func sum(dim: Int, keepDim: Bool = false) -> Tensor { sum(dims: [dim], keepDim: keepDim) }
  public func sum(dims: [Int], keepDim: Bool = false) -> Tensor {
    sumOrMean("SumBackward1", dims, keepDim: keepDim, isMean: false)
  }

  /// Σ x / n;  ∂/∂x = 1/n
  public func mean() -> Tensor { sumOrMean("MeanBackward0", nil, keepDim: false, isMean: true) }
  public func mean(dim: Int, keepDim: Bool = false) -> Tensor { mean(dims: [dim], keepDim: keepDim) }
  public func mean(dims: [Int], keepDim: Bool = false) -> Tensor {
    sumOrMean("MeanBackward1", dims, keepDim: keepDim, isMean: true)
  }

  /// Σ (x − mean)² / (n − 1), or / n where not `unbiased`
  public func variance(unbiased: Bool = true) -> Tensor {
    variance(dims: Array(0..<rank), unbiased: unbiased)
  }
  public func variance(dim: Int, unbiased: Bool = true, keepDim: Bool = false) -> Tensor {
    variance(dims: [dim], unbiased: unbiased, keepDim: keepDim)
  }
  public func variance(dims: [Int], unbiased: Bool = true, keepDim: Bool = false) -> Tensor {
    let dims = folded(dims, "var")
    let n = dims.reduce(1) { $0 * shape[$1] }
    return (self - mean(dims: dims, keepDim: true)).square().sum(dims: dims, keepDim: keepDim)
      / Double(unbiased ? n - 1 : n)
  }

  /// The square root of the variance; its derivative is taken to be 0 where all elements are equal.
  public func std(unbiased: Bool = true) -> Tensor { variance(unbiased: unbiased).rootWithFlatZero() }
  public func std(dim: Int, unbiased: Bool = true, keepDim: Bool = false) -> Tensor {
    variance(dim: dim, unbiased: unbiased, keepDim: keepDim).rootWithFlatZero()
  }

  /// √x without the infinite slope at 0.
  private func rootWithFlatZero() -> Tensor {
    let isZero = self .== 0
    return maskedFill(isZero, 1).sqrt().maskedFill(isZero, 0)
  }

  /// The Euclidean norm √(Σ x²);  ∂/∂x = x / norm, 0 at 0
  public func norm() -> Tensor { norm(dims: Array(0..<rank)) }
  public func norm(dim: Int, keepDim: Bool = false) -> Tensor { norm(dims: [dim], keepDim: keepDim) }
  public func norm(dims: [Int], keepDim: Bool = false) -> Tensor {
    let dims = folded(dims, "norm")
    let y = noGrad { square().sum(dims: dims, keepDim: keepDim).sqrt() }
    guard isTracked else { return y }
    let saved = Saved(self)
    return record("NormBackward1", y, self, readsOutput: true) { gradient, y in
      let x = saved.tensor
      let norm = y.restored(dims, of: x.shape)
      let direction = `where`(norm .> 0, x / norm, .constant(0))
      return [gradient.restored(dims, of: x.shape) * direction]
    }
  }

  /// Π x;  ∂/∂xᵢ is the product of the others
  public func prod(dim: Int, keepDim: Bool = false) -> Tensor {
    let d = normalized(dim, rank: rank, operation: "prod")
    let y = Tensor(uninitialized: reducedShape([d], keepDim: keepDim), dtype: dtype == .bool ? .int64 : dtype)
    let plan = FoldPlan(dtype == .bool ? to(.int64) : self, over: [d])
    switch y.dtype {
    case .float32: reduceFold(plan, into: y.pointer(), from: 1) { (p: Float, x: Float) in p * x }
    case .float64: reduceFold(plan, into: y.pointer(), from: 1) { (p: Double, x: Double) in p * x }
    default: reduceFold(plan, into: y.pointer(), from: 1) { (p: Int, x: Int) in p &* x }
    }
    guard isTracked else { return y }
    let saved = Saved(self)
    return record("ProdBackward1", y, self) { gradient, _ in
      // For each element the product of those before it times the product of those after it: right
      // also where elements are 0, which dividing the whole product by the element is not.
      let x = saved.tensor
      let n = x.shape[d]
      guard n > 0 else { return [Tensor.zeros(like: x)] }
      let columns = (0..<n).map { x.narrow(d, $0, 1) }
      var before = [Tensor.ones(like: columns[0].detach())]
      var after = before
      for i in 0..<(n - 1) {
        before.append(before[i] * columns[i])
        after.append(after[i] * columns[n - 1 - i])
      }
      let others = (0..<n).map { before[$0] * after[n - 1 - $0] }
      return [gradient.restored([d], of: x.shape) * cat(others, dim: d)]
    }
  }

  private func extremum(_ name: StaticString, _ dims: [Int]?, keepDim: Bool, wantsLargest: Bool) -> Tensor {
    let dims = folded(dims, name)
    check(
      dims.allSatisfy { shape[$0] > 0 }, "\(name)", "an empty dimension has no largest or smallest element")
    let y = Tensor(uninitialized: reducedShape(dims, keepDim: keepDim), dtype: dtype)
    let plan = FoldPlan(self, over: dims)
    func run<E: FloatingElement>(_: E.Type) {
      let out = y.pointer(E.self)
      if wantsLargest {
        reduceFold(plan, into: out, from: -E.infinity) { (m: E, x: E) in x > m || x != x ? x : m }
      } else {
        reduceFold(plan, into: out, from: E.infinity) { (m: E, x: E) in x < m || x != x ? x : m }
      }
    }
    switch dtype {
    case .float32: run(Float.self)
    case .float64: run(Double.self)
    case .int64:
      reduceFold(plan, into: y.pointer(), from: wantsLargest ? Int.min : Int.max) { (m: Int, x: Int) in
        wantsLargest ? Swift.max(m, x) : Swift.min(m, x)
      }
    case .bool: return to(.int64).extremum(name, dims, keepDim: keepDim, wantsLargest: wantsLargest).to(.bool)
    }
    guard isTracked else { return y }
    let saved = Saved(self)
    return record(name, y, self, readsOutput: true) { gradient, y in
      // Equal extremes share the gradient.
      let x = saved.tensor
      let isExtreme = (x .== y.restored(dims, of: x.shape)).to(x.dtype)
      let share = isExtreme / isExtreme.sum(dims: dims, keepDim: true)
      return [gradient.restored(dims, of: x.shape) * share]
    }
  }

  /// The largest element;  equal ones share the gradient
  public func amax(dim: Int, keepDim: Bool = false) -> Tensor { amax(dims: [dim], keepDim: keepDim) }
  public func amax(dims: [Int]? = nil, keepDim: Bool = false) -> Tensor {
    extremum("AmaxBackward0", dims, keepDim: keepDim, wantsLargest: true)
  }

  /// The smallest element;  equal ones share the gradient
  public func amin(dim: Int, keepDim: Bool = false) -> Tensor { amin(dims: [dim], keepDim: keepDim) }
  public func amin(dims: [Int]? = nil, keepDim: Bool = false) -> Tensor {
    extremum("AminBackward0", dims, keepDim: keepDim, wantsLargest: false)
  }

  /// The largest element of all.
  public func max() -> Tensor { amax() }
  /// The smallest element of all.
  public func min() -> Tensor { amin() }

  /// The largest elements along `dim` and their positions, the first among equals; the gradient goes there.
  public func max(dim: Int, keepDim: Bool = false) -> (values: Tensor, indices: Tensor) {
    best(dim, keepDim: keepDim, "max", wantsLargest: true)
  }

  /// The smallest elements along `dim` and their positions, the first among equals.
  public func min(dim: Int, keepDim: Bool = false) -> (values: Tensor, indices: Tensor) {
    best(dim, keepDim: keepDim, "min", wantsLargest: false)
  }

  /// The position of the largest element along `dim`, `int64`; the first among equals.
  public func argmax(dim: Int, keepDim: Bool = false) -> Tensor {
    noGrad { best(dim, keepDim: keepDim, "argmax", wantsLargest: true).indices }
  }

  /// The position of the smallest element along `dim`, `int64`; the first among equals.
  public func argmin(dim: Int, keepDim: Bool = false) -> Tensor {
    noGrad { best(dim, keepDim: keepDim, "argmin", wantsLargest: false).indices }
  }

  /// The position of the largest of all elements in row-major order.
  public func argmax() -> Tensor { flatten().argmax(dim: 0) }
  /// The position of the smallest of all elements in row-major order.
  public func argmin() -> Tensor { flatten().argmin(dim: 0) }

  private func best(
    _ dim: Int, keepDim: Bool, _ name: StaticString, wantsLargest: Bool
  ) -> (values: Tensor, indices: Tensor) {
    let d = normalized(dim, rank: rank, operation: "\(name)")
    if rank == 0 { return (self, Tensor(0)) }
    check(shape[d] > 0, "\(name)", "dimension \(d) is empty and has no largest or smallest element")
    let x = dtype == .bool ? to(.int64) : self
    let out = reducedShape([d], keepDim: keepDim)
    let values = Tensor(uninitialized: out, dtype: x.dtype)
    let indices = Tensor(uninitialized: out, dtype: .int64)
    let plan = FoldPlan(x, over: [d])
    func run<E: TensorElement & Comparable>(_: E.Type) {
      if wantsLargest {
        reduceBest(plan, values: values.pointer(E.self), indices: indices.pointer()) { $0 > $1 }
      } else {
        reduceBest(plan, values: values.pointer(E.self), indices: indices.pointer()) { $0 < $1 }
      }
    }
    switch x.dtype {
    case .float32: run(Float.self)
    case .float64: run(Double.self)
    default: run(Int.self)
    }
    guard isTracked else { return (values, indices) }
    let original = shape
    let saved = Saved(indices)
    let recorded = record("MaxBackward0", values, self) { gradient, _ in
      let indices = saved.tensor
      let zeros = Tensor.zeros(original, dtype: gradient.dtype)
      return [
        zeros.scatterAdd(
          d, indices.restored([d], of: original), gradient.restored([d], of: original))
      ]
    }
    return (recorded, indices)
  }

  /// ln Σ eˣ, computed as m + ln Σ eˣ⁻ᵐ with m the largest x, so that nothing overflows;  ∂/∂x = softmax x
  public func logSumExp(dim: Int, keepDim: Bool = false) -> Tensor {
    let d = normalized(dim, rank: rank, operation: "logsumexp")
    let x = dtype.isFloatingPoint ? self : to(.float32)
    let largest = noGrad { x.amax(dim: d, keepDim: true) }
    // Where all are −∞ (or one is +∞) the shift is 0, because ∞ − ∞ is not a number.
    let shift = `where`(largest.isFinite(), largest, .constant(0))
    let sum = (x - shift).exp().sum(dim: d, keepDim: true).log() + shift
    return keepDim ? sum : sum.squeeze(d)
  }
}
