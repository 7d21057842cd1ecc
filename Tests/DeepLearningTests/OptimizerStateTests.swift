import Testing

@testable import DeepLearning
@testable import Networks
@testable import Tensors

/// What goes out of an optimizer and its schedule comes in again: training goes on as if it had never stopped.
@Suite struct OptimizerStateTests {
  /// A small network of two groups of parameters, one of which does not lie in row-major order, and its data.
  private final class Run {
    let weight: Tensor
    let bias: Tensor
    let unused = Tensor.ones(2, requiresGrad: true)
    let optimizer: Optimizer
    let schedules: [LRScheduler]
    private let x: Tensor
    private let y: Tensor

    init(
      _ make: (Tensor, Tensor, Tensor) -> Optimizer,
      _ makeSchedules: (Optimizer) -> [LRScheduler] = { _ in [] },
      from other: Run? = nil
    ) {
      let generator = Generator(seed: 3)
      x = Tensor.randn(12, 4, generator: generator)
      y = Tensor.randn(12, 3, generator: generator)
      let start = Tensor.randn(3, 4, generator: generator) * 0.3
      weight = (other?.weight.detach().T.clone() ?? start.T.clone()).T.requiresGrad_()
      bias = (other?.bias.detach().clone() ?? Tensor.zeros(3)).requiresGrad_()
      optimizer = make(weight, bias, unused)
      schedules = makeSchedules(optimizer)
    }

    func train(_ steps: Int) {
      for _ in 0..<steps {
        optimizer.step {
          optimizer.zeroGrad()
          let loss = mseLoss((x.matmul(weight.T) + bias).tanh(), y)
          loss.backward()
          return loss
        }
        for schedule in schedules { schedule.step() }
      }
    }

    var parameters: [Double] { weight.numbers + bias.numbers }
  }

  typealias Make = @Sendable (Tensor, Tensor, Tensor, _ isOther: Bool) -> Optimizer
  /// Each as it is trained, and (`isOther`) with other settings, which the saved ones are to replace.
  static let optimizers: [String: Make] = [
    "SGD": { SGD(groups($0, $1, $2, momentum: $3 ? nil : 0.5), lr: $3 ? 1 : 0.1) },
    "SGD momentum": { SGD([$0, $1, $2], lr: 0.1, momentum: $3 ? 0 : 0.9, nesterov: !$3) },
    "Adagrad": { Adagrad(groups($0, $1, $2, weightDecay: 0.1), lr: $3 ? 1 : 0.1, lrDecay: 0.1) },
    "RMSprop": { RMSprop([$0, $1, $2], lr: $3 ? 1 : 0.01) },
    "RMSprop centered": {
      RMSprop(groups($0, $1, $2, momentum: $3 ? 0 : 0.9), lr: 0.01, centered: !$3)
    },
    "Adam": {
      Adam(groups($0, $1, $2, weightDecay: 0.1), lr: $3 ? 1 : 0.1, betas: $3 ? (0.5, 0.5) : (0.9, 0.99))
    },
    "AdamW": { AdamW([$0, $1, $2], lr: $3 ? 1 : 0.1) },
    "LBFGS": { LBFGS([$0, $1, $2], lr: $3 ? 1 : 0.3, maxIter: 2, historySize: $3 ? 9 : 3) },
    "LBFGS strong Wolfe": { LBFGS([$0, $1, $2], maxIter: 2, lineSearch: $3 ? .none : .strongWolfe) },
  ]

  private static func groups(
    _ a: Tensor, _ b: Tensor, _ c: Tensor, momentum: Double? = nil, weightDecay: Double? = nil
  ) -> [ParameterGroup] {
    [ParameterGroup([a, c]), ParameterGroup([b], weightDecay: weightDecay, momentum: momentum)]
  }

