/// Swift data from which a tensor can be made: numbers, and arrays of arrays of them.
public protocol TensorData {
  associatedtype Element: TensorElement
  /// The type that a tensor of this data has unless another is asked for, as `torch.tensor` decides:
  /// fractions give `float32`, whole numbers `int64`.
  static var defaultDType: DType { get }
  /// The sizes of the nested arrays, outermost first.
  var tensorShape: [Int] { get }
  func appendElements(to list: inout [Element])
}

extension TensorData where Self: TensorElement {
  public var tensorShape: [Int] { [] }
  public func appendElements(to list: inout [Self]) { list.append(self) }
}
extension Float: TensorData { public static var defaultDType: DType { .float32 } }
extension Double: TensorData { public static var defaultDType: DType { .float32 } }
extension Int: TensorData { public static var defaultDType: DType { .int64 } }
extension Bool: TensorData { public static var defaultDType: DType { .bool } }

extension Array: TensorData where Element: TensorData {
  public typealias Element = Element.Element
  public static var defaultDType: DType { Iterator.Element.defaultDType }
  public var tensorShape: [Int] {
    guard let first else { return [0] }
    let inner = first.tensorShape
    for (i, row) in enumerated() where row.tensorShape != inner {
      fail(
        "Tensor",
        "rows differ in shape: row 0 is \(describe(inner)), row \(i) is \(describe(row.tensorShape))")
    }
    return [count] + inner
  }
  public func appendElements(to list: inout [Iterator.Element.Element]) {
    for row in self { row.appendElements(to: &list) }
  }
}

extension Tensor {
  /// A tensor of the given numbers: `Tensor([[1, 2], [3, 4]])`, `Tensor(0.5)`.
  ///
  /// - Parameters:
  ///   - data: A number or arrays of numbers, all rows of one length.
  ///   - dtype: The element type; by default `float32` for fractions, `int64` for whole numbers and `bool`
  ///     for truth values, as `torch.tensor` chooses.
  ///   - requiresGrad: Whether operations on it are to be recorded.
  public convenience init<Data: TensorData>(_ data: Data, dtype: DType? = nil, requiresGrad: Bool = false) {
    let shape = data.tensorShape
    var elements: [Data.Element] = []
    elements.reserveCapacity(elementCount(shape))
    data.appendElements(to: &elements)
    self.init(elements, shape: shape, dtype: dtype ?? Data.defaultDType, requiresGrad: requiresGrad)
  }

  /// A tensor of `shape` filled in row-major order from a flat array.
  public convenience init<T: TensorElement>(
    _ elements: [T], shape: [Int], dtype: DType? = nil, requiresGrad: Bool = false
  ) {
    let dtype = dtype ?? T.dtype
    check(
      elements.count == elementCount(shape), "Tensor",
      "\(elements.count) elements do not fill the shape \(describe(shape)), which holds \(elementCount(shape))"
    )
    self.init(uninitialized: shape, dtype: dtype)
    elements.withUnsafeBufferPointer { source in
      switch dtype {
      case .float32: convert(source, to: pointer(Float.self))
      case .float64: convert(source, to: pointer(Double.self))
      case .int64: convert(source, to: pointer(Int.self))
      case .bool: convert(source, to: pointer(Bool.self))
      }
    }
    if requiresGrad { self.requiresGrad = true }
  }

  /// Every element `value`.
  public static func full(
    _ shape: [Int], _ value: some TensorScalar, dtype: DType = .float32, requiresGrad: Bool = false
  ) -> Tensor {
    let result = Tensor(uninitialized: shape, dtype: dtype)
    fill(result, with: value)
    return requiresGrad ? result.requiresGrad_() : result
  }

  public static func zeros(_ shape: [Int], dtype: DType = .float32, requiresGrad: Bool = false) -> Tensor {
    full(shape, 0, dtype: dtype, requiresGrad: requiresGrad)
  }
  public static func zeros(_ shape: Int..., dtype: DType = .float32, requiresGrad: Bool = false) -> Tensor {
    full(shape, 0, dtype: dtype, requiresGrad: requiresGrad)
  }
  public static func ones(_ shape: [Int], dtype: DType = .float32, requiresGrad: Bool = false) -> Tensor {
    full(shape, 1, dtype: dtype, requiresGrad: requiresGrad)
  }
  public static func ones(_ shape: Int..., dtype: DType = .float32, requiresGrad: Bool = false) -> Tensor {
    full(shape, 1, dtype: dtype, requiresGrad: requiresGrad)
  }
  public static func zeros(like other: Tensor) -> Tensor { full(other.shape, 0, dtype: other.dtype) }
  public static func ones(like other: Tensor) -> Tensor { full(other.shape, 1, dtype: other.dtype) }

  /// Memory whose content is whatever was there before.
  public static func empty(_ shape: Int..., dtype: DType = .float32) -> Tensor {
    Tensor(uninitialized: shape, dtype: dtype)
  }

  /// `[0, 1, ..., end - 1]`, `int64`.
  public static func arange(_ end: Int) -> Tensor { arange(0, end) }

  /// `start, start + step, ...` up to but not including `end`, `int64`.
  public static func arange(_ start: Int, _ end: Int, step: Int = 1) -> Tensor {
    check(step != 0, "arange", "the step must not be 0")
    return Tensor(Array(stride(from: start, to: end, by: step)))
  }

  /// `start, start + step, ...` up to but not including `end`, `float32`.
  public static func arange(_ start: Double, _ end: Double, step: Double = 1) -> Tensor {
    check(step != 0, "arange", "the step must not be 0")
    let count = Swift.max(0, Int(((end - start) / step).rounded(.up)))
    return Tensor((0..<count).map { start + Double($0) * step })
  }

  /// `count` evenly spaced numbers from `start` to `end`, both included.
  public static func linspace(_ start: Double, _ end: Double, _ count: Int, dtype: DType = .float32) -> Tensor
  {
    check(count >= 0, "linspace", "cannot make \(count) numbers")
    let step = count > 1 ? (end - start) / Double(count - 1) : 0
    // From both ends inwards, so that the last number is exactly `end`.
    let numbers = (0..<count).map {
      $0 < (count + 1) / 2 ? start + step * Double($0) : end - step * Double(count - 1 - $0)
    }
    return Tensor(numbers, dtype: dtype)
  }

  /// The identity matrix of `n` rows.
  public static func eye(_ n: Int, dtype: DType = .float32) -> Tensor {
    let result = zeros([n, n], dtype: dtype)
    fill(result.alias(shape: [n], strides: [n + 1]), with: 1)
    return result
  }
}

@inline(__always)
private func convert<From: TensorElement, To: TensorElement>(
  _ source: UnsafeBufferPointer<From>, to target: UnsafeMutablePointer<To>
) {
  for i in 0..<source.count { target[i] = convertElement(source[i]) }
}
