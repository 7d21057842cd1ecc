/// A function of one number, applied to each element.
protocol ElementwiseFunction: Sendable {
  static var name: StaticString { get }
  /// Whether the derivative is written in terms of the value y (true) or of x (false).
  static var readsOutput: Bool { get }
  /// Whether whole numbers have whole results and stay `int64`.
  static var keepsIntegers: Bool { get }
  /// y = f(x)
  func value<T: Elementary>(_ x: T) -> T
  /// dy/dx; of `x` and `y` only the one named by ``readsOutput`` may be read.
  func derivative<T: Elementary>(_ x: T, _ y: T) -> T
  /// Up to which magnitude of a Float ``valueOfModerate(_:)`` gives the same in less time, if it does.
  static var moderate: Double? { get }
  func valueOfModerate<T: Elementary>(_ x: T) -> T
}

extension ElementwiseFunction {
  static var keepsIntegers: Bool { false }
  static var moderate: Double? { nil }
  func valueOfModerate<T: Elementary>(_ x: T) -> T { value(x) }
}

private struct Value<F: ElementwiseFunction, E: FloatingElement>: UnaryKernel {
  let f: F
  @inline(__always) func callAsFunction(_ x: E) -> E { f.value(x) }

  @inline(__always)
  func quickly(_ x: UnsafePointer<E>, into y: UnsafeMutablePointer<E>, _ count: Int) -> Bool {
    guard let moderate = F.moderate, E.self == Float.self else { return false }
    // As whole numbers, because those are compared without a branch; what is not a number has the largest.
    var largest = E.OrderKey.min
    for i in 0..<count {
      largest = max(largest, x[i].magnitude.orderKey)
      y[i] = f.valueOfModerate(x[i])
    }
    return largest <= E(moderate).orderKey
  }
}

/// g · f'; `v` is whichever of x and y the derivative reads.
private struct Chained<F: ElementwiseFunction, E: FloatingElement>: BinaryKernel {
  let f: F
  @inline(__always) func callAsFunction(_ g: E, _ v: E) -> E { g * f.derivative(v, v) }
}

extension Tensor: Elementary {
  /// A single number of full precision; beside a tensor of another floating-point type it takes that type.
  static func constant(_ value: Double) -> Tensor {
    let scalar = Tensor(uninitialized: [], dtype: .float64)
    scalar.pointer(Double.self).pointee = value
    return scalar
  }

  func isAbove(_ threshold: Double, then a: Tensor, else b: Tensor) -> Tensor {
    `where`(self .> threshold, a, b)
  }

  /// Applies `f` and records it.
  func elementwise<F: ElementwiseFunction>(_ f: F) -> Tensor {
    if dtype == .int64 && F.keepsIntegers { return to(.float64).elementwise(f).to(.int64) }
    let x = dtype.isFloatingPoint ? self : to(.float32)
    let y = Tensor(uninitializedLike: x)
    switch x.dtype {
    case .float64: map(x, into: y, Value<F, Double>(f: f))
    default: map(x, into: y, Value<F, Float>(f: f))
    }
    guard isTracked else { return y }
    if F.readsOutput {
      return record(F.name, y, x, readsOutput: true) { gradient, y in
        [chained(gradient, f, x: y, y: y)]
      }
    }
    let saved = Saved(x)
    return record(F.name, y, x) { gradient, _ in
      let x = saved.tensor
      return [chained(gradient, f, x: x, y: x)]
    }
  }
}

/// The chain rule for one element: dL/dx = dL/dy · dy/dx, in one pass over memory unless the gradient
/// is itself to be differentiated.
private func chained<F: ElementwiseFunction>(_ gradient: Tensor, _ f: F, x: Tensor, y: Tensor) -> Tensor {
  if isGradEnabled { return gradient * f.derivative(x, y) }
  let result = Tensor(uninitializedLike: x)
  let read = F.readsOutput ? y : x
  switch x.dtype {
  case .float64: map(gradient, read, into: result, Chained<F, Double>(f: f))
  default: map(gradient, read, into: result, Chained<F, Float>(f: f))
  }
  return result
}
