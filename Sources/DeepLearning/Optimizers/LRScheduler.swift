/// Changes an optimizer's learning rates as training goes on: one call of ``step()`` an epoch, or a batch, after the
/// optimizer's.
///
///     let scheduler = CosineAnnealingLR(optimizer, tMax: epochs)
///     for epoch in 0..<epochs {
///       train(model, loader, optimizer)
///       scheduler.step()
///     }
///
/// As in PyTorch each schedule goes from the learning rate that the group has now to the next one, so that two of
/// them on one optimizer act together, and a rate that is set by hand is where the schedule goes on from. A schedule
/// of your own overrides ``nextLR(after:base:group:)``.
open class LRScheduler {
  public let optimizer: Optimizer
  /// How often ``step()`` has been called.
  public fileprivate(set) var lastEpoch = 0
  /// The groups' learning rates before any schedule.
  public fileprivate(set) var baseLRs: [Double]
  /// The groups' learning rates, as this schedule has set them last.
  public fileprivate(set) var lastLR: [Double] = []

  /// Sets the learning rates for epoch 0.
  public init(_ optimizer: Optimizer) {
    self.optimizer = optimizer
    baseLRs = optimizer.groups.map { group in
      let base = group.settings[.initialLR] ?? group.lr
      group.settings[.initialLR] = base
      return base
    }
    begin()
  }

  fileprivate var name: String { "\(type(of: self))" }

  /// The learning rate of a group in epoch ``lastEpoch``.
  ///
  /// - Parameters:
  ///   - current: What it is now; in epoch 0, what it is before the schedule.
  ///   - base: What it was before any schedule.
  ///   - group: The group's position.
  open func nextLR(after current: Double, base: Double, group: Int) -> Double {
    fail(name, "does not override nextLR")
  }

  /// Goes on by one epoch.
  public final func step() {
    lastEpoch += 1
    update()
  }

  /// Sets epoch 0.
  fileprivate func begin() {
    lastEpoch = 0
    update()
  }

  /// Begins from the learning rates before any schedule.
  fileprivate func restart() {
    for (group, base) in zip(optimizer.groups, baseLRs) { group.lr = base }
    begin()
  }

  /// Sets what belongs to ``lastEpoch``.
  fileprivate func update() {
    checkGroups()
    for (i, group) in optimizer.groups.enumerated() {
      let lr = nextLR(after: group.lr, base: baseLRs[i], group: i)
      check(lr >= 0, name, "gives group \(i) the learning rate \(lr) in epoch \(lastEpoch)")
      group.lr = lr
    }
    adjust()
    lastLR = optimizer.groups.map(\.lr)
  }

  private func checkGroups() {
    check(
      optimizer.groups.count == baseLRs.count, name,
      "groups of parameters: \(baseLRs.count) when the schedule was made and \(optimizer.groups.count) now; "
        + "make it after the last")
  }

  /// Sets what else changes with the learning rate.
  func adjust() {}

  // MARK: - The state, out and in

  /// All that the schedule would have to remember to go on: `last_epoch`, `base_lrs` and `_last_lr`.
  open func stateDict() -> StateDict {
    [
      "last_epoch": Tensor(lastEpoch), "base_lrs": Tensor(baseLRs, dtype: .float64),
      "_last_lr": Tensor(lastLR, dtype: .float64),
    ]
  }

  /// Takes over what ``stateDict()`` of a schedule of the same kind has returned, and sets the optimizer's learning
  /// rates to what they were.
  ///
  /// - Throws: ``OptimizerStateError`` with everything that does not fit; nothing has been changed then.
  public final func loadStateDict(_ saved: StateDict) throws(OptimizerStateError) {
    checkGroups()
    var reader = StateReader(saved)
    let apply = read(&reader, prefix: "")
    try reader.finish(name)
    apply()
    for (group, lr) in zip(optimizer.groups, lastLR) { group.lr = lr }
  }

  /// Reads what ``stateDict()`` has written under `prefix`; what is returned takes it over.
  fileprivate func read(_ reader: inout StateReader, prefix: String) -> () -> Void {
    let epoch = reader.count(prefix + "last_epoch")
    let bases = reader.numbers(prefix + "base_lrs", count: baseLRs.count)
    let rates = reader.numbers(prefix + "_last_lr", count: baseLRs.count)
    for lr in (bases ?? []) + (rates ?? []) {
      if let objection = Setting.lr.objection(to: lr) { reader.object("\(prefix)_last_lr: \(objection)") }
    }
    return { [self] in
      guard let epoch, let bases, let rates else { return }
      (lastEpoch, baseLRs, lastLR) = (epoch, bases, rates)
      adjust()
    }
  }
}

/// One schedule after another, each from its own epoch 0: a warm-up, and then a cosine.
///
///     let scheduler = SequentialLR(
///       optimizer,
///       schedulers: [LinearLR(optimizer, startFactor: 0.1, totalIters: 5), CosineAnnealingLR(optimizer, tMax: 45)],
///       milestones: [5])
///
/// Schedule i + 1 takes over in the epoch `milestones[i]`.
public final class SequentialLR: LRScheduler {
  public let schedulers: [LRScheduler]
  public let milestones: [Int]

  public init(_ optimizer: Optimizer, schedulers: [LRScheduler], milestones: [Int]) {
    check(
      !schedulers.isEmpty && milestones.count == schedulers.count - 1, "SequentialLR",
      "needs one milestone less than schedules, found \(milestones.count) and \(schedulers.count)")
    check(
      zip([0] + milestones, milestones).allSatisfy { $0 < $1 }, "SequentialLR",
      "milestones \(milestones) must rise from at least 1")
    for (i, scheduler) in schedulers.enumerated() {
      check(scheduler.optimizer === optimizer, "SequentialLR", "schedule \(i) belongs to another optimizer")
    }
    self.schedulers = schedulers
    self.milestones = milestones
    super.init(optimizer)
  }

  fileprivate override func update() {
    let index = milestones.count { $0 <= lastEpoch }
    if lastEpoch == 0 {
      // Each schedule has set its own epoch 0 when it was made.
      for group in optimizer.groups { group.lr = group.settings[.initialLR] ?? group.lr }
      schedulers[0].begin()
    } else if index > 0 && milestones[index - 1] == lastEpoch {
      schedulers[index].restart()
    } else {
      schedulers[index].step()
    }
    lastLR = schedulers[index].lastLR
  }

  public override func stateDict() -> StateDict {
    var saved = super.stateDict()
    for (i, scheduler) in schedulers.enumerated() {
      for (name, tensor) in scheduler.stateDict() { saved["_schedulers.\(i).\(name)"] = tensor }
    }
    return saved
  }

  fileprivate override func read(_ reader: inout StateReader, prefix: String) -> () -> Void {
    let own = super.read(&reader, prefix: prefix)
    let index = { [self] in milestones.count { $0 <= lastEpoch } }
    let others = schedulers.enumerated().map { $1.read(&reader, prefix: "\(prefix)_schedulers.\($0).") }
    return { [self] in
      for apply in others { apply() }
      own()
      schedulers[index()].adjust()
    }
  }
}