  @Test(arguments: optimizers.keys.sorted())
  func trainingGoesOnBitForBit(_ name: String) throws {
    let make = try #require(Self.optimizers[name])
    let whole = Run { make($0, $1, $2, false) }
    whole.train(4)
    let saved = whole.optimizer.stateDict()
    let resumed = Run({ make($0, $1, $2, true) }, from: whole)
    let fresh = Run({ make($0, $1, $2, true) }, from: whole)
    try resumed.optimizer.loadStateDict(saved)
    #expect(resumed.optimizer.groups.map(\.settings) == whole.optimizer.groups.map(\.settings))
    whole.train(5)
    resumed.train(5)
    fresh.train(5)
    #expect(resumed.parameters == whole.parameters)
    #expect(fresh.parameters != whole.parameters)
    #expect(whole.unused.numbers == [1, 1])
    // What was saved is a copy: the steps since have left it as it was, and it can be loaded once more.
    let again = Run { make($0, $1, $2, true) }
    try again.optimizer.loadStateDict(saved)
    #expect(differences(again.optimizer.stateDict(), saved).isEmpty)
    #expect(!differences(whole.optimizer.stateDict(), saved).isEmpty)
  }

  /// The names under which two states differ.
  private func differences(_ a: StateDict, _ b: StateDict) -> [String] {
    Set(a.names + b.names).filter { name in
      guard let x = a[name], let y = b[name] else { return true }
      return x.shape != y.shape || x.dtype != y.dtype || x.numbers != y.numbers
    }.sorted()
  }

  @Test(arguments: OptimizerSettingsTests.schedules.keys.sorted())
  func schedulesGoOnBitForBit(_ name: String) throws {
    let makeSchedules = try #require(OptimizerSettingsTests.schedules[name])
    func make(_ a: Tensor, _ b: Tensor, _ c: Tensor) -> Optimizer {
      let groups = Self.groups(a, b, c)
      return name.contains("Adam") ? Adam(groups, lr: 0.4) : SGD(groups, lr: 0.4, momentum: 0.9)
    }
    for stop in [3, 5, 12] {
      let whole = Run(make, makeSchedules)
      whole.train(stop)
      let saved = whole.optimizer.stateDict()
      let savedSchedules = whole.schedules.map { $0.stateDict() }
      // Whichever is made or loaded first, the learning rates are those that were saved.
      for optimizerFirst in [true, false] {
        let resumed = Run(make, makeSchedules, from: whole)
        if optimizerFirst { try resumed.optimizer.loadStateDict(saved) }
        for (schedule, saved) in zip(resumed.schedules, savedSchedules) { try schedule.loadStateDict(saved) }
        if !optimizerFirst { try resumed.optimizer.loadStateDict(saved) }
        #expect(resumed.optimizer.groups.map(\.settings) == whole.optimizer.groups.map(\.settings))
        resumed.train(6)
        let other = Run(make, makeSchedules)
        other.train(stop + 6)
        #expect(resumed.parameters == other.parameters, "stopped at \(stop)")
        #expect(resumed.schedules.map(\.lastLR) == other.schedules.map(\.lastLR))
      }
    }
  }

  // MARK: - States of something else

  private func problems(_ change: (inout StateDict) -> Void) throws -> [String] {
    let run = Run { Adam(Self.groups($0, $1, $2), lr: 0.1) }
    run.train(2)
    let before = run.optimizer.stateDict()
    var state = run.optimizer.stateDict()
    change(&state)
    let error = try #require(throws: OptimizerStateError.self) { try run.optimizer.loadStateDict(state) }
    #expect(differences(run.optimizer.stateDict(), before).isEmpty, "a state that is refused changes nothing")
    #expect(error.owner == "Adam" && !error.description.contains("\n"))
    return error.problems
  }

