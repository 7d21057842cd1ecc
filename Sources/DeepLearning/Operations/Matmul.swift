// Matrix products. BLAS reads transposed matrices as they are, so a transpose never costs a copy.

extension Tensor {
  /// The matrix product, for any number of dimensions, as `torch.matmul` defines it:
  /// (m, k)·(k, n) → (m, n); leading dimensions are batches and broadcast; a vector on the left is a row, on
  /// the right a column, and its dimension is gone from the result.
  ///
  /// y = a b;  ∂L/∂a = ∂L/∂y bᵀ, ∂L/∂b = aᵀ ∂L/∂y
  public func matmul(_ other: Tensor) -> Tensor {
    check(
      rank > 0 && other.rank > 0, "matmul",
      "a single number is no matrix: shapes \(describe(shape)) and \(describe(other.shape))")
    if rank == 1 && other.rank == 1 {
      return unsqueeze(0).matmul(other.unsqueeze(1)).reshape([])
    }
    if rank == 1 { return unsqueeze(0).matmul(other).squeeze(-2) }
    if other.rank == 1 { return matmul(other.unsqueeze(1)).squeeze(-1) }
    let (a, b) = sameType(self, other, operation: "matmul")
    let k = a.shape[a.rank - 1]
    check(
      k == b.shape[b.rank - 2], "matmul",
      "\(describe(a.shape)) times \(describe(b.shape)): the last dimension of the first has \(k) elements "
        + "and the last but one of the second has \(b.shape[b.rank - 2])")
    // Batches of rows against one matrix are one tall matrix: a single product.
    if b.rank == 2 && a.rank > 2 && a.isContiguous {
      let rows = Array(a.shape.dropLast())
      return a.reshape([elementCount(rows), k]).matmul(b).reshape(rows + [b.shape[1]])
    }
    let y = product(a, b)
    guard a.isTracked || b.isTracked else { return y }
    let savedA = b.isTracked ? Saved(a) : nil
    let savedB = a.isTracked ? Saved(b) : nil
    return record("MmBackward0", y, a, b) { gradient, _ in
      [
        savedB.map { gradient.matmul($0.tensor.transpose(-2, -1)) },
        savedA.map { $0.tensor.transpose(-2, -1).matmul(gradient) },
      ]
    }
  }

  /// The product of two vectors, Σ aᵢ bᵢ.
  public func dot(_ other: Tensor) -> Tensor {
    check(
      rank == 1 && other.rank == 1, "dot",
      "takes two vectors, found shapes \(describe(shape)) and \(describe(other.shape))")
    return matmul(other)
  }

  /// The outer product aᵢ bⱼ of two vectors.
  public func outer(_ other: Tensor) -> Tensor { unsqueeze(1) * other.unsqueeze(0) }
}

/// Both in the wider of their floating-point types.
func sameType(_ a: Tensor, _ b: Tensor, operation: String) -> (Tensor, Tensor) {
  check(
    a.dtype.isFloatingPoint && b.dtype.isFloatingPoint, operation,
    "needs floating-point tensors, found \(a.dtype) and \(b.dtype); convert with to(.float32)")
  let type = DType.promote(a.dtype, b.dtype)
  return (a.to(type), b.to(type))
}

/// The layout in which BLAS can take the last two dimensions, copying where it cannot.
func matrices(_ x: Tensor) -> (tensor: Tensor, layout: MatrixLayout) {
  let r = x.rank
  func layout(_ x: Tensor) -> MatrixLayout? {
    MatrixLayout(
      rows: x.shape[r - 2], columns: x.shape[r - 1], rowStride: x.strides[r - 2],
      columnStride: x.strides[r - 1])
  }
  if let found = layout(x) { return (x, found) }
  let copy = contiguous(x)
  return (copy, layout(copy)!)
}

/// The value of `a` times `b`, both of at least two dimensions and one type.
private func product(_ a: Tensor, _ b: Tensor) -> Tensor {
  let m = a.shape[a.rank - 2]
  let n = b.shape[b.rank - 1]
  let batch =
    a.rank == 2 && b.rank == 2
    ? [] : broadcastShape(Array(a.shape.dropLast(2)), Array(b.shape.dropLast(2)), operation: "matmul")
  let y = Tensor(uninitialized: batch + [m, n], dtype: a.dtype)
  if y.count == 0 { return y }
  if a.shape[a.rank - 1] == 0 {
    fill(y, with: 0)
    return y
  }
  switch a.dtype {
  case .float64: multiply(a, b, into: y, batch: batch, Double.self)
  default: multiply(a, b, into: y, batch: batch, Float.self)
  }
  return y
}

