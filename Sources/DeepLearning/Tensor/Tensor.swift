/// A multi-dimensional array that can remember how it was computed.
///
/// A tensor is a view: a shape, strides and an offset over shared ``Storage``. Element `(i, j)` of a matrix
/// lives at `offset + i * strides[0] + j * strides[1]`, so that transposing, slicing, expanding and most
/// reshaping move no data.
///
/// Where `requiresGrad` is true, every operation on the tensor is recorded, and ``backward(_:retainGraph:createGraph:)``
/// on a result fills in ``grad``.
public final class Tensor: @unchecked Sendable {
  private(set) var storage: Storage
  /// The index in the storage, counted in elements, of the first element.
  let offset: Int
  /// Sizes of the dimensions; empty for a single number.
  public let shape: [Int]
  /// Elements to skip in memory for one step along each dimension.
  public let strides: [Int]
  public let dtype: DType
  /// Number of elements.
  public let count: Int
  /// Whether the elements lie in memory in row-major order without gaps.
  public let isContiguous: Bool

  /// The operation that produced this tensor, while the graph that holds it is alive.
  var node: Node?
  /// Backs ``requiresGrad``.
  var isTracked = false
  /// The gradient that backward passes have accumulated here: ∂(sum of the losses)/∂(this tensor).
  public var grad: Tensor?
  var leafHooks: [(Tensor) -> Tensor?] = []
  /// What the tensor is to the module that owns it.
  package var role: TensorRole?

  init(
    storage: Storage, offset: Int, shape: [Int], strides: [Int], dtype: DType, count: Int, isContiguous: Bool
  ) {
    self.storage = storage
    self.offset = offset
    self.shape = shape
    self.strides = strides
    self.dtype = dtype
    self.count = count
    self.isContiguous = isContiguous
  }

  /// New memory with arbitrary content.
  package convenience init(uninitialized shape: [Int], dtype: DType) {
    let count = checkedCount(of: shape, dtype)
    self.init(
      storage: Storage(byteCount: count * dtype.size), offset: 0, shape: shape,
      strides: contiguousStrides(shape), dtype: dtype, count: count, isContiguous: true)
  }

  /// New memory with arbitrary content, laid out like `other` in row-major order.
  package convenience init(uninitializedLike other: Tensor, dtype: DType? = nil) {
    let dtype = dtype ?? other.dtype
    self.init(
      storage: Storage(byteCount: other.count * dtype.size), offset: 0, shape: other.shape,
      strides: other.isContiguous ? other.strides : contiguousStrides(other.shape), dtype: dtype,
      count: other.count, isContiguous: true)
  }

  /// Another look at the same memory. Not recorded: see ``viewed(_:shape:strides:offset:backward:)``.
  package func alias(shape: [Int], strides: [Int], offset: Int? = nil) -> Tensor {
    Tensor(
      storage: storage, offset: offset ?? self.offset, shape: shape, strides: strides, dtype: dtype,
      count: elementCount(shape), isContiguous: strides == contiguousStrides(shape))
  }

  /// The same memory and layout without the history.
  package func alias() -> Tensor {
    Tensor(
      storage: storage, offset: offset, shape: shape, strides: strides, dtype: dtype, count: count,
      isContiguous: isContiguous)
  }

  /// Whether no other tensor looks at this memory.
  var ownsStorage: Bool { isKnownUniquelyReferenced(&storage) }

  /// Whether operations on this tensor are recorded. Set it on the tensors to be trained, before they are
  /// used; a result requires a gradient where anything it was computed from does.
  public var requiresGrad: Bool {
    get { isTracked }
    set {
      check(
        !newValue || dtype.isFloatingPoint, "requiresGrad",
        "only floating-point tensors can have gradients, and this one is \(dtype)")
      check(
        newValue || node == nil, "requiresGrad",
        "this tensor is a recorded result; detach() gives its value without the history")
      isTracked = newValue
    }
  }

  /// Sets ``requiresGrad`` and returns the tensor itself: `Tensor.randn(3).requiresGrad_()`.
  @discardableResult
  public func requiresGrad_(_ value: Bool = true) -> Tensor {
    requiresGrad = value
    return self
  }

  /// Number of dimensions.
  public var rank: Int { shape.count }

  /// Whether the tensor was made by its user rather than by a recorded operation.
  public var isLeaf: Bool { node == nil }

  /// Size of dimension `dim`; a negative one counts from the end.
  public func size(_ dim: Int) -> Int { shape[normalized(dim, rank: rank, operation: "size")] }

  /// The address of the first element. Valid while the tensor is alive.
  @inline(__always)
  package func pointer<T: TensorElement>(_: T.Type = T.self) -> UnsafeMutablePointer<T> {
    assert(T.dtype == dtype)
    return storage.base.assumingMemoryBound(to: T.self) + offset
  }
}

// Two tensors are equal as objects or not; comparing their elements is `.==` or `equal(_:_:)`.
extension Tensor: Equatable, Hashable {
  public static func == (a: Tensor, b: Tensor) -> Bool { a === b }
  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// What a tensor is to the module in whose properties it stands.
package enum TensorRole {
  case parameter, buffer
}
