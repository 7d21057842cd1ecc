/// Tensors side by side: example i is row i of each.
///
///     let set = TensorDataset(x, y)    // x (N, ...), y (N, ...)
///     let (xi, yi) = set[3]
///
/// From one tensor alone an example is that tensor's row.
public struct TensorDataset<Example>: Dataset {
  /// What the set was made of.
  public let tensors: [Tensor]
  private let example: ([Tensor]) -> Example

  /// - Parameter x: The examples along its first dimension.
  public init(_ x: Tensor) where Example == Tensor {
    self.init([x]) { $0[0] }
  }

  /// - Parameters:
  ///   - x: The inputs along its first dimension.
  ///   - y: As many targets.
  public init(_ x: Tensor, _ y: Tensor) where Example == (Tensor, Tensor) {
    self.init([x, y]) { ($0[0], $0[1]) }
  }

  private init(_ tensors: [Tensor], _ example: @escaping ([Tensor]) -> Example) {
    for tensor in tensors {
      check(tensor.rank > 0, "TensorDataset", "a single number has no rows")
      check(
        tensor.shape[0] == tensors[0].shape[0], "TensorDataset",
        "\(describe(tensors[0].shape)) and \(describe(tensor.shape)) differ in their number of rows")
    }
    self.tensors = tensors
    self.example = example
  }

  public var count: Int { tensors[0].shape[0] }

  public subscript(index: Int) -> Example {
    checkIndex(index, "TensorDataset")
    return example(tensors.map { $0[index] })
  }

  public func batch(at indices: [Int]) -> Example? {
    // Rows are picked out of row-major memory; others would first be copied, all of them for each batch.
    guard tensors.allSatisfy(\.isContiguous) else { return nil }
    let rows = Tensor(indices)
    return example(tensors.map { $0.indexSelect(0, rows) })
  }
}
