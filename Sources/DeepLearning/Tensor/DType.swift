/// The type of a tensor's elements.
///
/// `float32` is what networks compute in, `float64` what gradients are checked in, `int64` holds labels
/// and indices, `bool` holds masks.
public enum DType: String, Sendable, CaseIterable {
  case float32, float64, int64, bool

  /// Bytes that one element takes.
  public var size: Int {
    switch self {
    case .float32: 4
    case .float64, .int64: 8
    case .bool: 1
    }
  }

  public var isFloatingPoint: Bool { self == .float32 || self == .float64 }

  /// The type that holds the result of combining the two, PyTorch's order: bool < int64 < float32 < float64.
  static func promote(_ a: DType, _ b: DType) -> DType { a.rank >= b.rank ? a : b }

  private var rank: Int {
    switch self {
    case .bool: 0
    case .int64: 1
    case .float32: 2
    case .float64: 3
    }
  }

  /// Whether both are of one kind (bool, integer or floating point). Among tensors of one kind a
  /// zero-dimensional operand does not widen the result.
  func isSameKind(as other: DType) -> Bool {
    isFloatingPoint == other.isFloatingPoint && (self == .bool) == (other == .bool)
  }
}

/// A Swift type that a tensor can hold: `Float`, `Double`, `Int` and `Bool`.
public protocol TensorElement: Sendable, BitwiseCopyable {
  static var dtype: DType { get }
  /// `value` as an element. Not an initializer: `Double.init` would no longer name one function.
  static func constant(_ value: Double) -> Self
  static func constant(_ value: Int) -> Self
  var doubleValue: Double { get }
  var intValue: Int { get }
}

extension Float: TensorElement {
  public static var dtype: DType { .float32 }
  @inline(__always) public static func constant(_ value: Double) -> Self { Float(value) }
  @inline(__always) public static func constant(_ value: Int) -> Self { Float(value) }
  @inline(__always) public var doubleValue: Double { Double(self) }
  @inline(__always) public var intValue: Int { Int(self) }
}

extension Double: TensorElement {
  public static var dtype: DType { .float64 }
  @inline(__always) public static func constant(_ value: Double) -> Self { value }
  @inline(__always) public static func constant(_ value: Int) -> Self { Double(value) }
  @inline(__always) public var doubleValue: Double { self }
  @inline(__always) public var intValue: Int { Int(self) }
}

extension Int: TensorElement {
  public static var dtype: DType { .int64 }
  @inline(__always) public static func constant(_ value: Double) -> Self { Int(value) }
  @inline(__always) public static func constant(_ value: Int) -> Self { value }
  @inline(__always) public var doubleValue: Double { Double(self) }
  @inline(__always) public var intValue: Int { self }
}

extension Bool: TensorElement {
  public static var dtype: DType { .bool }
  @inline(__always) public static func constant(_ value: Double) -> Self { value != 0 }
  @inline(__always) public static func constant(_ value: Int) -> Self { value != 0 }
  @inline(__always) public var doubleValue: Double { self ? 1 : 0 }
  @inline(__always) public var intValue: Int { self ? 1 : 0 }
}

/// A plain Swift number beside a tensor, as in `2 * x`.
///
/// A number takes the tensor's type where it can: `x * 0.5` leaves a `float32` tensor `float32`, and only
/// an integer tensor that meets a fraction becomes `float32`.
public protocol TensorScalar: TensorElement {}
extension Float: TensorScalar {}
extension Double: TensorScalar {}
extension Int: TensorScalar {}
