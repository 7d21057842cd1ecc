// Picking elements by index tensors and masks.

extension Tensor {
  /// The positions `indices` (a vector) along `dim`.
  ///
  /// The gradient of a position is the sum over all places that it was copied to.
  public func indexSelect(_ dim: Int, _ indices: Tensor) -> Tensor {
    let d = normalized(dim, rank: rank, operation: "index_select")
    check(rank > 0, "index_select", "a single number has no dimension to select from")
    check(
      indices.dtype == .int64 && indices.rank <= 1, "index_select",
      "the positions must be a vector of int64, found shape \(describe(indices.shape)) of \(indices.dtype)")
    let positions = checkedIndices(indices, below: shape[d], "index_select")
    let source = Tensors.contiguous(self)
    let outer = elementCount(Array(shape[..<d]))
    let inner = elementCount(Array(shape[(d + 1)...]))
    var newShape = shape
    newShape[d] = positions.count
    let result = Tensor(uninitialized: newShape, dtype: dtype)
    let rowBytes = inner * dtype.size
    let from = source.storage.base + source.offset * dtype.size
    for o in 0..<outer {
      let target = result.storage.base + o * positions.count * rowBytes
      let rows = from + o * shape[d] * rowBytes
      for (i, position) in positions.enumerated() {
        (target + i * rowBytes).copyMemory(from: rows + position * rowBytes, byteCount: rowBytes)
      }
    }
    guard isTracked else { return result }
    let original = shape
    let saved = Saved(indices)
    return record("IndexSelectBackward0", result, self) { gradient, _ in
      [Tensor.zeros(original, dtype: gradient.dtype).indexAdd(d, saved.tensor, gradient)]
    }
  }

  /// A copy of this tensor with `source`'s position i along `dim` added to position `indices[i]`.
  public func indexAdd(_ dim: Int, _ indices: Tensor, _ source: Tensor) -> Tensor {
    let d = normalized(dim, rank: rank, operation: "index_add")
    let positions = checkedIndices(indices, below: shape[d], "index_add")
    var expected = shape
    expected[d] = positions.count
    check(
      source.shape == expected && source.dtype == dtype, "index_add",
      "the source is \(describe(source.shape)) of \(source.dtype), expected \(describe(expected)) of \(dtype)"
    )
    let result = Tensor(uninitializedLike: self)
    copyElements(of: self, into: result)
    let outer = elementCount(Array(shape[..<d]))
    let inner = elementCount(Array(shape[(d + 1)...]))
    let from = Tensors.contiguous(source)
    func add<E: FloatingElement>(_: E.Type) {
      let x = from.pointer(E.self)
      let y = result.pointer(E.self)
      for o in 0..<outer {
        for (i, position) in positions.enumerated() {
          let row = x + (o * positions.count + i) * inner
          let target = y + (o * shape[d] + position) * inner
          for j in 0..<inner { target[j] += row[j] }
        }
      }
    }
    switch dtype {
    case .float32: add(Float.self)
    case .float64: add(Double.self)
    default: fail("index_add", "needs floating-point tensors, found \(dtype)")
    }
    let saved = Saved(indices)
    return record("IndexAddBackward0", result, self, source) { gradient, _ in
      [gradient, gradient.indexSelect(d, saved.tensor)]
    }
  }

  /// y[i, j] = x[index[i, j], j] for `dim` 0, y[i, j] = x[i, index[i, j]] for `dim` 1, and so on.
  public func gather(_ dim: Int, _ index: Tensor) -> Tensor {
    let (d, offsets) = places(dim, index, "gather")
    let result = Tensor(uninitialized: index.shape, dtype: dtype)
    let source = Tensors.contiguous(self)
    func pick<E: TensorElement>(_: E.Type) {
      let x = source.pointer(E.self)
      let y = result.pointer(E.self)
      for (i, offset) in offsets.enumerated() { y[i] = x[offset] }
    }
    switch dtype {
    case .float32: pick(Float.self)
    case .float64: pick(Double.self)
    case .int64: pick(Int.self)
    case .bool: pick(Bool.self)
    }
    guard isTracked else { return result }
    let original = shape
    let saved = Saved(index)
    return record("GatherBackward0", result, self) { gradient, _ in
      [Tensor.zeros(original, dtype: gradient.dtype).scatterAdd(d, saved.tensor, gradient)]
    }
  }