  @Test func aStateOfSomethingElseIsRefused() throws {
    #expect(
      try problems { $0["state.2.exp_avg"] = Tensor.zeros(2, 2) }
        == ["state.2.exp_avg: expected float32 of shape (3,), found float32 of shape (2, 2)"])
    #expect(
      try problems { $0["state.0.exp_avg_sq"] = Tensor.zeros(3, 4, dtype: .int64) }
        == ["state.0.exp_avg_sq: expected float32 of shape (3, 4), found int64 of shape (3, 4)"])
    #expect(try problems { $0["state.0.exp_avg_sq"] = nil } == ["state.0.exp_avg_sq is missing"])
    #expect(try problems { $0["state.0.step"] = nil } == ["state.0.step is missing"])
    #expect(
      try problems { $0["state.0.step"] = Tensor(-1) } == ["state.0.step: expected a count, found -1.0"])
    #expect(
      try problems { $0["state.0.step"] = Tensor(Double.nan) } == [
        "state.0.step: expected a count, found nan"
      ])
    #expect(
      try problems { $0["state.3.step"] = Tensor(1) } == ["state.3.step is unexpected"])
    #expect(
      try problems { $0["param_groups.0.lr"] = Tensor([1.0, 2.0]) }
        == ["param_groups.0.lr: expected one number, found shape (2,)"])
    #expect(
      try problems { $0["param_groups.1.lr"] = Tensor(-1.0) } == ["group 1: lr -1.0 must not be negative"])
    #expect(
      try problems { $0["param_groups.1.params"] = Tensor([2, 3]) }
        == ["param_groups.1.params: expected parameters 2..<3, found 2 of them"])
    #expect(
      try problems { $0["param_groups.1.params"] = Tensor([Double.nan]) }
        == ["param_groups.1.params: expected parameters 2..<3, found others"])
  }

  @Test func aStateOfAnotherOptimizerIsRefused() throws {
    let w = Tensor.ones(2, requiresGrad: true)
    let error = try #require(throws: OptimizerStateError.self) {
      try SGD([w]).loadStateDict(Adam([w, Tensor.ones(1)]).stateDict())
    }
    #expect(error.problems.contains("param_groups.0.params: expected parameters 0..<1, found 2 of them"))
    #expect(error.problems.contains("param_groups.0.momentum is missing"))
    #expect(error.problems.contains("param_groups.0.betas.0 is unexpected"))
    #expect(error.description.hasPrefix("SGD: this state is of something else: "))
    #expect(error.description.hasSuffix("; and \(error.problems.count - 4) more"))
  }

  @Test func settingsThatDoNotGoTogetherAreRefused() throws {
    let optimizer = SGD([Tensor.ones(2)], momentum: 0.9)
    var state = optimizer.stateDict()
    state["param_groups.0.nesterov"] = Tensor(1.0)
    state["param_groups.0.momentum"] = Tensor(0.0)
    let error = try #require(throws: OptimizerStateError.self) { try optimizer.loadStateDict(state) }
    #expect(error.problems == ["group 0: Nesterov's step needs momentum and no dampening"])
    #expect(optimizer.groups[0].momentum == 0.9)
  }

  @Test func damagedHistoriesAreRefused() throws {
    let run = Run { LBFGS([$0, $1, $2], maxIter: 4) }
    run.train(2)
    var state = run.optimizer.stateDict()
    state["state.0.old_stps"] = Tensor.zeros(1, 17)
    state["state.0.d"] = Tensor.zeros(16)
    state["param_groups.0.max_iter"] = Tensor(1e300, dtype: .float64)
    let error = try #require(throws: OptimizerStateError.self) { try run.optimizer.loadStateDict(state) }
    let rows = try #require(run.optimizer.stateDict()["state.0.old_dirs"]).shape[0]
    #expect(
      error.problems == [
        "group 0: maxIter 1e+300 must be a whole number",
        "state.0.d: expected float32 of shape (17,), found float32 of shape (16,)",
        "state.0.old_stps: expected as many rows as old_dirs, \(rows), found 1",
      ])
    // And again with nothing learned so far.
    try run.optimizer.loadStateDict(run.optimizer.settingsState())
    #expect(run.optimizer.stateDict()["state.0.d"] == nil)
  }

  @Test func schedulesRefuseStatesOfOthers() throws {
    let optimizer = SGD([Tensor.ones(2)], lr: 0.5)
    let schedule = ExponentialLR(optimizer, gamma: 0.5)
    schedule.step()
    let error = try #require(throws: OptimizerStateError.self) {
      try schedule.loadStateDict(["last_epoch": Tensor(3), "base_lrs": Tensor([1.0, 2.0]), "x": Tensor(1)])
    }
    #expect(
      error.problems == [
        "base_lrs: expected float64 of shape (1,), found float32 of shape (2,)", "_last_lr is missing",
        "x is unexpected",
      ])
    #expect(schedule.lastEpoch == 1 && optimizer.groups[0].lr == 0.25)
  }
}
