/// What ``summary(of:input:dtype:)`` found out: a row for each module, and totals. Print it, or show it on a page.
public struct ModelSummary: Showable, CustomStringConvertible {
  /// A module, listed where it is first met.
  public struct Row: Sendable {
    /// How it is called in the module that owns it; empty for the model itself.
    public let name: String
    public let type: String
    /// How many modules it lies in.
    public let depth: Int
    /// The shape of what its first call gave back, or nil if nothing called it.
    public let outputShape: [Int]?
    /// Learned numbers that are its own, rather than its children's.
    public let parameterCount: Int
  }

  public let rows: [Row]
  /// Learned numbers that require a gradient, and those that are frozen. One used in two places counts once.
  public let trainableCount: Int
  public let frozenCount: Int
  /// Bytes of the input, of what the innermost modules give back (what a `forward` computes by functions between
  /// them is not seen), and of the parameters.
  public let inputBytes: Int
  public let outputBytes: Int
  public let parameterBytes: Int

  public var parameterCount: Int { trainableCount + frozenCount }

  public var standsBelowLabel: Bool { true }

  public func shown(digits: Int?) -> String {
    let table = Table(
      ["layer", "output shape", "parameters"],
      rows.map { row in
        let label = row.name.isEmpty ? row.type : "\(row.name): \(row.type)"
        return [
          String(repeating: "  ", count: row.depth) + label,
          row.outputShape.map(describe) ?? "not called", row.parameterCount,
        ]
      }
    ).shown(digits: nil)
    let rule = table.split(separator: "\n")[1]
    func count(_ number: Int) -> String { number.shown(digits: nil) }
    func megabytes(_ bytes: Int) -> String { (Double(bytes) / 1e6).formatted("%.2f") + " MB" }
    return """
      \(table)
      \(rule)
      parameters: \(count(parameterCount)), of which \(count(trainableCount)) trainable, \(count(frozenCount)) not
      memory: input \(megabytes(inputBytes)), outputs \(megabytes(outputBytes)), \
      parameters \(megabytes(parameterBytes))
      """
  }

  public var description: String { shown(digits: nil) }
}

/// Runs the model once, in evaluation and without gradients, on zeros of the given shape, and tells what each module
/// gave back and how many parameters it has. The model is left as it was.
///
///     print(summary(of: model, input: [64, 1, 28, 28]))
///
/// - Parameter dtype: The type of the input: `int64` for a model that begins with an ``Embedding``.
public func summary(of model: Module, input shape: [Int], dtype: DType = .float32) -> ModelSummary {
  let modules = model.modules()
  let modes = modules.map(\.isTraining)
  var outputShapes: [ObjectIdentifier: [Int]] = [:]
  var outputBytes = 0
  let hooks = modules.map { module in
    let isInnermost = module.children().isEmpty
    return module.registerForwardHook { module, _, y in
      let id = ObjectIdentifier(module)
      outputShapes[id] = outputShapes[id] ?? y.shape
      if isInnermost { outputBytes += y.count * y.dtype.size }
    }
  }
  defer {
    for hook in hooks { hook.remove() }
    for (module, mode) in zip(modules, modes) { module.isTraining = mode }
  }
  model.eval()
  let input = Tensor.zeros(shape, dtype: dtype)
  noGrad { _ = model(input) }

  var rows: [ModelSummary.Row] = []
  var listed: Set<ObjectIdentifier> = []
  var counted: Set<ObjectIdentifier> = []
  func list(_ module: Module, _ name: String, depth: Int) {
    guard listed.insert(ObjectIdentifier(module)).inserted else { return }
    let own = module.members().reduce(0) { sum, entry in
      guard case .tensor(let tensor) = entry.member, tensor.role == .parameter,
        counted.insert(ObjectIdentifier(tensor)).inserted
      else { return sum }
      return sum + tensor.count
    }
    rows.append(
      .init(
        name: name, type: "\(type(of: module))", depth: depth,
        outputShape: outputShapes[ObjectIdentifier(module)], parameterCount: own))
    for (name, child) in module.namedChildren() { list(child, name, depth: depth + 1) }
  }
  list(model, "", depth: 0)

  let parameters = model.parameters()
  let trainable = parameters.filter(\.requiresGrad).reduce(0) { $0 + $1.count }
  return ModelSummary(
    rows: rows, trainableCount: trainable, frozenCount: model.parameterCount - trainable,
    inputBytes: input.count * dtype.size, outputBytes: outputBytes,
    parameterBytes: parameters.reduce(0) { $0 + $1.count * $1.dtype.size })
}
