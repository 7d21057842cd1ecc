// Other looks at the same memory. Nothing is copied unless a name or comment says so.

extension Tensor {
  /// Enters a view in the graph.
  private func viewed(
    _ name: StaticString, _ view: Tensor, backward: @escaping (Tensor) -> Tensor
  ) -> Tensor {
    guard isTracked else { return view }
    return record(name, view, self) { gradient, _ in [backward(gradient)] }
  }

  /// The same elements in another shape; one size may be −1 and is worked out. Copies only where the
  /// elements do not lie in order.
  public func reshape(_ shape: [Int]) -> Tensor {
    let new = completed(shape, operation: "reshape")
    if new == self.shape { return self }
    let original = self.shape
    guard let strides = viewStrides(of: self, as: new) else {
      return contiguous().reshape(new)
    }
    return viewed("ViewBackward0", alias(shape: new, strides: strides)) { $0.reshape(original) }
  }
  public func reshape(_ shape: Int...) -> Tensor { reshape(shape) }

  /// Like ``reshape(_:)-([Int])``, and an error where the elements would have to be copied.
  public func view(_ shape: [Int]) -> Tensor {
    let new = completed(shape, operation: "view")
    check(
      viewStrides(of: self, as: new) != nil, "view",
      "shape \(describe(new)) does not fit the layout of this tensor (shape \(describe(self.shape)), "
        + "strides \(describe(strides))); reshape() copies where it must")
    return reshape(new)
  }
  public func view(_ shape: Int...) -> Tensor { view(shape) }

  private func completed(_ shape: [Int], operation: String) -> [Int] {
    let unknown = shape.indices.filter { shape[$0] == -1 }
    check(unknown.count <= 1, operation, "only one size of \(describe(shape)) may be -1")
    check(shape.allSatisfy { $0 >= -1 }, operation, "\(describe(shape)) has a negative size")
    var result = shape
    if let d = unknown.first {
      let known = shape.reduce(1) { $1 == -1 ? $0 : $0 * $1 }
      check(
        known > 0 && count % known == 0, operation,
        "\(count) elements of shape \(describe(self.shape)) cannot be arranged as \(describe(shape))")
      result[d] = count / known
    }
    check(
      elementCount(result) == count, operation,
      "shape \(describe(self.shape)) has \(count) elements and \(describe(shape)) has \(elementCount(result))"
    )
    return result
  }

  /// Dimensions `start ... end` merged into one.
  public func flatten(_ start: Int = 0, _ end: Int = -1) -> Tensor {
    if rank == 0 { return reshape([1]) }
    let first = normalized(start, rank: rank, operation: "flatten")
    let last = normalized(end, rank: rank, operation: "flatten")
    check(first <= last, "flatten", "dimension \(start) comes after dimension \(end)")
    return reshape(
      Array(shape[..<first]) + [elementCount(Array(shape[first...last]))] + Array(shape[(last + 1)...]))
  }

  /// The dimensions in another order: dimension i of the result is dimension `dims[i]` of this tensor.
  public func permute(_ dims: [Int]) -> Tensor {
    let order = dims.map { normalized($0, rank: rank, operation: "permute") }
    check(
      order.sorted() == Array(0..<rank), "permute",
      "\(describe(dims)) does not name each of the \(rank) dimensions once")
    var inverse = order
    for (i, d) in order.enumerated() { inverse[d] = i }
    let view = alias(shape: order.map { shape[$0] }, strides: order.map { strides[$0] })
    return viewed("PermuteBackward0", view) { $0.permute(inverse) }
  }
  public func permute(_ dims: Int...) -> Tensor { permute(dims) }

  /// Two dimensions swapped.
  public func transpose(_ a: Int, _ b: Int) -> Tensor {
    let a = normalized(a, rank: rank, operation: "transpose")
    let b = normalized(b, rank: rank, operation: "transpose")
    var newShape = shape
    var newStrides = strides
    if rank > 0 {
      newShape.swapAt(a, b)
      newStrides.swapAt(a, b)
    }
    return viewed("TransposeBackward0", alias(shape: newShape, strides: newStrides)) { $0.transpose(a, b) }
  }

