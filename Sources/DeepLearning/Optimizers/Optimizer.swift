/// Changes parameters so that the loss falls.
///
///     optimizer.zeroGrad()
///     loss.backward()
///     optimizer.step()
///
/// A subclass says in ``update(_:gradient:group:step:state:)`` how one parameter moves, and hands
/// ``init(_:defaults:)`` its settings, each of which a ``ParameterGroup`` may have a value of its own for.
open class Optimizer {
  public private(set) var groups: [ParameterGroup] = []
  /// The settings of a group that does not name its own.
  let defaults: [Setting: Double]
  /// What the optimizer remembers of each parameter, by name: its momentum, for instance.
  public private(set) var states: [ObjectIdentifier: [String: Tensor]] = [:]
  private var steps: [ObjectIdentifier: Int] = [:]
  private var stepPostHooks: [() -> Void] = []

  /// - Parameters:
  ///   - parameters: Tensors, or groups of them with settings of their own.
  ///   - defaults: All settings that the optimizer has, with their values for groups that do not name them.
  public init<P: Trainable>(_ parameters: [P], defaults: [Setting: Double]) {
    self.defaults = defaults
    check(!parameters.isEmpty, "optimizer", "was given no parameters")
    for (setting, value) in defaults.sorted(by: { $0.key.key < $1.key.key }) {
      let objection = setting.objection(to: value)
      check(objection == nil, name, objection ?? "")
    }
    for group in P.groups(of: parameters) { addParameterGroup(group) }
  }

  var name: String { "\(type(of: self))" }

  /// Adds parameters that are to be trained from now on, such as layers that have been frozen so far.
  open func addParameterGroup(_ group: ParameterGroup) {
    for (setting, value) in group.settings.sorted(by: { $0.key.key < $1.key.key }) {
      check(
        defaults[setting] != nil, name,
        "has no setting \(setting.name); it has " + defaults.keys.map(\.name).sorted().joined(separator: ", ")
      )
      let objection = setting.objection(to: value)
      check(objection == nil, name, objection ?? "")
    }
    var places: [ObjectIdentifier: Int] = [:]
    for (i, known) in groups.enumerated() {
      for parameter in known.parameters { places[ObjectIdentifier(parameter)] = i }
    }
    for (i, parameter) in group.parameters.enumerated() {
      let earlier = places.updateValue(groups.count, forKey: ObjectIdentifier(parameter))
      check(
        earlier == nil, name,
        "parameter \(i) of group \(groups.count) is in group \(earlier ?? 0) already; it would be moved twice"
      )
    }
    group.settings.merge(defaults) { own, _ in own }
    let conflict = conflict(in: group)
    check(conflict == nil, name, conflict ?? "")
    groups.append(group)
  }

  /// Forgets the gradients of all parameters.
  public final func zeroGrad() {
    for group in groups { for parameter in group.parameters { parameter.grad = nil } }
  }

  /// Moves every parameter that has a gradient.
  open func step() {
    noGrad {
      for group in groups {
        for parameter in group.parameters {
          guard let gradient = parameter.grad else { continue }
          let id = ObjectIdentifier(parameter)
          let step = steps[id, default: 0] + 1
          steps[id] = step
          update(parameter, gradient: gradient, group: group, step: step, state: &states[id, default: [:]])
        }
      }
    }
    callStepPostHooks()
  }

  /// Calls `hook` after every step, to hold the parameters to something that steps know nothing of: a largest norm,
  /// or zeros that are to stay.
  public final func registerStepPostHook(_ hook: @escaping () -> Void) { stepPostHooks.append(hook) }

  /// What a subclass that overrides `step` does at its end.
  final func callStepPostHooks() {
    noGrad { for hook in stepPostHooks { hook() } }
  }

  /// Moves every parameter once `closure` has computed the loss and its gradient, and returns that loss.
  ///
  ///     optimizer.step {
  ///       optimizer.zeroGrad()
  ///       let loss = mseLoss(model(x), y)
  ///       loss.backward()
  ///       return loss
  ///     }
  ///
  /// ``LBFGS`` calls the closure several times a step; a loop that is written so serves every optimizer.
  @discardableResult
  open func step<Failure: Error>(_ closure: () throws(Failure) -> Tensor) throws(Failure) -> Tensor {
    let loss = try closure()
    step()
    return loss
  }

  /// Moves one parameter in place.
  ///
  /// - Parameters:
  ///   - step: 1 at the first call for this parameter.
  ///   - state: What the last call left behind; empty at first. Tensors of the parameter's shape.
  open func update(
    _ parameter: Tensor, gradient: Tensor, group: ParameterGroup, step: Int, state: inout [String: Tensor]
  ) {
    fail(name, "does not override update")
  }