  /// A copy of this tensor with `source[i, j]` added at row `index[i, j]`, column j (for `dim` 0).
  public func scatterAdd(_ dim: Int, _ index: Tensor, _ source: Tensor) -> Tensor {
    let (d, offsets) = places(dim, index, "scatter_add")
    let result = Tensor(uninitializedLike: self)
    copyElements(of: self, into: result)
    let source = source.to(dtype)
    check(
      source.shape == index.shape, "scatter_add",
      "the source is \(describe(source.shape)) and the index \(describe(index.shape)); they must be equal")
    let from = Tensors.contiguous(source)
    switch dtype {
    case .float32: for (i, o) in offsets.enumerated() { result.pointer(Float.self)[o] += from.pointer()[i] }
    case .float64: for (i, o) in offsets.enumerated() { result.pointer(Double.self)[o] += from.pointer()[i] }
    case .int64: for (i, o) in offsets.enumerated() { result.pointer(Int.self)[o] &+= from.pointer()[i] }
    case .bool: fail("scatter_add", "bool tensors have no arithmetic")
    }
    let saved = Saved(index)
    return record("ScatterAddBackward0", result, self, source) { gradient, _ in
      [gradient, gradient.gather(d, saved.tensor)]
    }
  }

  /// A copy of this tensor with `source[i, j]` written at row `index[i, j]`, column j (for `dim` 0).
  /// Where two places are the same, the later element stays.
  public func scatter(_ dim: Int, _ index: Tensor, _ source: Tensor) -> Tensor {
    let (d, offsets) = places(dim, index, "scatter")
    let source = source.to(dtype).expand(index.shape)
    let result = Tensor(uninitializedLike: self)
    copyElements(of: self, into: result)
    let from = Tensors.contiguous(source)
    switch dtype {
    case .float32: for (i, o) in offsets.enumerated() { result.pointer(Float.self)[o] = from.pointer()[i] }
    case .float64: for (i, o) in offsets.enumerated() { result.pointer(Double.self)[o] = from.pointer()[i] }
    case .int64: for (i, o) in offsets.enumerated() { result.pointer(Int.self)[o] = from.pointer()[i] }
    case .bool: for (i, o) in offsets.enumerated() { result.pointer(Bool.self)[o] = from.pointer()[i] }
    }
    let saved = Saved(index)
    return record("ScatterBackward0", result, self, source) { gradient, _ in
      let index = saved.tensor
      return [
        gradient.scatter(d, index, Tensor.zeros(index.shape, dtype: gradient.dtype)),
        gradient.gather(d, index),
      ]
    }
  }

  /// The same with one number for all places.
  public func scatter(_ dim: Int, _ index: Tensor, _ value: some TensorScalar) -> Tensor {
    scatter(dim, index, Tensor([value], shape: [], dtype: dtype))
  }

  /// Where in row-major order each element of `index` points, along `dim`.
  private func places(_ dim: Int, _ index: Tensor, _ operation: String) -> (dim: Int, offsets: [Int]) {
    let d = normalized(dim, rank: rank, operation: operation)
    check(
      index.dtype == .int64 && index.rank == rank, operation,
      "the index must be int64 with as many dimensions as the tensor, found \(describe(index.shape)) of "
        + "\(index.dtype) for \(describe(shape))")
    for i in 0..<rank where i != d {
      check(
        index.shape[i] <= shape[i], operation,
        "the index \(describe(index.shape)) is larger than the tensor \(describe(shape)) in dimension \(i)")
    }
    var offsets = checkedIndices(index, below: rank == 0 ? 1 : shape[d], operation)
    var strides = contiguousStrides(shape)
    let step = rank == 0 ? 0 : strides[d]
    if rank > 0 { strides[d] = 0 }
    var i = 0
    for (start, count, steps) in Rows(index.shape, [contiguousStrides(index.shape), strides]) {
      for j in 0..<count {
        offsets[i] = offsets[i] * step + start[1] + j * steps[1]
        i += 1
      }
    }
    return (d, offsets)
  }