  /// The transpose of a matrix.
  public var T: Tensor {
    check(rank == 2, "T", "a matrix has two dimensions, this tensor has shape \(describe(shape))")
    return transpose(0, 1)
  }

  /// Without dimension `dim`, if its size is 1.
  public func squeeze(_ dim: Int) -> Tensor {
    let dim = normalized(dim, rank: rank, operation: "squeeze")
    guard rank > 0, shape[dim] == 1 else { return self }
    var new = shape
    new.remove(at: dim)
    return reshape(new)
  }

  /// Without the dimensions of size 1.
  public func squeeze() -> Tensor { reshape(shape.filter { $0 != 1 }) }

  /// With a new dimension of size 1 at `dim`.
  public func unsqueeze(_ dim: Int) -> Tensor {
    let dim = normalized(dim, rank: rank + 1, operation: "unsqueeze")
    var newShape = shape
    newShape.insert(1, at: dim)
    // A new last dimension steps by one element; any other by the whole of what follows it.
    var newStrides = strides
    newStrides.insert(dim < rank ? strides[dim] * shape[dim] : 1, at: dim)
    return viewed("UnsqueezeBackward0", alias(shape: newShape, strides: newStrides)) { $0.squeeze(dim) }
  }

  /// Dimensions of size 1 (and new ones in front) stretched to `shape` without copying; −1 keeps a size.
  public func expand(_ shape: [Int]) -> Tensor {
    let missing = shape.count - rank
    check(missing >= 0, "expand", "\(describe(shape)) has fewer dimensions than \(describe(self.shape))")
    var new = shape
    for d in 0..<shape.count {
      let size = d < missing ? 1 : self.shape[d - missing]
      if shape[d] == -1 { new[d] = size }
      check(
        new[d] == size || (size == 1 && new[d] >= 0), "expand",
        "dimension \(d) has \(size) elements and cannot be stretched to \(new[d])")
    }
    if new == self.shape { return self }
    // The tape sums the gradient back to this tensor's shape.
    return viewed("ExpandBackward0", alias(shape: new, strides: broadcastStrides(self, to: new))) { $0 }
  }
  public func expand(_ shape: Int...) -> Tensor { expand(shape) }

  /// Both stretched to their common shape.
  public func broadcast(to shape: [Int]) -> Tensor { expand(shape) }

  /// `length` elements along `dim` from `start` on, `step` apart.
  public func narrow(_ dim: Int, _ start: Int, _ length: Int, step: Int = 1) -> Tensor {
    let dim = normalized(dim, rank: rank, operation: "narrow")
    check(rank > 0, "narrow", "a single number has no dimension to take a part of")
    check(step > 0, "narrow", "the step must be at least 1, not \(step)")
    check(
      start >= 0 && length >= 0 && (length == 0 || start + (length - 1) * step < shape[dim]), "narrow",
      "\(length) elements from \(start) on do not lie within dimension \(dim), which has \(shape[dim])")
    var newShape = shape
    var newStrides = strides
    newShape[dim] = length
    newStrides[dim] *= step
    let view = alias(shape: newShape, strides: newStrides, offset: offset + start * strides[dim])
    let original = shape
    return viewed("SliceBackward0", view) { gradient in
      gradient.padded(into: original, dim: dim, start: start, step: step)
    }
  }

  /// The position `index` along `dim`, without that dimension.
  public func select(_ dim: Int, _ index: Int) -> Tensor {
    let d = normalized(dim, rank: rank, operation: "select")
    check(rank > 0, "select", "a single number has no dimension to select from")
    check(
      index >= 0 && index < shape[d], "select",
      "position \(index) does not exist: dimension \(d) has \(shape[d]) elements"
        + (index < 0 ? "; a position counted from the end is .fromEnd(\(-index))" : ""))
    return narrow(d, index, 1).squeeze(d)
  }