  /// What is wrong with settings that are each in range but do not go together; nil where they do.
  open func conflict(in group: ParameterGroup) -> String? { nil }

  /// The names under which ``update(_:gradient:group:step:state:)`` remembers tensors for parameters of `group`.
  open func stateNames(in group: ParameterGroup) -> [String] { [] }

  /// Sets the learning rate of all groups.
  public final func setLearningRate(_ lr: Double) {
    for group in groups { group.lr = lr }
  }

  // MARK: - The state, out and in

  /// All that the optimizer would have to remember to go on as if it had never stopped: the groups' settings as
  /// `param_groups.0.lr` (float64), their parameters' positions as `param_groups.0.params`, and for each parameter
  /// that has been moved, by its position, `state.0.step` and tensors such as `state.0.exp_avg`.
  ///
  /// A copy: later steps do not change it.
  open func stateDict() -> StateDict {
    var saved = settingsState()
    for (i, parameter) in groups.flatMap(\.parameters).enumerated() {
      let id = ObjectIdentifier(parameter)
      guard let step = steps[id] else { continue }
      saved["state.\(i).step"] = Tensor(step)
      for (name, tensor) in states[id, default: [:]].sorted(by: { $0.key < $1.key }) {
        saved["state.\(i).\(name)"] = tensor.clone()
      }
    }
    return saved
  }

  /// Takes over what ``stateDict()`` of an optimizer of the same kind over the same parameters has returned:
  /// training goes on bit for bit as there.
  ///
  /// - Throws: ``OptimizerStateError`` with everything that does not fit; nothing has been changed then.
  open func loadStateDict(_ saved: StateDict) throws(OptimizerStateError) {
    var reader = StateReader(saved)
    let settings = readSettings(&reader)
    var newSteps: [ObjectIdentifier: Int] = [:]
    var newStates: [ObjectIdentifier: [String: Tensor]] = [:]
    var position = 0
    for (i, group) in groups.enumerated() {
      let needed = stateNames(in: settings[i])
      for parameter in group.parameters {
        let found = reader.names(under: "state.\(position).")
        if !found.isEmpty {
          let id = ObjectIdentifier(parameter)
          newSteps[id] = reader.count("state.\(position).step")
          for name in Set(found).union(needed).subtracting(["step"]).sorted() {
            newStates[id, default: [:]][name] = reader.copy(
              "state.\(position).\(name)", shape: parameter.shape, dtype: parameter.dtype)
          }
        }
        position += 1
      }
    }
    try reader.finish(name)
    adopt(settings)
    steps = newSteps
    states = newStates
  }

  /// The groups' part of the state.
  final func settingsState() -> StateDict {
    var saved = StateDict()
    var position = 0
    for (i, group) in groups.enumerated() {
      saved["param_groups.\(i).params"] = Tensor.arange(position, position + group.parameters.count)
      position += group.parameters.count
      for (setting, value) in group.settings.sorted(by: { $0.key.key < $1.key.key }) {
        saved["param_groups.\(i).\(setting.key)"] = Tensor(value, dtype: .float64)
      }
    }
    return saved
  }

  /// The groups as they will be with the settings that were saved.
  final func readSettings(_ reader: inout StateReader) -> [ParameterGroup] {
    var position = 0
    return groups.enumerated().map { i, group in
      reader.expect("param_groups.\(i).params", position..<position + group.parameters.count)
      position += group.parameters.count
      let read = ParameterGroup(group.parameters, settings: group.settings)
      read.settings[.initialLR] = nil
      let optional = reader.holds("param_groups.\(i).initial_lr") ? [Setting.initialLR] : []
      for setting in defaults.keys.sorted(by: { $0.key < $1.key }) + optional {
        guard let value = reader.number("param_groups.\(i).\(setting.key)") else { continue }
        read.settings[setting] = value
        if let objection = setting.objection(to: value) { reader.object("group \(i): \(objection)") }
      }
      if let conflict = conflict(in: read) { reader.object("group \(i): \(conflict)") }
      return read
    }
  }

  final func adopt(_ read: [ParameterGroup]) {
    for (group, read) in zip(groups, read) { group.settings = read.settings }
  }
}

extension [String: Tensor] {
  /// The tensor that is remembered under `name`; at first one like `parameter`, all `start`.
  mutating func remembered(_ name: String, like parameter: Tensor, from start: Double = 0) -> Tensor {
    if let known = self[name] { return known }
    let made = Tensor.full(parameter.shape, start, dtype: parameter.dtype)
    self[name] = made
    return made
  }
}
