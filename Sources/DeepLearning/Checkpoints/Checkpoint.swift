/// All that training needs to go on where it stopped: the state of the model, that of the optimizer, and notes.
///
///     try Checkpoint(model: model, optimizer: optimizer, metadata: ["epoch": "5"]).save(to: "last.safetensors")
///
///     let checkpoint = try Checkpoint("last.safetensors")
///     try checkpoint.restore(model: model, optimizer: optimizer)
///     let epoch = checkpoint.metadata["epoch"]
///
/// It is one safetensors file, in which the tensors are called `model.…` and `optimizer.…`.
public struct Checkpoint {
  public var model: StateDict
  /// Empty where there was no optimizer.
  public var optimizer: StateDict
  public var metadata: [String: String]

  public init(model: StateDict, optimizer: StateDict = [:], metadata: [String: String] = [:]) {
    self.model = model
    self.optimizer = optimizer
    self.metadata = metadata
  }

  private static let parts: [(prefix: String, state: WritableKeyPath<Checkpoint, StateDict> & Sendable)] = [
    ("model.", \.model), ("optimizer.", \.optimizer),
  ]

  /// Reads what ``save(to:)`` has written.
  ///
  /// - Throws: ``CheckpointError``, also where the file holds tensors that are not a checkpoint's.
  public init(_ path: String) throws(CheckpointError) {
    let (tensors, metadata) = try loadWithMetadata(path)
    self.init(model: [:], metadata: metadata)
    for (name, tensor) in tensors {
      guard let part = Self.parts.first(where: { name.hasPrefix($0.prefix) }) else {
        throw CheckpointError(
          .wrongFormat, file: path, expected: "names that begin with model. or optimizer.",
          found: "\(quoted(name)), as in a file of a model alone, which load(_:) reads")
      }
      self[keyPath: part.state][String(name.dropFirst(part.prefix.count))] = tensor
    }
  }

  /// Writes the file, whole or not at all: see ``save(_:to:metadata:)``.
  public func save(to path: String) throws(CheckpointError) {
    var tensors = StateDict()
    for (prefix, state) in Self.parts {
      for (name, tensor) in self[keyPath: state] { tensors[prefix + name] = tensor }
    }
    try Networks.save(tensors, to: path, metadata: metadata)
  }
}

extension Checkpoint {
  /// What the model and the optimizer hold now. A copy: training on does not change it.
  public init(model: Module, optimizer: Optimizer? = nil, metadata: [String: String] = [:]) {
    self.init(
      model: model.stateDict().clone(), optimizer: optimizer?.stateDict() ?? [:], metadata: metadata)
  }

  /// Puts the model, and the optimizer if one is given, in the state that was saved.
  ///
  /// - Throws: ``StateDictError`` or ``OptimizerStateError`` where one of them does not fit; neither has been
  ///   changed then.
  public func restore(model: Module, optimizer: Optimizer? = nil) throws {
    let before = optimizer?.stateDict()
    try optimizer?.loadStateDict(self.optimizer)
    do {
      try model.loadStateDict(self.model)
    } catch {
      if let before { try optimizer?.loadStateDict(before) }
      throw error
    }
  }
}