  /// A copy with `value` where `mask` is true;  no gradient flows there.
  public func maskedFill(_ mask: Tensor, _ value: Double) -> Tensor {
    `where`(mask, Tensor([value], shape: [], dtype: dtype), self)
  }

  /// The elements where `mask`, of the same shape, is true, as a vector.
  public func maskedSelect(_ mask: Tensor) -> Tensor {
    check(
      mask.dtype == .bool && mask.shape == shape, "masked_select",
      "the mask is \(describe(mask.shape)) of \(mask.dtype), expected \(describe(shape)) of bool")
    return flatten().indexSelect(0, mask.flatten().nonzero().reshape([-1]))
  }

  /// The positions of the elements that are true or not 0: a matrix of one row each, a column a dimension.
  public func nonzero() -> Tensor {
    var positions: [Int] = []
    var found = 0
    let strides = contiguousStrides(shape)
    for (i, isSet) in toArray(of: Bool.self).enumerated() where isSet {
      found += 1
      var rest = i
      for step in strides {
        positions.append(rest / step)
        rest %= step
      }
    }
    return Tensor(positions, shape: [found, rank])
  }
}

/// Index values as plain integers, each checked to lie within a dimension of `limit`.
private func checkedIndices(_ indices: Tensor, below limit: Int, _ operation: String) -> [Int] {
  let values = indices.toArray(of: Int.self)
  for (i, value) in values.enumerated() where value < 0 || value >= limit {
    fail(operation, "index \(value) (number \(i)) is outside the dimension, which has \(limit) elements")
  }
  return values
}

private struct Choose<E: TensorElement>: TernaryKernel {
  func callAsFunction(_ condition: Bool, _ a: E, _ b: E) -> E { condition ? a : b }
}

/// `a` where `condition` is true, else `b`; all three stretch to a common shape.
public func `where`(_ condition: Tensor, _ a: Tensor, _ b: Tensor) -> Tensor {
  check(condition.dtype == .bool, "where", "the condition must be a bool tensor, found \(condition.dtype)")
  let type = resultType(a, b)
  let valueA = a.converted(to: type)
  let valueB = b.converted(to: type)
  let shape = broadcastShape(
    condition.shape, broadcastShape(a.shape, b.shape, operation: "where"), operation: "where")
  let y = Tensor(uninitialized: shape, dtype: type)
  switch type {
  case .float32: map(condition, valueA, valueB, into: y, Choose<Float>())
  case .float64: map(condition, valueA, valueB, into: y, Choose<Double>())
  case .int64: map(condition, valueA, valueB, into: y, Choose<Int>())
  case .bool: map(condition, valueA, valueB, into: y, Choose<Bool>())
  }
  let needsA = a.isTracked
  let needsB = b.isTracked
  let saved = Saved(condition)
  return record("WhereBackward0", y, a, b) { gradient, _ in
    let condition = saved.tensor
    let zero = Tensor([0.0], shape: [], dtype: gradient.dtype)
    return [
      needsA ? `where`(condition, gradient, zero) : nil,
      needsB ? `where`(condition, zero, gradient) : nil,
    ]
  }
}

/// Row `indices[i]` of the table `weight` for each index: (…) to (…, features).
///
/// - Parameter paddingIndex: An entry that stands for "nothing here": no gradient reaches its row.
public func embedding(_ indices: Tensor, _ weight: Tensor, paddingIndex: Int? = nil) -> Tensor {
  check(
    weight.rank == 2, "embedding", "the table must be (entries, features), found \(describe(weight.shape))")
  let flat = indices.flatten()
  var rows = weight.indexSelect(0, flat)
  if let paddingIndex {
    check(
      (0..<weight.shape[0]).contains(paddingIndex), "embedding",
      "paddingIndex \(paddingIndex) is not one of the \(weight.shape[0]) entries")
    if weight.isTracked { rows = `where`((flat .== paddingIndex).unsqueeze(-1), rows.detach(), rows) }
  }
  return rows.reshape(indices.shape + [weight.shape[1]])
}

/// Rows of zeros with a one at the label: labels of shape (…) to (…, classes).
public func oneHot(_ labels: Tensor, classes: Int, dtype: DType = .int64) -> Tensor {
  Tensor.zeros(labels.shape + [classes], dtype: dtype).scatter(-1, labels.unsqueeze(-1), 1)
}
