// Changes in place: for optimizers and initializers, under `noGrad`. Their names end in an underscore, as
// PyTorch's do. Backward notices when a value that it needs has been changed.

private struct AddScaled: BinaryFunction {
  static let name: StaticString = "add_"
  let alpha: Double
  func value<E: ArithmeticElement>(_ a: E, _ b: E) -> E { a.adding(b.multiplied(by: E.constant(alpha))) }
}
private struct ScaleBy: BinaryFunction {
  static let name: StaticString = "mul_"
  func value<E: ArithmeticElement>(_ a: E, _ b: E) -> E { a.multiplied(by: b) }
}
private struct DivideBy: BinaryFunction {
  static let name: StaticString = "div_"
  func value<E: ArithmeticElement>(_ a: E, _ b: E) -> E { a.divided(by: b) }
}

extension Tensor {
  /// Enters a change of the memory, after asking whether it is allowed.
  private func willChange(_ operation: StaticString, by other: Tensor? = nil) {
    check(
      !isTracked || !isGradEnabled, "\(operation)",
      "this tensor is being recorded, and a change in place cannot be; wrap it in noGrad { }, or compute a new tensor"
    )
    check(
      other?.isTracked != true || !isGradEnabled, "\(operation)",
      "the other tensor is being recorded, and its gradient would be lost in a change in place; "
        + "detach() it, or compute a new tensor")
    check(
      isContiguous || zip(shape, strides).allSatisfy { $0 < 2 || $1 != 0 }, "\(operation)",
      "elements of this expanded tensor of shape \(describe(shape)) share their memory; clone() gives each its own"
    )
    storage.willChange()
  }

  /// this[i] ← f(this[i], other[i])
  private func update<F: BinaryFunction>(_ f: F, _ other: Tensor) {
    check(
      broadcastShape(shape, other.shape, operation: "\(F.name)") == shape, "\(F.name)",
      "a tensor of shape \(describe(other.shape)) does not stretch to \(describe(shape))")
    willChange(F.name, by: other)
    let other = disjoint(other.converted(to: dtype))
    let result = isContiguous ? self : Tensor(uninitializedLike: self)
    switch dtype {
    case .float32: map(self, other, into: result, Pairwise<F, Float>(f: f))
    case .float64: map(self, other, into: result, Pairwise<F, Double>(f: f))
    case .int64: map(self, other, into: result, Pairwise<F, Int>(f: f))
    case .bool: fail("\(F.name)", "bool tensors have no arithmetic")
    }
    if result !== self { copyElements(of: result, into: self) }
  }

  /// this ← this + `alpha` · other
  @discardableResult
  public func add_(_ other: Tensor, alpha: Double = 1) -> Tensor {
    update(AddScaled(alpha: alpha), other)
    return self
  }

  /// this ← this − `alpha` · other
  @discardableResult
  public func sub_(_ other: Tensor, alpha: Double = 1) -> Tensor { add_(other, alpha: -alpha) }

  /// this ← this · other
  @discardableResult
  public func mul_(_ other: Tensor) -> Tensor {
    update(ScaleBy(), other)
    return self
  }

  /// this ← this / other
  @discardableResult
  public func div_(_ other: Tensor) -> Tensor {
    check(dtype.isFloatingPoint, "div_", "an integer tensor cannot hold fractions")
    update(DivideBy(), other)
    return self
  }

  @discardableResult
  public func add_(_ value: some TensorScalar) -> Tensor { add_(number(value)) }
  @discardableResult
  public func sub_(_ value: some TensorScalar) -> Tensor { sub_(number(value)) }
  @discardableResult
  public func mul_(_ value: some TensorScalar) -> Tensor { mul_(number(value)) }
  @discardableResult
  public func div_(_ value: some TensorScalar) -> Tensor { div_(number(value)) }

  private func number(_ value: some TensorScalar) -> Tensor { Tensor([value], shape: [], dtype: dtype) }

  /// this ← other, stretched to this shape and converted to this type
  @discardableResult
  public func copy_(_ other: Tensor) -> Tensor {
    check(
      broadcastShape(shape, other.shape, operation: "copy_") == shape, "copy_",
      "a tensor of shape \(describe(other.shape)) does not stretch to \(describe(shape))")
    willChange("copy_", by: other)
    copyElements(of: disjoint(other), into: self)
    return self
  }

  /// `other`, or a copy of it where it is another view of this memory: it would be overwritten while it is read.
  private func disjoint(_ other: Tensor) -> Tensor {
    let isSame = other.offset == offset && other.strides == strides && other.shape == shape
    return other.storage === storage && !isSame ? noGrad { other.clone() } : other
  }

  /// Every element ← value
  @discardableResult
  public func fill_(_ value: some TensorScalar) -> Tensor {
    willChange("fill_")
    fill(self, with: value)
    return self
  }

  /// Every element ← 0
  @discardableResult
  public func zero_() -> Tensor { fill_(0) }

  /// Changes the elements, contiguous ones in row-major order, through their memory.
  package func withMutableElements<E: TensorElement>(
    _ operation: StaticString, _: E.Type, _ body: (UnsafeMutableBufferPointer<E>) -> Void
  ) {
    willChange(operation)
    let target = Tensors.contiguous(self)
    body(UnsafeMutableBufferPointer(start: target.pointer(E.self), count: count))
    if target !== self { copyElements(of: target, into: self) }
  }

  /// In place, as in PyTorch: `w -= 0.1 * w.grad!` changes the tensor that `w` is.
  public static func += (a: Tensor, b: Tensor) { a.add_(b) }
  public static func -= (a: Tensor, b: Tensor) { a.sub_(b) }
  public static func *= (a: Tensor, b: Tensor) { a.mul_(b) }
  public static func /= (a: Tensor, b: Tensor) { a.div_(b) }
  public static func += (a: Tensor, b: some TensorScalar) { a.add_(b) }
  public static func -= (a: Tensor, b: some TensorScalar) { a.sub_(b) }
  public static func *= (a: Tensor, b: some TensorScalar) { a.mul_(b) }
  public static func /= (a: Tensor, b: some TensorScalar) { a.div_(b) }

  /// Forgets the accumulated gradient.
  public func zeroGrad() { grad = nil }
}
