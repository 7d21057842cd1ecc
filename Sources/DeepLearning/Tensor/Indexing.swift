/// What may stand between the brackets of `x[...]`, one for each dimension from the first on:
///
/// - an `Int`, which selects a position and drops the dimension;
/// - a range such as `1..<3`, `2...` or `..<5`;
/// - ``TensorIndex/all``, ``TensorIndex/last``, ``TensorIndex/fromEnd(_:)``, ``TensorIndex/slice(from:to:by:)``,
///   ``TensorIndex/newAxis``;
/// - a `bool` tensor that picks the elements where it is true, or `int64` tensors that pick positions.
public protocol TensorIndex {
  var operation: TensorIndexOperation { get }
}

/// What an index does to the dimensions it stands for.
public enum TensorIndexOperation {
  case position(Int)
  case positionFromEnd(Int)
  case span(from: Int?, to: Int?, by: Int)
  case insertion
  case rest
  case tensor(Tensor)
}

extension TensorIndexOperation: TensorIndex {
  public var operation: TensorIndexOperation { self }
}

extension TensorIndex where Self == TensorIndexOperation {
  /// The whole dimension.
  public static var all: TensorIndexOperation { .span(from: nil, to: nil, by: 1) }
  /// The last position.
  public static var last: TensorIndexOperation { .positionFromEnd(1) }
  /// The position `count` from the end: `fromEnd(1)` is the last.
  public static func fromEnd(_ count: Int) -> TensorIndexOperation { .positionFromEnd(count) }
  /// Every `by`-th position from `from` up to but not including `to`. As in Python, bounds that are left out
  /// are the ends, negative ones count from the end, and those beyond the ends are cut off.
  public static func slice(from: Int? = nil, to: Int? = nil, by: Int = 1) -> TensorIndexOperation {
    TensorIndexOperation.span(from: from, to: to, by: by)
  }
  /// A new dimension of size 1.
  public static var newAxis: TensorIndexOperation { TensorIndexOperation.insertion }
  /// As many whole dimensions as are not spoken for; Python's `...`.
  public static var ellipsis: TensorIndexOperation { TensorIndexOperation.rest }
}

extension Int: TensorIndex {
  public var operation: TensorIndexOperation { .position(self) }
}
extension Tensor: TensorIndex {
  public var operation: TensorIndexOperation { .tensor(self) }
}
extension Range: TensorIndex where Bound == Int {
  public var operation: TensorIndexOperation { .span(from: lowerBound, to: upperBound, by: 1) }
}
extension ClosedRange: TensorIndex where Bound == Int {
  public var operation: TensorIndexOperation { .span(from: lowerBound, to: end(after: upperBound), by: 1) }
}
extension PartialRangeFrom: TensorIndex where Bound == Int {
  public var operation: TensorIndexOperation { .span(from: lowerBound, to: nil, by: 1) }
}
extension PartialRangeUpTo: TensorIndex where Bound == Int {
  public var operation: TensorIndexOperation { .span(from: nil, to: upperBound, by: 1) }
}
extension PartialRangeThrough: TensorIndex where Bound == Int {
  public var operation: TensorIndexOperation { .span(from: nil, to: end(after: upperBound), by: 1) }
}

/// The bound of a slice that ends with position `last`: nothing comes after the last one, −1.
private func end(after last: Int) -> Int? { last == -1 ? nil : last + 1 }

extension Tensor {
  /// A part of the tensor; see ``TensorIndex``. Positions and slices give views, index tensors give copies.
  ///
  /// Assigning writes into the tensor's own memory, as ``copy_(_:)`` does.
  public subscript(_ indices: any TensorIndex...) -> Tensor {
    get { indexed(indices.map(\.operation)) }
    set { assign(newValue, at: indices.map(\.operation)) }
  }

  private func assign(_ value: Tensor, at indices: [TensorIndexOperation]) {
    if indices.count == 1, case .tensor(let mask) = indices[0], mask.dtype == .bool {
      assign(value, where: mask)
      return
    }
    for index in indices {
      if case .tensor = index {
        fail("subscript", "cannot assign through index tensors; use scatter or indexAdd")
      }
    }
    let view = noGrad { indexed(indices) }
    view.isTracked = isTracked
    view.node = node
    view.copy_(value)
  }

