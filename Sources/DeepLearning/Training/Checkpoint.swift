/// All that training needs to go on where it stopped: the state of the model, that of the optimizer, and notes.
///
///     try Checkpoint(
///       model: model.stateDict(), optimizer: optimizer.stateDict(), metadata: ["epoch": "5", "seed": "0"]
///     ).save(to: "last.safetensors")
///
///     let checkpoint = try Checkpoint("last.safetensors")
///     try model.loadStateDict(checkpoint.model)
///     try optimizer.loadStateDict(checkpoint.optimizer)
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
    try DeepLearning.save(tensors, to: path, metadata: metadata)
  }
}
