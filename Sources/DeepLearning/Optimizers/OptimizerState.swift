/// A saved state that does not belong to this optimizer or schedule. What was to be loaded has not changed anything.
public struct OptimizerStateError: Error, Hashable, CustomStringConvertible {
  /// What the state was to be loaded into: `Adam`.
  public let owner: String
  /// Everything that does not fit, each with what was expected and what was found.
  public let problems: [String]

  public var description: String {
    let shown = problems.prefix(4).joined(separator: "; ")
    let more = problems.count > 4 ? "; and \(problems.count - 4) more" : ""
    return "\(owner): this state is of something else: \(shown)\(more)"
  }
}

/// Reads a ``StateDict`` entry by entry and collects all that is wrong with it.
struct StateReader {
  private let saved: StateDict
  private var read: Set<String> = []
  private var problems: [String] = []

  init(_ saved: StateDict) { self.saved = saved }

  func holds(_ name: String) -> Bool { saved[name] != nil }

  /// What follows `prefix` in the names that begin with it.
  func names(under prefix: String) -> [String] {
    saved.names.filter { $0.hasPrefix(prefix) && $0.count > prefix.count }
      .map { String($0.dropFirst(prefix.count)) }
  }

  mutating func object(_ problem: String) { problems.append(problem) }

  private mutating func tensor(_ name: String) -> Tensor? {
    read.insert(name)
    if let tensor = saved[name] { return tensor }
    object("\(name) is missing")
    return nil
  }

  /// A copy of a tensor of floating-point numbers; `rows` lets it have any number of them before `shape`.
  mutating func copy(_ name: String, shape: [Int], rows: Bool = false, dtype: DType) -> Tensor? {
    guard let tensor = tensor(name) else { return nil }
    let itemShape = rows ? Array(tensor.shape.dropFirst()) : tensor.shape
    guard tensor.dtype.isFloatingPoint, itemShape == shape, !rows || tensor.rank > 0 else {
      let expected = rows ? "rows of \(describe(shape))" : describe(shape)
      object(
        "\(name): expected \(dtype) of shape \(expected), found \(tensor.dtype) of shape "
          + describe(tensor.shape))
      return nil
    }
    return Tensor.zeros(tensor.shape, dtype: dtype).copy_(tensor.detach())
  }

  mutating func number(_ name: String) -> Double? {
    guard let tensor = tensor(name) else { return nil }
    if tensor.count == 1, tensor.rank == 0 { return tensor.item() }
    object("\(name): expected one number, found shape \(describe(tensor.shape))")
    return nil
  }

  mutating func numbers(_ name: String, count: Int) -> [Double]? {
    copy(name, shape: [count], dtype: .float64)?.toArray(of: Double.self)
  }

  /// A whole number that counts something.
  mutating func count(_ name: String) -> Int? {
    guard let value = number(name) else { return nil }
    if let count = Int(exactly: value), count >= 0 { return count }
    object("\(name): expected a count, found \(value)")
    return nil
  }

  /// Makes sure that `name` holds the numbers of `range`.
  mutating func expect(_ name: String, _ range: Range<Int>) {
    guard let tensor = tensor(name) else { return }
    guard
      tensor.dtype == .int64, tensor.count == range.count, tensor.toArray(of: Int.self) == Array(range)
    else {
      let found = tensor.count == range.count ? "others" : "\(tensor.count) of them"
      object("\(name): expected parameters \(range), found \(found)")
      return
    }
  }

  /// Throws if anything was wrong, or has not been asked for.
  func finish(_ owner: String) throws(OptimizerStateError) {
    let unexpected = saved.names.filter { !read.contains($0) }.map { "\($0) is unexpected" }
    let all = problems + unexpected
    if !all.isEmpty { throw OptimizerStateError(owner: owner, problems: all) }
  }
}
