/// Tensors by name, in a fixed order: everything that a module or an optimizer would have to remember.
///
///     for (name, tensor) in model.stateDict() { print(name, tensor.shape) }
public struct StateDict {
  /// The names, in the order in which they were first set.
  public private(set) var names: [String] = []
  private var tensors: [String: Tensor] = [:]

  public init() {}

  public var count: Int { names.count }
  public var isEmpty: Bool { names.isEmpty }

  /// The tensor called `name`, or nil. A new name goes to the end; setting nil removes it.
  public subscript(name: String) -> Tensor? {
    get { tensors[name] }
    set {
      let wasThere = tensors[name] != nil
      tensors[name] = newValue
      if newValue != nil && !wasThere { names.append(name) }
      if newValue == nil && wasThere { names.removeAll { $0 == name } }
    }
  }

  /// A copy whose tensors have memory of their own: what is trained afterwards does not change it.
  public func clone() -> StateDict {
    var copy = StateDict()
    for (name, tensor) in self { copy[name] = tensor.clone() }
    return copy
  }
}

extension StateDict: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, Tensor)...) {
    for (name, tensor) in elements { self[name] = tensor }
  }
}

extension StateDict: Sequence {
  public func makeIterator() -> some IteratorProtocol<(name: String, tensor: Tensor)> {
    names.lazy.map { (name: $0, tensor: tensors[$0]!) }.makeIterator()
  }
}
