import Testing

@testable import DeepLearning
@testable import Networks
@testable import Tensors

/// Optimizers, schedules and clipping with settings of every kind against PyTorch's
/// (Fixtures/optimizer-settings.json, written by Tests/Interop/make_optimizer_reference.py).
@Suite struct OptimizerSettingsTests {
  struct Rates: Decodable {
    let lrs: [[Double]]
    let momenta: [Double]
  }
  struct Clipped: Decodable {
    let norm: Double?
    let gradients: [[Double]]
  }
  struct Reference: Decodable {
    let start: [Double]
    let c: [Double]
    let t: [Double]
    let optimizers: [String: [[Double]]]
    let schedules: [String: Rates]
    let clipping: [String: Clipped]
  }

  static let reference = try? Fixture.decode("optimizer-settings", as: Reference.self)

  // MARK: - Optimizers

  private static func two(_ a: Tensor, _ b: ParameterGroup) -> [ParameterGroup] { [ParameterGroup([a]), b] }

  static let optimizers: [String: @Sendable (Tensor, Tensor) -> Optimizer] = [
    "SGD momentum .9 dampening .3": { SGD([$0, $1], lr: 0.05, momentum: 0.9, dampening: 0.3) },
    "SGD groups": {
      SGD(
        two($0, ParameterGroup([$1], lr: 0.1, weightDecay: 0.2, momentum: 0.5, nesterov: true)), lr: 0.05,
        momentum: 0.9)
    },
    "Adagrad lr_decay .1 weight_decay .1 initial .5": {
      Adagrad([$0, $1], lr: 0.3, lrDecay: 0.1, weightDecay: 0.1, initialAccumulatorValue: 0.5)
    },
    "Adagrad groups": { Adagrad(two($0, ParameterGroup([$1], lr: 0.3, eps: 1e-3, lrDecay: 0.2)), lr: 0.1) },
    "RMSprop centered": { RMSprop([$0, $1], lr: 0.02, centered: true) },
    "RMSprop centered momentum .9 weight_decay .1": {
      RMSprop([$0, $1], lr: 0.02, alpha: 0.9, eps: 1e-4, weightDecay: 0.1, momentum: 0.9, centered: true)
    },
    "RMSprop groups": {
      RMSprop(two($0, ParameterGroup([$1], momentum: 0.5, alpha: 0.8, centered: true)), lr: 0.02)
    },
    "Adam groups": {
      Adam(two($0, ParameterGroup([$1], lr: 0.3, weightDecay: 0.1, betas: (0.5, 0.9), eps: 1e-2)), lr: 0.1)
    },
    "AdamW groups": { AdamW(two($0, ParameterGroup([$1], lr: 0.3, weightDecay: 0.5)), lr: 0.1) },
    "LBFGS": { LBFGS([$0, $1], maxIter: 3) },
    "LBFGS lr .5 history 2": { LBFGS([$0, $1], lr: 0.5, maxIter: 4, historySize: 2) },
    "LBFGS strong Wolfe": { LBFGS([$0, $1], maxIter: 2, lineSearch: .strongWolfe) },
    "LBFGS valley": { LBFGS([$0, $1], lr: 0.1, maxIter: 5) },
    "LBFGS valley strong Wolfe": { LBFGS([$0, $1], maxIter: 4, lineSearch: .strongWolfe) },
    "LBFGS valley strong Wolfe max_eval 3": {
      LBFGS([$0, $1], maxIter: 4, maxEval: 3, historySize: 3, lineSearch: .strongWolfe)
    },
  ]

  /// Rosenbrock's valley: its floor is curved and nearly level.
  private static func valley(_ w: Tensor) -> Tensor {
    let (head, tail) = (w[..<5], w[1...])
    return (100 * (tail - head.square()).square() + (1 - head).square()).sum()
  }

