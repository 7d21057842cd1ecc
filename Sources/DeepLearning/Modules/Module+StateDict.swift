extension Module {
  /// Every parameter and buffer of the module and of those below it, under its path: first the module's own
  /// parameters, then its buffers, then its children's, which are PyTorch's names and order. A tensor that stands in
  /// two places is listed under both names.
  ///
  /// The tensors share the model's memory and have no history; `clone()` those that are to outlast the next step.
  public func stateDict() -> StateDict {
    var state = StateDict()
    collectState(under: "", into: &state)
    return state
  }

  private func collectState(under path: String, into state: inout StateDict) {
    let members = members()
    for role in [TensorRole.parameter, .buffer] {
      for (name, member) in members {
        if case .tensor(let tensor) = member, tensor.role == role { state[path + name] = tensor.detach() }
      }
    }
    for (name, child) in namedChildren() { child.collectState(under: "\(path)\(name).", into: &state) }
  }

  /// Copies the values of `state` into the module's parameters and buffers, which stay the tensors they are: an
  /// optimizer that knows them goes on with the new values.
  ///
  /// - Parameters:
  ///   - strict: Whether names that are missing or unexpected are an error. Otherwise what fits is copied.
  /// - Returns: The names that the module has and `state` does not, and the other way round.
  /// - Throws: ``StateDictError``, which lists all that does not fit; then nothing has been changed. Tensors of
  ///   another shape or type are always an error.
  @discardableResult
  public func loadStateDict(
    _ state: StateDict, strict: Bool = true
  ) throws(StateDictError) -> (missing: [String], unexpected: [String]) {
    let own = stateDict()
    let error = StateDictError(model: "\(type(of: self))", expected: own, found: state)
    if !error.misfits.isEmpty || strict && !(error.missing.isEmpty && error.unexpected.isEmpty) {
      throw error
    }
    noGrad {
      for (name, tensor) in own {
        if let value = state[name] { tensor.copy_(value) }
      }
    }
    return (error.missing, error.unexpected)
  }
}

/// In what a state differs from the model that it was to be loaded into. Its text is a report of all of it.
public struct StateDictError: Error, Hashable, CustomStringConvertible {
  /// A tensor of the right name and the wrong shape or type.
  public struct Misfit: Hashable, Sendable {
    public let name: String
    public let expected: String
    public let found: String
  }

  /// The model's class.
  public let model: String
  /// What the model has and the state does not.
  public let missing: [String]
  /// What the state has and the model does not.
  public let unexpected: [String]
  public let misfits: [Misfit]
  /// What has probably happened, if the names tell.
  public let hint: String?

  init(model: String, expected: StateDict, found: StateDict) {
    self.model = model
    missing = expected.names.filter { found[$0] == nil }
    unexpected = found.names.filter { expected[$0] == nil }
    misfits = expected.compactMap { name, tensor in
      guard let other = found[name], Self.layout(other) != Self.layout(tensor) else { return nil }
      return Misfit(name: name, expected: Self.layout(tensor), found: Self.layout(other))
    }
    if missing.isEmpty || unexpected.isEmpty {
      hint = nil
    } else if missing.map({ Self.layout(expected[$0]!) }) == unexpected.map({ Self.layout(found[$0]!) }) {
      hint =
        "the missing and the unexpected tensors have the same shapes in the same order, so that only the names "
        + "may differ: \(unexpected[0]) for \(missing[0])"
    } else if missing.count == expected.count {
      hint = "no name is known to both, which looks like the state of another model"
    } else {
      hint = nil
    }
  }

  private static func layout(_ tensor: Tensor) -> String { "\(describe(tensor.shape)) of \(tensor.dtype)" }

  public var description: String {
    var lines = ["\(model): the state does not fit the model"]
    func list(_ title: String, _ entries: [String]) {
      guard !entries.isEmpty else { return }
      let shown = 10
      lines.append("  \(title) (\(entries.count)):")
      lines += entries.prefix(shown).map { "    \($0)" }
      if entries.count > shown { lines.append("    and \(entries.count - shown) more") }
    }
    list("missing", missing)
    list("unexpected", unexpected)
    list("wrong shape or type", misfits.map { "\($0.name): expected \($0.expected), found \($0.found)" })
    if let hint { lines.append("  hint: \(hint)") }
    return lines.joined(separator: "\n")
  }
}
