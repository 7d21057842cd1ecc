/// L-BFGS: Newton's method for a full batch, with the curvature learned from the last few steps.
///
/// Of each step it remembers how far the parameters moved, s, and how the gradient g changed with it, y, up to
/// `historySize` of them. From these two loops compute d = −H g, where H approximates the inverse of the matrix of
/// second derivatives and starts from (sᵀy / yᵀy) I; then θ ← θ + t d. The step length t is η (at the very first
/// step at most η / Σ|g|), or what a line search finds that starts there.
///
///     let optimizer = LBFGS(model.parameters(), lineSearch: .strongWolfe)
///     for _ in 0..<10 {
///       optimizer.step {
///         optimizer.zeroGrad()
///         let loss = mseLoss(model(x), y)
///         loss.backward()
///         return loss
///       }
///     }
///
/// One call of `step` makes up to `maxIter` steps and calls the closure up to `maxEval` times, always with the same
/// data: a batch drawn anew in the closure would make the changes of the gradient meaningless.
///
/// J. Nocedal, "Updating Quasi-Newton Matrices with Limited Storage", Mathematics of Computation 35, 1980; the
/// line search: J. Nocedal and S. Wright, "Numerical Optimization", 2006, section 3.5.
public final class LBFGS: Optimizer {
  public enum LineSearch: Sendable {
    /// A fixed step length.
    case none
    /// A step length at which the loss has fallen enough and its slope has become flat enough.
    case strongWolfe
  }

  /// What has been learned of the curvature.
  private struct Memory {
    /// d and t of the last step.
    var direction: Tensor
    var stepSize = 1.0
    /// The gradient before the last step.
    var gradient: Tensor
    /// y and s of the steps that are remembered, and 1 / yᵀs.
    var changes: [Tensor] = []
    var moves: [Tensor] = []
    var inverses: [Double] = []
    /// sᵀy / yᵀy of the last of them.
    var scale = 1.0
  }
  private var memory: Memory?
  private var iterationCount = 0
  private var evaluationCount = 0

  /// - Parameters:
  ///   - lr: The step length η, or the first one that a line search tries.
  ///   - maxIter: Steps in one call of `step`.
  ///   - maxEval: Calls of the closure in one call of `step`; 5/4 of `maxIter` where it is left out.
  ///   - toleranceGrad: Stops where no partial derivative is larger.
  ///   - toleranceChange: Stops where neither the loss nor any parameter changes by more.
  ///   - historySize: Steps that are remembered.
  public init<P: Trainable>(
    _ parameters: [P], lr: Double = 1, maxIter: Int = 20, maxEval: Int? = nil, toleranceGrad: Double = 1e-7,
    toleranceChange: Double = 1e-9, historySize: Int = 100, lineSearch: LineSearch = .none
  ) {
    super.init(
      parameters,
      defaults: [
        .lr: lr, .maxIter: Double(maxIter), .maxEval: Double(maxEval ?? maxIter * 5 / 4),
        .toleranceGrad: toleranceGrad, .toleranceChange: toleranceChange,
        .historySize: Double(historySize), .lineSearch: lineSearch == .strongWolfe ? 1 : 0,
      ])
  }

  public override func addParameterGroup(_ group: ParameterGroup) {
    check(groups.isEmpty, name, "moves all parameters in one direction and takes only one group of them")
    super.addParameterGroup(group)
  }

  public override func conflict(in group: ParameterGroup) -> String? {
    for setting in [Setting.maxIter, .maxEval, .historySize] where Int(exactly: group[setting]) == nil {
      return "\(setting.name) \(group[setting]) must be a whole number"
    }
    return nil
  }

  public override func step() {
    fail(
      name, "computes the loss several times a step; write step { ... } with zeroGrad, backward and the loss")
  }

