/// Examples that can be counted and fetched one by one.
///
/// Whatever yields examples (files, generated sets, subsets, tensors side by side) conforms to this, and
/// whatever consumes them asks for nothing more. A data set of one's own is a few lines:
///
///     struct Squares: Dataset {
///       let count = 100
///       subscript(index: Int) -> (Tensor, Tensor) {
///         (Tensor(Float(index)), Tensor(Float(index * index)))
///       }
///     }
///
/// A subscript that reads a file may throw: `subscript(index: Int) -> Tensor { get throws { ... } }`.
public protocol Dataset {
  associatedtype Example
  /// Number of examples.
  var count: Int { get }
  /// The example at `index`, 0 ..< count.
  subscript(index: Int) -> Example { get throws }
  /// The examples at `indices` as one, with a new first dimension, where the data set can gather them faster
  /// than one by one; nil, which is what it does by itself, where it cannot.
  func batch(at indices: [Int]) throws -> Example?
}

extension Dataset {
  public func batch(at indices: [Int]) throws -> Example? { nil }

  /// Fails unless there is an example at `index`.
  func checkIndex(_ index: Int, _ name: String) {
    check(
      0..<count ~= index, "\(name)[\(index)]",
      count == 0 ? "there are no examples" : "there are \(count) examples, 0 to \(count - 1)")
  }
}
