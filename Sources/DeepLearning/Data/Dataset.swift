/// Examples that can be counted and fetched one by one.
///
/// Whatever yields examples (files, generated sets, subsets, tensors side by side) conforms to this, and
/// whatever consumes them asks for nothing more.
public protocol Dataset {
  associatedtype Example
  /// Number of examples.
  var count: Int { get }
  /// The example at `index`, 0 ..< count.
  subscript(index: Int) -> Example { get }
}
