#if canImport(Glibc)
  import Glibc
#endif

/// One cycle: the learning rate climbs to `maxLR` and falls to almost nothing, and the momentum does the opposite.
///
/// It starts from maxLR / divFactor, is highest after `pctStart` of the steps, and ends at the start's
/// 1 / finalDivFactor. With `threePhase` it first comes back to the start as fast as it climbed. Each phase goes from
/// a to b along b + (a − b)/2 · (1 + cos π p), or a straight line, as p goes from 0 to 1. Call
/// ``LRScheduler/step()`` after every batch, not every epoch.
///
/// L. N. Smith and N. Topin, "Super-Convergence: Very Fast Training of Neural Networks Using Large Learning Rates",
/// 2019.
public final class OneCycleLR: LRScheduler {
  public enum AnnealStrategy: Sendable { case cos, linear }

  public let totalSteps: Int
  private let maxLRs: [Double]
  private let divFactor: Double
  private let finalDivFactor: Double
  private let pctStart: Double
  private let threePhase: Bool
  private let annealStrategy: AnnealStrategy
  /// The lowest and the highest momentum, and whether it is Adam's β₁.
  private let momentum: (base: Double, max: Double, setting: Setting)?

  /// - Parameters:
  ///   - maxLR: The highest learning rate: one for all groups of parameters, or one each.
  ///   - totalSteps: The steps of the cycle; it is an error to take more.
  ///   - pctStart: The part of the steps in which the learning rate climbs.
  ///   - cycleMomentum: Whether the momentum, or Adam's β₁, moves between `maxMomentum` and `baseMomentum`.
  public init(
    _ optimizer: Optimizer, maxLR: Double..., totalSteps: Int, pctStart: Double = 0.3,
    annealStrategy: AnnealStrategy = .cos, cycleMomentum: Bool = true, baseMomentum: Double = 0.85,
    maxMomentum: Double = 0.95, divFactor: Double = 25, finalDivFactor: Double = 1e4, threePhase: Bool = false
  ) {
    let groups = optimizer.groups
    check(totalSteps > 0, "OneCycleLR", "totalSteps \(totalSteps) must be at least 1")
    check((0...1).contains(pctStart), "OneCycleLR", "pctStart \(pctStart) must be between 0 and 1")
    check(
      maxLR.count == 1 || maxLR.count == groups.count, "OneCycleLR",
      "needs one maxLR, or as many as groups of parameters, found \(maxLR.count) and \(groups.count)")
    check(
      maxLR.allSatisfy { $0 >= 0 } && divFactor > 0 && finalDivFactor > 0, "OneCycleLR",
      "maxLR \(maxLR) must not be negative, and divFactor \(divFactor) and finalDivFactor \(finalDivFactor) "
        + "must be positive")
    let setting = [Setting.momentum, .beta1].first { groups[0].settings[$0] != nil }
    check(
      !cycleMomentum || setting != nil, "OneCycleLR",
      "\(type(of: optimizer)) has neither momentum nor betas; pass cycleMomentum: false")
    maxLRs = maxLR.count == 1 ? Array(repeating: maxLR[0], count: groups.count) : maxLR
    momentum = cycleMomentum ? setting.map { (baseMomentum, maxMomentum, $0) } : nil
    for value in [baseMomentum, maxMomentum] {
      let objection = momentum?.setting.objection(to: value)
      check(objection == nil, "OneCycleLR", objection ?? "")
    }
    self.totalSteps = totalSteps
    self.divFactor = divFactor
    self.finalDivFactor = finalDivFactor
    self.pctStart = pctStart
    self.threePhase = threePhase
    self.annealStrategy = annealStrategy
    for (group, highest) in zip(groups, maxLRs) { group.settings[.initialLR] = highest / divFactor }
    super.init(optimizer)
  }

  /// A height of the cycle.
  private enum Level { case start, top, end }

  /// The levels between which the cycle is in step ``lastEpoch``, and how far it is on the way.
  private var position: (from: Level, to: Level, progress: Double) {
    let climbed = pctStart * Double(totalSteps) - 1
    let phases: [(from: Level, to: Level, end: Double)] =
      threePhase
      ? [
        (.start, .top, climbed), (.top, .start, 2 * pctStart * Double(totalSteps) - 2),
        (.start, .end, Double(totalSteps - 1)),
      ]
      : [(.start, .top, climbed), (.top, .end, Double(totalSteps - 1))]
    let step = Double(lastEpoch)
    let index = phases.firstIndex { step <= $0.end } ?? phases.count - 1
    let begin = index == 0 ? 0 : phases[index - 1].end
    let phase = phases[index]
    // The step after the last one, which trains nothing any more, stays at the end.
    let progress = phase.end > begin ? min((step - begin) / (phase.end - begin), 1) : 1
    return (phase.from, phase.to, progress)
  }

  private func anneal(_ height: (Level) -> Double) -> Double {
    let (from, to, progress) = position
    let (a, b) = (height(from), height(to))
    return switch annealStrategy {
    case .cos: b + (a - b) / 2 * (cos(.pi * progress) + 1)
    case .linear: (b - a) * progress + a
    }
  }

  public override func nextLR(after current: Double, base: Double, group: Int) -> Double {
    check(
      lastEpoch <= totalSteps, "OneCycleLR", "step \(lastEpoch) of a cycle that has \(totalSteps) steps")
    return anneal { level in
      switch level {
      case .start: base
      case .top: maxLRs[group]
      case .end: base / finalDivFactor
      }
    }
  }

  override func adjust() {
    guard let momentum else { return }
    let value = anneal { $0 == .top ? momentum.base : momentum.max }
    for group in optimizer.groups { group[momentum.setting] = value }
  }
}