  @discardableResult
  public override func step<Failure: Error>(
    _ closure: () throws(Failure) -> Tensor
  ) throws(Failure) -> Tensor {
    let group = groups[0]
    let firstLoss = try closure()
    var loss = firstLoss.item()
    var gradient = flatGradient()
    var evaluations = 1
    defer {
      evaluationCount += evaluations
      callStepPostHooks()
    }
    if gradient.largest <= group[.toleranceGrad] { return firstLoss }

    for iteration in stride(from: 1, through: Int(group[.maxIter]), by: 1) {
      iterationCount += 1
      var memory = learned(from: gradient)
      let direction = memory.direction
      memory.stepSize = iterationCount == 1 ? min(1, 1 / gradient.abs().sum().item()) * group.lr : group.lr
      self.memory = memory
      let slope = gradient.dot(direction).item()
      // Where the direction leads up or along a level, there is nothing to be gained.
      if slope > -group[.toleranceChange] { break }

      let lastLoss = loss
      var size = memory.stepSize
      if group[.lineSearch] != 0 {
        let search = WolfeSearch(
          start: .init(size: 0, loss: loss, gradient: gradient, slope: slope),
          longest: direction.largest, toleranceChange: group[.toleranceChange],
          maxIterations: Int(group[.maxEval]) - evaluations)
        let found = try search.run(from: size) { (size) throws(Failure) in
          evaluations += 1
          return try evaluate(closure, at: size, along: direction)
        }
        (size, loss, gradient) = (found.size, found.loss, found.gradient)
        self.memory?.stepSize = size
        move(by: size, along: direction)
      } else {
        move(by: size, along: direction)
        // After the last step nobody would use it.
        if iteration < Int(group[.maxIter]) {
          loss = try closure().item()
          gradient = flatGradient()
          evaluations += 1
        }
      }
      if evaluations >= Int(group[.maxEval]) || gradient.largest <= group[.toleranceGrad]
        || abs(size) * direction.largest <= group[.toleranceChange]
        || abs(loss - lastLoss) < group[.toleranceChange]
      {
        break
      }
    }
    return firstLoss
  }

  /// What is known of the curvature once the gradient has become `gradient`, and the direction in which to go.
  private func learned(from gradient: Tensor) -> Memory {
    guard var memory else { return Memory(direction: -gradient, gradient: gradient) }
    let change = gradient - memory.gradient
    let move = memory.direction * memory.stepSize
    let product = change.dot(move).item()
    // Along a valley that curves upward the product is positive; no other step says anything of use.
    if product > 1e-10 {
      if memory.changes.count >= Int(groups[0][.historySize]), !memory.changes.isEmpty {
        memory.changes.removeFirst()
        memory.moves.removeFirst()
        memory.inverses.removeFirst()
      }
      memory.changes.append(change)
      memory.moves.append(move)
      memory.inverses.append(1 / product)
      memory.scale = product / change.dot(change).item()
    }
    let direction = -gradient
    var weights: [Double] = []
    for i in memory.moves.indices.reversed() {
      let weight = memory.moves[i].dot(direction).item() * memory.inverses[i]
      direction.add_(memory.changes[i], alpha: -weight)
      weights.append(weight)
    }
    direction.mul_(memory.scale)
    for (i, weight) in zip(memory.moves.indices, weights.reversed()) {
      let correction = memory.changes[i].dot(direction).item() * memory.inverses[i]
      direction.add_(memory.moves[i], alpha: weight - correction)
    }
    memory.direction = direction
    memory.gradient = gradient
    return memory
  }

  /// The loss and its gradient some way along `direction`; the parameters are where they were afterwards.
  private func evaluate<Failure: Error>(
    _ closure: () throws(Failure) -> Tensor, at size: Double, along direction: Tensor
  ) throws(Failure) -> WolfeSearch.Point {
    let parameters = groups[0].parameters
    let places = parameters.map { $0.detach().clone() }
    defer { noGrad { for (parameter, place) in zip(parameters, places) { parameter.copy_(place) } } }
    move(by: size, along: direction)
    let loss = try closure().item()
    let gradient = flatGradient()
    return .init(size: size, loss: loss, gradient: gradient, slope: gradient.dot(direction).item())
  }

  /// All gradients as one vector; of parameters that have none, zeros.
  private func flatGradient() -> Tensor {
    cat(groups[0].parameters.map { ($0.grad?.detach() ?? Tensor.zeros(like: $0)).reshape([$0.count]) })
  }

