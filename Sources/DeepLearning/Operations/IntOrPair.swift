/// Two sizes, along height and width.
public struct IntPair: Sendable, Equatable {
  public let height: Int
  public let width: Int
}

/// A size along height and width, written as one number for both, `3`, or as two, `[3, 5]`.
public protocol IntOrPair: Sendable {
  /// The two numbers.
  ///
  /// - Parameter operation: Who asks, for the message where there are not two.
  func pair(for operation: String) -> IntPair
  /// As Python prints it: `3`, or `(3, 5)`.
  var text: String { get }
}

extension Int: IntOrPair {
  public func pair(for operation: String) -> IntPair { IntPair(height: self, width: self) }
  public var text: String { "\(self)" }
}

extension Array: IntOrPair where Element == Int {
  public func pair(for operation: String) -> IntPair {
    check(count == 2, operation, "takes one number or [height, width], found \(describe(self))")
    return IntPair(height: self[0], width: self[1])
  }
  public var text: String { describe(self) }
}

extension IntOrPair {
  /// Height and width.
  package func numbers(for operation: String) -> [Int] {
    let pair = pair(for: operation)
    return [pair.height, pair.width]
  }
}

extension IntPair: CustomStringConvertible {
  public var description: String { describe([height, width]) }
}