  @Test(arguments: optimizers.keys.sorted())
  func followsPyTorchsPath(_ name: String) throws {
    let reference = try #require(Self.reference)
    let expected = try #require(reference.optimizers[name])
    let a = Tensor(Array(reference.start[..<2]), dtype: .float64, requiresGrad: true)
    let b = Tensor(Array(reference.start[2...]), dtype: .float64, requiresGrad: true)
    let c = Tensor(reference.c, dtype: .float64)
    let t = Tensor(reference.t, dtype: .float64)
    let make = try #require(Self.optimizers[name])
    let optimizer = make(a, b)
    for (step, expected) in expected.enumerated() {
      optimizer.step {
        optimizer.zeroGrad()
        let w = cat([a, b])
        let loss =
          name.contains("valley") ? Self.valley(w) : (c * (w - t).square()).sum() + w.sin().sum()
        loss.backward()
        return loss
      }
      // Line searches in the valley multiply rounding, in PyTorch as here.
      let tolerance = name.contains("valley") ? 1e-9 : 1e-12
      expectClose(
        a.numbers + b.numbers, expected, within: tolerance, "step \(step): \(a.numbers + b.numbers)")
    }
  }

  @Test func everyReferenceIsUsed() throws {
    let reference = try #require(Self.reference)
    #expect(Set(reference.optimizers.keys) == Set(Self.optimizers.keys))
    #expect(Set(reference.schedules.keys) == Set(Self.schedules.keys))
    #expect(Set(reference.clipping.keys) == Set(Self.clipping.keys))
  }