  /// Zeros of `shape` with this tensor in the places that `narrow` took.
  fileprivate func padded(into shape: [Int], dim: Int, start: Int, step: Int) -> Tensor {
    let result = Tensor.zeros(shape, dtype: dtype)
    var strides = result.strides
    let offset = start * strides[dim]
    strides[dim] *= step
    copyElements(of: self, into: result.alias(shape: self.shape, strides: strides, offset: offset))
    let length = self.shape[dim]
    return viewed("SliceBackward0", result) { $0.narrow(dim, start, length, step: step) }
  }

  /// Zeros before and after, given like `torch.nn.functional.pad`: pairs from the last dimension backwards.
  public func pad(_ amounts: [Int], value: Double = 0) -> Tensor {
    check(
      amounts.count % 2 == 0 && amounts.count / 2 <= rank, "pad",
      "\(amounts.count) amounts are not pairs for at most \(rank) dimensions")
    check(amounts.allSatisfy { $0 >= 0 }, "pad", "amounts must not be negative, found \(amounts)")
    var newShape = shape
    var start = [Int](repeating: 0, count: rank)
    for i in 0..<amounts.count / 2 {
      let d = rank - 1 - i
      start[d] = amounts[2 * i]
      newShape[d] += amounts[2 * i] + amounts[2 * i + 1]
    }
    let result = Tensor.full(newShape, value, dtype: dtype)
    let offset = zip(start, result.strides).reduce(0) { $0 + $1.0 * $1.1 }
    copyElements(of: self, into: result.alias(shape: shape, strides: result.strides, offset: offset))
    let original = shape
    return viewed("PadBackward0", result) { gradient in
      (0..<original.count).reduce(gradient) { $0.narrow($1, start[$1], original[$1]) }
    }
  }

  /// The elements in reverse order along each of `dims` (a copy).
  public func flip(_ dims: [Int]) -> Tensor {
    let dims = dims.map { normalized($0, rank: rank, operation: "flip") }
    let result = Tensor(uninitialized: shape, dtype: dtype)
    var strides = result.strides
    var offset = 0
    for d in dims {
      offset += (shape[d] - 1) * strides[d]
      strides[d] = -strides[d]
    }
    if count > 0 {
      copyElements(of: self, into: result.alias(shape: shape, strides: strides, offset: offset))
    }
    return viewed("FlipBackward0", result) { $0.flip(dims) }
  }
  public func flip(_ dims: Int...) -> Tensor { flip(dims) }

  /// The entries (i, i) of a matrix.
  public func diagonal() -> Tensor {
    check(rank == 2, "diagonal", "a matrix has two dimensions, this tensor has shape \(describe(shape))")
    let original = shape
    let view = alias(shape: [Swift.min(shape[0], shape[1])], strides: [strides[0] + strides[1]])
    return viewed("DiagonalBackward0", view) { gradient in
      let n = gradient.count
      return (gradient.unsqueeze(1) * Tensor.eye(n, dtype: gradient.dtype))
        .pad([0, original[1] - n, 0, original[0] - n])
    }
  }

  /// The elements in row-major order without gaps: this tensor where they lie so already, else a copy.
  public func contiguous() -> Tensor {
    if isContiguous { return self }
    return viewed("CloneBackward0", Tensors.contiguous(self)) { $0 }
  }

  /// A copy with memory of its own.
  public func clone() -> Tensor {
    let result = Tensor(uninitializedLike: self)
    copyElements(of: self, into: result)
    return viewed("CloneBackward0", result) { $0 }
  }

  /// The same memory without the history: a constant for everything computed from it.
  public func detach() -> Tensor { alias() }

  /// The elements in another type (a copy unless it is the same).
  public func to(_ type: DType) -> Tensor {
    if type == dtype { return self }
    let original = dtype
    let result = converted(to: type)
    guard type.isFloatingPoint else { return result }
    return viewed("ToCopyBackward0", result) { $0.to(original) }
  }
}