private func multiply<T: FloatingElement>(_ a: Tensor, _ b: Tensor, into y: Tensor, batch: [Int], _: T.Type) {
  let (a, layoutA) = matrices(a)
  let (b, layoutB) = matrices(b)
  let m = a.shape[a.rank - 2]
  let k = a.shape[a.rank - 1]
  let n = b.shape[b.rank - 1]
  let pointerA = UnsafePointer(a.pointer(T.self))
  let pointerB = UnsafePointer(b.pointer(T.self))
  let pointerY = y.pointer(T.self)
  if batch.isEmpty {
    gemm(
      m: m, n: n, k: k, a: pointerA, layoutA, b: pointerB, layoutB, beta: 0, c: pointerY, leadingDimension: n)
    return
  }
  func batchStrides(_ x: Tensor) -> [Int] {
    broadcastStrides(x.alias(shape: x.shape.dropLast(2), strides: x.strides.dropLast(2)), to: batch)
  }
  var places: [SIMD4<Int>] = []
  for (offsets, count, steps) in Rows(batch, [batchStrides(y), batchStrides(a), batchStrides(b)]) {
    for i in 0..<count { places.append(offsets &+ steps &* SIMD4(repeating: i)) }
  }
  // Many products: each core takes some of them. A few: the cores share each.
  let enough = max(8, parallelProduct / max(1, m * n * k))
  inParallel(places.count, threshold: enough, grain: 1) { start, count in
    for place in places[start..<start + count] {
      gemm(
        m: m, n: n, k: k, a: pointerA + place[1], layoutA, b: pointerB + place[2], layoutB, beta: 0,
        c: pointerY + place[0], leadingDimension: n)
    }
  }
}

/// A layer of weights: y = x Wᵀ + b for rows x of shape (..., in), W of shape (out, in), b of shape (out).
///
/// ∂L/∂x = ∂L/∂y W, ∂L/∂W = (∂L/∂y)ᵀ x, ∂L/∂b = Σ rows of ∂L/∂y
public func linear(_ x: Tensor, _ weight: Tensor, _ bias: Tensor? = nil) -> Tensor {
  check(
    weight.rank == 2 && x.rank >= 1 && x.shape[x.rank - 1] == weight.shape[1], "linear",
    "input \(describe(x.shape)) does not fit the weight \(describe(weight.shape)), which is (out, in): "
      + "the input's last dimension must be the weight's second")
  guard let bias else { return x.rank == 1 ? weight.matmul(x) : x.matmul(weight.T) }
  check(
    bias.shape == [weight.shape[0]], "linear",
    "bias \(describe(bias.shape)) does not fit the weight \(describe(weight.shape)): expected (\(weight.shape[0]),)"
  )
  if x.rank != 2 {
    let leading = Array(x.shape.dropLast())
    return linear(x.reshape([elementCount(leading), weight.shape[1]]), weight, bias)
      .reshape(leading + [weight.shape[0]])
  }
  let (x, weight) = sameType(x, weight, operation: "linear")
  let rows = x.shape[0]
  let y = Tensor(uninitialized: [rows, weight.shape[0]], dtype: x.dtype)
  // The bias is laid out first and the product added to it by BLAS: one pass less over the result.
  copyElements(of: bias, into: y)
  if x.count > 0 {
    switch x.dtype {
    case .float64: addProduct(x, weight, to: y, Double.self)
    default: addProduct(x, weight, to: y, Float.self)
    }
  }
  guard x.isTracked || weight.isTracked || bias.isTracked else { return y }
  let savedX = weight.isTracked ? Saved(x) : nil
  let savedW = x.isTracked ? Saved(weight) : nil
  let needsBias = bias.isTracked
  return record("AddmmBackward0", y, x, weight, bias) { gradient, _ in
    [
      savedW.map { gradient.matmul($0.tensor) },
      savedX.map { gradient.T.matmul($0.tensor) },
      needsBias ? gradient.sum(dim: 0) : nil,
    ]
  }
}

private func addProduct<E: FloatingElement>(_ x: Tensor, _ weight: Tensor, to y: Tensor, _: E.Type) {
  let (x, layoutX) = matrices(x)
  let (w, layoutW) = matrices(
    weight.alias(shape: weight.shape.reversed(), strides: weight.strides.reversed()))
  gemm(
    m: x.shape[0], n: w.shape[1], k: x.shape[1], a: x.pointer(E.self), layoutX, b: w.pointer(E.self), layoutW,
    beta: 1, c: y.pointer(E.self), leadingDimension: w.shape[1])
}

/// A weighted sum of the products of two inputs' features: y[…, k] = Σᵢⱼ x₁[…, i] W[k, i, j] x₂[…, j] + b[k] for x₁
/// of shape (…, in1), x₂ of shape (…, in2), W of shape (out, in1, in2) and b of shape (out).
public func bilinear(_ x1: Tensor, _ x2: Tensor, _ weight: Tensor, _ bias: Tensor? = nil) -> Tensor {
  let leading = Array(x1.shape.dropLast())
  check(
    weight.rank == 3 && x1.rank >= 1 && x1.shape == leading + [weight.shape[1]]
      && x2.shape == leading + [weight.shape[2]], "bilinear",
    "inputs \(describe(x1.shape)) and \(describe(x2.shape)) do not fit the weight \(describe(weight.shape)), "
      + "which is (out, in1, in2): their last dimensions must be in1 and in2, and all others the same")
  check(
    bias.map { $0.shape == [weight.shape[0]] } ?? true, "bilinear",
    "bias \(describe(bias?.shape ?? [])) does not fit the weight \(describe(weight.shape)): "
      + "expected (\(weight.shape[0]),)")
  let rows = elementCount(leading)
  let products = einsum(
    "ni,kij,nj->nk", x1.reshape([rows, weight.shape[1]]), weight, x2.reshape([rows, weight.shape[2]]))
  return (bias.map { products + $0 } ?? products).reshape(leading + [weight.shape[0]])
}