  /// An error from the closure, such as a loss that is not finite, leaves a line search without a trace.
  @Test func aSearchThatIsStoppedTakesItsTrialBack() throws {
    struct Stop: Error {}
    let w = Tensor([2.0, -3.0], dtype: .float64, requiresGrad: true)
    let optimizer = LBFGS([w], lineSearch: .strongWolfe)
    var places: [[Double]] = []
    #expect(throws: Stop.self) {
      try optimizer.step { () throws(Stop) in
        places.append(w.numbers)
        if places.count == 2 { throw Stop() }
        optimizer.zeroGrad()
        let loss = w.square().sum()
        loss.backward()
        return loss
      }
    }
    #expect(places.count == 2 && places[1] != places[0])
    expectClose(w.numbers, [2, -3], within: 0)
  }

  // MARK: - Schedules

  typealias MakeSchedules = @Sendable (Optimizer) -> [LRScheduler]
  static let schedules: [String: MakeSchedules] = [
    "StepLR 4 .3": { [StepLR($0, stepSize: 4, gamma: 0.3)] },
    "MultiStepLR 2 5 5 9": { [MultiStepLR($0, milestones: [2, 5, 5, 9], gamma: 0.5)] },
    "ExponentialLR .8": { [ExponentialLR($0, gamma: 0.8)] },
    "CosineAnnealingLR 4 min .01": { [CosineAnnealingLR($0, tMax: 4, etaMin: 0.01)] },
    "LinearLR 1 to .2 6": { [LinearLR($0, startFactor: 1, endFactor: 0.2, totalIters: 6)] },
    "LambdaLR": { [LambdaLR($0) { 1 / (1 + 0.5 * Double($0)) }] },
    "LambdaLR each": {
      [LambdaLR($0, lambdas: [{ power(0.9, $0) }, { 1 / (1 + Double($0)) }])]
    },
    "OneCycleLR": { [OneCycleLR($0, maxLR: 1, totalSteps: 24)] },
    "OneCycleLR Adam": { [OneCycleLR($0, maxLR: 1, 0.5, totalSteps: 30, pctStart: 0.25)] },
    "OneCycleLR linear": {
      [
        OneCycleLR(
          $0, maxLR: 0.8, totalSteps: 24, annealStrategy: .linear, baseMomentum: 0.7, maxMomentum: 0.9,
          divFactor: 10, finalDivFactor: 100)
      ]
    },
    "OneCycleLR three phases": {
      [OneCycleLR($0, maxLR: 0.8, totalSteps: 24, cycleMomentum: false, threePhase: true)]
    },
    "SequentialLR warm-up cosine": {
      [
        SequentialLR(
          $0, schedulers: [LinearLR($0, startFactor: 0.1, totalIters: 5), CosineAnnealingLR($0, tMax: 15)],
          milestones: [5])
      ]
    },
    "SequentialLR three": {
      [
        SequentialLR(
          $0,
          schedulers: [
            ExponentialLR($0, gamma: 0.9), StepLR($0, stepSize: 2, gamma: 0.5),
            LinearLR($0, startFactor: 0.25, totalIters: 4),
          ], milestones: [4, 11])
      ]
    },
    "two at once": { [ExponentialLR($0, gamma: 0.9), MultiStepLR($0, milestones: [6], gamma: 0.1)] },
  ]

  private static func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { product, _ in product * base }
  }

  static func optimizer(for schedule: String) -> Optimizer {
    let groups = [
      ParameterGroup([Tensor.zeros(1, requiresGrad: true)]),
      ParameterGroup([Tensor.zeros(1, requiresGrad: true)], lr: 0.1),
    ]
    return schedule.contains("Adam") ? Adam(groups, lr: 0.4) : SGD(groups, lr: 0.4, momentum: 0.9)
  }

  private static func momentum(_ group: ParameterGroup) -> Double {
    group.settings[.momentum] ?? group.betas.0
  }

  @Test(arguments: schedules.keys.sorted())
  func schedulesAsPyTorchDoes(_ name: String) throws {
    let expected = try #require(Self.reference?.schedules[name])
    let optimizer = Self.optimizer(for: name)
    let make = try #require(Self.schedules[name])
    let schedules = make(optimizer)
    for step in expected.lrs.indices {
      expectClose(optimizer.groups.map(\.lr), expected.lrs[step], within: 1e-12, "step \(step)")
      expectClose([Self.momentum(optimizer.groups[0])], [expected.momenta[step]], within: 1e-12)
      #expect(schedules.last?.lastLR == optimizer.groups.map(\.lr))
      #expect(schedules.allSatisfy { $0.lastEpoch == step })
      if step + 1 < expected.lrs.count { for schedule in schedules { schedule.step() } }
    }
  }

  /// The schedules of shared/reference/make_reference.py.
  @Test func schedulesOfTheYardstick() throws {
    struct Yardstick: Decodable { let schedulers: [String: [Double]] }
    let make: [String: (Optimizer) -> LRScheduler] = [
      "StepLR 3 .5": { StepLR($0, stepSize: 3, gamma: 0.5) },
      "ExponentialLR .9": { ExponentialLR($0, gamma: 0.9) },
      "CosineAnnealingLR 10": { CosineAnnealingLR($0, tMax: 10) },
      "LinearLR .1 5": { LinearLR($0, startFactor: 0.1, totalIters: 5) },
    ]
    let expected = try Fixture.decode("optimizers", as: Yardstick.self).schedulers
    #expect(Set(expected.keys) == Set(make.keys))
    for (name, make) in make {
      let optimizer = SGD([Tensor.zeros(1)], lr: 0.4)
      let schedule = make(optimizer)
      let found = (0..<12).map { _ in
        defer { schedule.step() }
        return optimizer.groups[0].lr
      }
      expectClose(found, try #require(expected[name]), within: 1e-12, "\(name): \(found)")
    }
  }

  /// The step after the last one of a cycle trains nothing, and a loop takes it all the same.
  @Test(arguments: [OneCycleLR.AnnealStrategy.cos, .linear])
  func aCycleEndsAtItsLowest(_ strategy: OneCycleLR.AnnealStrategy) {
    let optimizer = SGD([Tensor.zeros(1)], lr: 1)
    let schedule = OneCycleLR(optimizer, maxLR: 0.5, totalSteps: 10, annealStrategy: strategy)
    for _ in 0..<10 { schedule.step() }
    expectClose([optimizer.groups[0].lr], [0.5 / 25 / 1e4], within: 1e-15)
  }

  // MARK: - Clipping

  static let clipping: [String: @Sendable ([Tensor]) -> Double?] = [
    "norm 1": { clipGradNorm_($0, maxNorm: 1) },
    "norm 100": { clipGradNorm_($0, maxNorm: 100) },
    "norm 2 of order 1": { clipGradNorm_($0, maxNorm: 2, normType: 1) },
    "norm 2 of order 3": { clipGradNorm_($0, maxNorm: 2, normType: 3) },
    "norm 2 of order inf": { clipGradNorm_($0, maxNorm: 2, normType: .infinity) },
    "value 1.75": {
      clipGradValue_($0, clipValue: 1.75)
      return nil
    },
  ]

  @Test(arguments: clipping.keys.sorted())
  func clipsAsPyTorchDoes(_ name: String) throws {
    let expected = try #require(Self.reference?.clipping[name])
    let gradients = [
      Tensor([[3, -4], [0.5, 2]], dtype: .float64), Tensor([-1.5, 6, 0.25], dtype: .float64),
    ]
    let parameters = gradients.map { Tensor.zeros(like: $0).requiresGrad_() }
    for (parameter, gradient) in zip(parameters, gradients) { parameter.grad = gradient }
    let withoutGradient = Tensor.zeros(3, requiresGrad: true)
    let clip = try #require(Self.clipping[name])
    let norm = clip(parameters + [withoutGradient])
    expectClose([norm ?? 0], [expected.norm ?? 0], within: 1e-12)
    for (gradient, expected) in zip(gradients, expected.gradients) {
      expectClose(gradient.numbers, expected, within: 1e-12)
    }
    #expect(withoutGradient.grad == nil)
  }

  private func clipped(_ gradient: [Double], maxNorm: Double) -> (norm: Double, gradient: [Double]) {
    let parameter = Tensor.zeros(gradient.count, requiresGrad: true)
    parameter.grad = Tensor(gradient)
    let norm = clipGradNorm_([parameter], maxNorm: maxNorm)
    return (norm, parameter.grad!.numbers)
  }

  @Test func normsThatAreNotFinitePassOn() {
    let infinite = clipped([1, -.infinity], maxNorm: 1)
    #expect(infinite.norm == .infinity && infinite.gradient[0] == 0 && infinite.gradient[1].isNaN)
    let invalid = clipped([1, .nan], maxNorm: 1)
    #expect(invalid.norm.isNaN && invalid.gradient.allSatisfy(\.isNaN))
    #expect(clipGradNorm_([Tensor.zeros(2)], maxNorm: 1) == 0)
  }

  /// The squares of these numbers do not fit into float32.
  @Test func largeGradientsAreClippedNotLost() {
    let large = clipped([3e30, -4e30], maxNorm: 5)
    expectClose([large.norm / 1e30], [5], within: 1e-5)
    expectClose(large.gradient, [3, -4], within: 1e-5)
  }

  // MARK: - Groups

  @Test func aGroupJoinsLater() {
    let a = Tensor([1.0], requiresGrad: true)
    let b = Tensor([1.0], requiresGrad: true)
    let optimizer = SGD([a], lr: 0.25)
    optimizer.addParameterGroup(ParameterGroup([b], weightDecay: 1))
    #expect(optimizer.groups.map(\.lr) == [0.25, 0.25])
    #expect(optimizer.groups.map(\.weightDecay) == [0, 1])
    (a + b).sum().backward()
    optimizer.step()
    #expect(a.numbers == [0.75] && b.numbers == [0.5])
    optimizer.zeroGrad()
    #expect(b.grad == nil)
  }

  private final class SignDescent: Optimizer {
    static let rho = Setting("rho")
    init<P: Trainable>(_ parameters: [P], rho: Double) { super.init(parameters, defaults: [Self.rho: rho]) }
    override func update(
      _ parameter: Tensor, gradient: Tensor, group: ParameterGroup, step: Int, state: inout [String: Tensor]
    ) {
      parameter.sub_(gradient.sign(), alpha: group[Self.rho])
    }
  }

  @Test func anOptimizerOfOnesOwnHasSettingsForGroups() throws {
    let a = Tensor([1.0], requiresGrad: true)
    let b = Tensor([1.0], requiresGrad: true)
    let optimizer = SignDescent(
      [ParameterGroup([a]), ParameterGroup([b], settings: [SignDescent.rho: 0.5])], rho: 0.25)
    (a * 9 - b * 9).sum().backward()
    optimizer.step()
    #expect(a.numbers == [0.75] && b.numbers == [1.5])
    #expect(optimizer.stateDict()["param_groups.1.rho"]?.item() == 0.5)
  }

  /// Where the gradient does not vary, its variance is 0 but for rounding, and never below.
  @Test func centeredStepsStayFinite() {
    let w = Tensor([1.0], requiresGrad: true)
    let optimizer = RMSprop([w], lr: 1e-9, alpha: 0.3, centered: true)
    for _ in 0..<500 {
      w.grad = Tensor([0.1])
      optimizer.step()
    }
    #expect(w.item().isFinite)
  }
}
