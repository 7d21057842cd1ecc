extension Tensor {
  /// The value of a tensor that has exactly one element.
  public func item() -> Double {
    check(
      count == 1, "item",
      "a tensor of shape \(describe(shape)) has \(count) elements; item() reads tensors of one")
    switch dtype {
    case .float32: return Double(pointer(Float.self).pointee)
    case .float64: return pointer(Double.self).pointee
    case .int64: return Double(pointer(Int.self).pointee)
    case .bool: return pointer(Bool.self).pointee ? 1 : 0
    }
  }

  /// The elements in row-major order, converted to the asked type: `x.toArray(of: Int.self)`.
  public func toArray<T: TensorElement>(of _: T.Type) -> [T] {
    let source = Tensors.contiguous(self)
    return [T](unsafeUninitializedCapacity: count) { buffer, initialized in
      let target = buffer.baseAddress
      switch source.dtype {
      case .float32: copy(source.pointer(Float.self), to: target, count: count)
      case .float64: copy(source.pointer(Double.self), to: target, count: count)
      case .int64: copy(source.pointer(Int.self), to: target, count: count)
      case .bool: copy(source.pointer(Bool.self), to: target, count: count)
      }
      initialized = count
    }
  }

  /// The elements in row-major order as `Float`.
  public func toArray() -> [Float] { toArray(of: Float.self) }

  private func copy<From: TensorElement, To: TensorElement>(
    _ source: UnsafeMutablePointer<From>, to target: UnsafeMutablePointer<To>?, count: Int
  ) {
    guard let target else { return }
    for i in 0..<count { target[i] = convertElement(source[i]) }
  }
}