  private func move(by size: Double, along direction: Tensor) {
    noGrad {
      var start = 0
      for parameter in groups[0].parameters {
        parameter.add_(direction.narrow(0, start, parameter.count).reshape(parameter.shape), alpha: size)
        start += parameter.count
      }
    }
  }

  // MARK: - The state, out and in

  public override func stateDict() -> StateDict {
    var saved = settingsState()
    guard let memory else { return saved }
    let size = memory.gradient.count
    func rows(_ vectors: [Tensor]) -> Tensor {
      vectors.isEmpty ? Tensor.zeros([0, size], dtype: memory.gradient.dtype) : stack(vectors)
    }
    saved["state.0.n_iter"] = Tensor(iterationCount)
    saved["state.0.func_evals"] = Tensor(evaluationCount)
    saved["state.0.d"] = memory.direction.clone()
    saved["state.0.t"] = Tensor(memory.stepSize, dtype: .float64)
    saved["state.0.prev_flat_grad"] = memory.gradient.clone()
    saved["state.0.old_dirs"] = rows(memory.changes)
    saved["state.0.old_stps"] = rows(memory.moves)
    saved["state.0.ro"] = Tensor(memory.inverses, dtype: .float64)
    saved["state.0.H_diag"] = Tensor(memory.scale, dtype: .float64)
    return saved
  }

  public override func loadStateDict(_ saved: StateDict) throws(OptimizerStateError) {
    var reader = StateReader(saved)
    let settings = readSettings(&reader)
    let parameters = groups[0].parameters
    let size = parameters.reduce(0) { $0 + $1.count }
    let type: DType = parameters.contains { $0.dtype == .float64 } ? .float64 : .float32
    var read: Memory?
    var counts = (iterations: 0, evaluations: 0)
    if !reader.names(under: "state.0.").isEmpty {
      counts.iterations = reader.count("state.0.n_iter") ?? 0
      counts.evaluations = reader.count("state.0.func_evals") ?? 0
      let direction = reader.copy("state.0.d", shape: [size], dtype: type)
      let stepSize = reader.number("state.0.t")
      let gradient = reader.copy("state.0.prev_flat_grad", shape: [size], dtype: type)
      let changes = reader.copy("state.0.old_dirs", shape: [size], rows: true, dtype: type)
      let moves = reader.copy("state.0.old_stps", shape: [size], rows: true, dtype: type)
      let steps = changes?.shape[0] ?? 0
      if let moves, moves.shape[0] != steps {
        reader.object(
          "state.0.old_stps: expected as many rows as old_dirs, \(steps), found \(moves.shape[0])")
      }
      let inverses = reader.numbers("state.0.ro", count: steps)
      let scale = reader.number("state.0.H_diag")
      if let direction, let stepSize, let gradient, let changes, let moves, let inverses, let scale {
        func vectors(_ rows: Tensor) -> [Tensor] { (0..<rows.shape[0]).map { rows[$0].clone() } }
        read = Memory(
          direction: direction, stepSize: stepSize, gradient: gradient, changes: vectors(changes),
          moves: vectors(moves), inverses: inverses, scale: scale)
      }
    }
    try reader.finish(name)
    adopt(settings)
    memory = read
    (iterationCount, evaluationCount) = counts
  }
}

extension Setting {
  fileprivate static let maxIter = Setting("maxIter", key: "max_iter")
  fileprivate static let maxEval = Setting("maxEval", key: "max_eval")
  fileprivate static let toleranceGrad = Setting("toleranceGrad", key: "tolerance_grad")
  fileprivate static let toleranceChange = Setting("toleranceChange", key: "tolerance_change")
  fileprivate static let historySize = Setting("historySize", key: "history_size")
  /// 1 where a strong Wolfe search chooses the step length.
  fileprivate static let lineSearch = Setting("lineSearch", key: "line_search_fn")
}

extension Tensor {
  /// The largest absolute value; 0 where there are none.
  fileprivate var largest: Double { count == 0 ? 0 : abs().amax().item() }
}
