#if canImport(Glibc)
  import Glibc
#endif

/// Every `stepSize` epochs, η ← γ η.
public final class StepLR: LRScheduler {
  public let stepSize: Int
  public let gamma: Double

  public init(_ optimizer: Optimizer, stepSize: Int, gamma: Double = 0.1) {
    check(stepSize > 0, "StepLR", "stepSize \(stepSize) must be at least 1")
    self.stepSize = stepSize
    self.gamma = gamma
    super.init(optimizer)
  }

  public override func nextLR(after current: Double, base: Double, group: Int) -> Double {
    lastEpoch > 0 && lastEpoch.isMultiple(of: stepSize) ? current * gamma : current
  }
}

/// In each of the epochs `milestones`, η ← γ η; one that is listed n times counts n times.
public final class MultiStepLR: LRScheduler {
  public let milestones: [Int]
  public let gamma: Double

  public init(_ optimizer: Optimizer, milestones: [Int], gamma: Double = 0.1) {
    self.milestones = milestones
    self.gamma = gamma
    super.init(optimizer)
  }

  public override func nextLR(after current: Double, base: Double, group: Int) -> Double {
    current * pow(gamma, Double(milestones.count { $0 == lastEpoch }))
  }
}

/// In every epoch, η ← γ η.
public final class ExponentialLR: LRScheduler {
  public let gamma: Double

  public init(_ optimizer: Optimizer, gamma: Double) {
    self.gamma = gamma
    super.init(optimizer)
  }

  public override func nextLR(after current: Double, base: Double, group: Int) -> Double {
    lastEpoch == 0 ? current : current * gamma
  }
}

/// From `startFactor` · η₀ to `endFactor` · η₀ in equal steps over `totalIters` epochs: a warm-up.
public final class LinearLR: LRScheduler {
  public let startFactor: Double
  public let endFactor: Double
  public let totalIters: Int

  public init(
    _ optimizer: Optimizer, startFactor: Double = 1.0 / 3, endFactor: Double = 1, totalIters: Int = 5
  ) {
    check(
      startFactor > 0 && startFactor <= 1, "LinearLR",
      "startFactor \(startFactor) must be above 0 and at most 1")
    check((0...1).contains(endFactor), "LinearLR", "endFactor \(endFactor) must be between 0 and 1")
    check(totalIters > 0, "LinearLR", "totalIters \(totalIters) must be at least 1")
    self.startFactor = startFactor
    self.endFactor = endFactor
    self.totalIters = totalIters
    super.init(optimizer)
  }

  public override func nextLR(after current: Double, base: Double, group: Int) -> Double {
    if lastEpoch == 0 { return current * startFactor }
    if lastEpoch > totalIters { return current }
    let rise = endFactor - startFactor
    return current * (1 + rise / (Double(totalIters) * startFactor + Double(lastEpoch - 1) * rise))
  }
}

/// Half a wave of the cosine from η₀ down to η_min: η_min + ½ (η₀ − η_min) (1 + cos(π t / T)). After T epochs it
/// rises again.
///
/// I. Loshchilov and F. Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", ICLR 2017, without restarts.
public final class CosineAnnealingLR: LRScheduler {
  public let tMax: Int
  public let etaMin: Double

  /// - Parameters:
  ///   - tMax: T, the epochs from the highest to the lowest learning rate.
  ///   - etaMin: η_min, the lowest learning rate.
  public init(_ optimizer: Optimizer, tMax: Int, etaMin: Double = 0) {
    check(tMax > 0, "CosineAnnealingLR", "tMax \(tMax) must be at least 1")
    check(etaMin >= 0, "CosineAnnealingLR", "etaMin \(etaMin) must not be negative")
    self.tMax = tMax
    self.etaMin = etaMin
    super.init(optimizer)
  }

  public override func nextLR(after current: Double, base: Double, group: Int) -> Double {
    if lastEpoch == 0 { return current }
    func height(_ epoch: Int) -> Double { 1 + cos(.pi * Double(epoch) / Double(tMax)) }
    // From the lowest point no factor leads up again.
    if (lastEpoch - 1 - tMax).isMultiple(of: 2 * tMax) {
      return current + (base - etaMin) * (1 - cos(.pi / Double(tMax))) / 2
    }
    return height(lastEpoch) / height(lastEpoch - 1) * (current - etaMin) + etaMin
  }
}

/// η = η₀ · λ(t), with a function λ of the epoch: one for all groups, or one each.
///
///     let scheduler = LambdaLR(optimizer) { epoch in 1 / (1 + 0.1 * Double(epoch)) }
///
/// The functions are not part of the saved state.
public final class LambdaLR: LRScheduler {
  private let lambdas: [(Int) -> Double]

  public convenience init(_ optimizer: Optimizer, _ lambda: @escaping (Int) -> Double) {
    self.init(optimizer, lambdas: Array(repeating: lambda, count: optimizer.groups.count))
  }

  public init(_ optimizer: Optimizer, lambdas: [(Int) -> Double]) {
    check(
      lambdas.count == optimizer.groups.count, "LambdaLR",
      "needs as many functions as groups of parameters, found \(lambdas.count) and \(optimizer.groups.count)")
    self.lambdas = lambdas
    super.init(optimizer)
  }

  public override func nextLR(after current: Double, base: Double, group: Int) -> Double {
    base * lambdas[group](lastEpoch)
  }
}