  /// Writes `value`, stretched to the shape of `self[mask]`, where the mask is true.
  private func assign(_ value: Tensor, where mask: Tensor) {
    let rest = Array(shape.dropFirst(mask.rank))
    check(
      Array(shape.prefix(mask.rank)) == mask.shape, "subscript",
      "a mask of shape \(describe(mask.shape)) does not fit dimensions 0... of \(describe(shape))")
    // Each true place takes the value that stands at its number among the true ones.
    let numbers = mask.flatten().cumsum(0)
    let picked = [numbers.count > 0 ? Int(numbers[.last].item()) : 0] + rest
    check(
      broadcastShape(picked, value.shape, operation: "subscript") == picked, "subscript",
      "a value of shape \(describe(value.shape)) does not stretch to the \(describe(picked)) that the mask picks"
    )
    guard elementCount(picked) > 0 else { return }
    let values = value.to(dtype).expand(picked).indexSelect(0, maximum(numbers - 1, Tensor(0)))
    let places = mask.reshape(mask.shape + rest.map { _ in 1 })
    copy_(`where`(places, values.reshape(shape), self))
  }

  private func indexed(_ indices: [TensorIndexOperation]) -> Tensor {
    let used = indices.reduce(0) { count, index in
      switch index {
      case .insertion, .rest: count
      case .tensor(let tensor) where tensor.dtype == .bool: count + tensor.rank
      default: count + 1
      }
    }
    check(
      used <= rank, "subscript",
      "\(used) indices for a tensor of \(rank) dimensions, shape \(describe(shape))")
    var result = self
    var d = 0
    var tensors: [(dim: Int, index: Tensor)] = []
    for index in indices {
      switch index {
      case .position(let i):
        result = result.select(d, i)
      case .positionFromEnd(let k):
        check(
          k >= 1 && k <= result.shape[d], "subscript",
          "fromEnd(\(k)) does not exist: dimension \(d) has \(result.shape[d]) elements, and fromEnd(1) is the last"
        )
        result = result.select(d, result.shape[d] - k)
      case .span(let from, let to, let step):
        check(step > 0, "subscript", "the step of a slice must be at least 1, not \(step); flip() reverses")
        let size = result.shape[d]
        let start = bound(from ?? 0, size)
        let end = Swift.max(start, bound(to ?? size, size))
        if start != 0 || end != size || step != 1 {
          result = result.narrow(d, start, (end - start + step - 1) / step, step: step)
        }
        d += 1
      case .insertion:
        result = result.unsqueeze(d)
        d += 1
      case .rest:
        d += rank - used
      case .tensor(let mask) where mask.dtype == .bool:
        check(
          Array(result.shape[d..<d + mask.rank]) == mask.shape, "subscript",
          "a mask of shape \(describe(mask.shape)) does not fit dimensions \(d)... of \(describe(result.shape))"
        )
        // A mask picks the same elements as the vector of the positions where it is true.
        if mask.rank > 1 { result = result.flatten(d, d + mask.rank - 1) }
        tensors.append((d, mask.flatten().nonzero().reshape([-1])))
        d += 1
      case .tensor(let index):
        tensors.append((d, index))
        d += 1
      }
    }
    return tensors.isEmpty ? result : result.indexed(by: tensors)
  }

  /// A slice bound as Python reads it.
  private func bound(_ value: Int, _ size: Int) -> Int {
    Swift.min(Swift.max(value < 0 ? value + size : value, 0), size)
  }

  /// Index tensors on neighboring dimensions pick together: `x[rows, columns]` is the vector of
  /// `x[rows[i], columns[i]]`.
  private func indexed(by tensors: [(dim: Int, index: Tensor)]) -> Tensor {
    let first = tensors[0].dim
    check(
      tensors.enumerated().allSatisfy { $1.dim == first + $0 }, "subscript",
      "index tensors must stand on neighboring dimensions, found them on \(tensors.map(\.dim))")
    let common = tensors.dropFirst().reduce(tensors[0].index.shape) {
      broadcastShape($0, $1.index.shape, operation: "subscript")
    }
    var flat = Tensor.zeros(common, dtype: .int64)
    for (dim, index) in tensors {
      check(index.dtype == .int64, "subscript", "index tensors must be int64 or bool, found \(index.dtype)")
      let size = shape[dim]
      let isInside =
        index.count == 0 || (index.amin().item() >= -Double(size) && index.amax().item() < Double(size))
      check(isInside, "subscript", "an index is outside dimension \(dim), which has \(size) elements")
      flat = flat * size + `where`(index .< 0, index + size, index)
    }
    let last = first + tensors.count - 1
    let picked = flatten(first, last).indexSelect(first, flat.flatten())
    return picked.reshape(Array(shape[..<first]) + common + Array(shape[(last + 1)...]))
  }
}
