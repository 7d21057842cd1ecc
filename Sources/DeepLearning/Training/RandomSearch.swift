import Dispatch

#if canImport(Glibc)
  import Glibc
#endif

/// Looks for good settings by trying random ones, drawn from ranges in which every power of ten is as likely as any
/// other.
///
///     let search = RandomSearch(["lr": 1e-5...1, "weight decay": 1e-6...1e-1])
///     let coarse = search.run(trials: 30) { settings in
///       validationLoss(of: trained(lr: settings["lr"]!, weightDecay: settings["weight decay"]!))
///     }
///     let fine = search.narrowed(to: coarse.best(5)).run(trials: 30) { ... }
///
/// Learning rates act by their ratios: 0.1 and 0.2 are as far apart as 0.001 and 0.002. Hence the logarithm. And random
/// points beat a grid of as many, because they try a new value of every setting in each trial.
///
/// J. Bergstra and Y. Bengio, "Random Search for Hyper-Parameter Optimization", JMLR 13, 2012.
public struct RandomSearch: Sendable {
  /// One attempt: what was tried, and what came of it.
  public struct Trial: Sendable {
    public let settings: [String: Double]
    /// The smaller, the better; not a number where the attempt failed.
    public let score: Double
  }

  /// The settings and their ranges.
  public let ranges: [String: ClosedRange<Double>]

  public init(_ ranges: [String: ClosedRange<Double>]) {
    for (name, range) in ranges {
      check(
        range.lowerBound > 0 && range.upperBound < .infinity, "RandomSearch",
        "the range of \(name), \(range), has no logarithm; both bounds must be positive and finite")
    }
    self.ranges = ranges
  }

  /// Random settings: e^u with u uniform between the logarithms of the bounds.
  public func draw(generator: Generator = .default) -> [String: Double] {
    var settings: [String: Double] = [:]
    for (name, range) in ranges.sorted(by: { $0.key < $1.key }) {
      let (low, high) = (log(range.lowerBound), log(range.upperBound))
      settings[name] = min(
        max(exp(low + (high - low) * generator.nextUniform()), range.lowerBound), range.upperBound)
    }
    return settings
  }

  /// Draws settings and scores each, as many at the same time as there are cores.
  ///
  /// The result does not depend on who finishes first: all settings are drawn before, and every attempt begins with
  /// `Generator.default` at the start of one and the same stream, so that they differ in their settings alone.
  ///
  /// - Parameter score: Tries the settings, and says how bad the result is. Called on several threads.
  /// - Returns: The attempts in the order in which they were drawn.
  public func run(
    trials: Int, generator: Generator = .default, score: @Sendable ([String: Double]) -> Double
  ) -> [Trial] {
    check(trials >= 0, "RandomSearch", "cannot make \(trials) trials")
    let settings = (0..<trials).map { _ in draw(generator: generator) }
    let seed = generator.nextSeed()
    var scores = [Double](repeating: .nan, count: trials)
    scores.withUnsafeMutableBufferPointer { scores in
      nonisolated(unsafe) let scores = scores
      DispatchQueue.concurrentPerform(iterations: trials) { i in
        scores[i] = Generator.$current.withValue(Generator(seed: seed)) { score(settings[i]) }
      }
    }
    return zip(settings, scores).map { Trial(settings: $0, score: $1) }
  }

  /// The search in the smallest ranges that hold all of `trials`, each widened to both sides by a quarter of itself, as
  /// logarithms, but never beyond the range that it has now.
  public func narrowed(to trials: [Trial]) -> RandomSearch {
    check(!trials.isEmpty, "RandomSearch", "cannot be narrowed to no trials")
    return RandomSearch(
      Dictionary(
        uniqueKeysWithValues: ranges.map { name, range in
          let tried = trials.compactMap { $0.settings[name] }
          check(tried.count == trials.count, "RandomSearch", "trials did not try \(name)")
          let (low, high) = (tried.min()!, tried.max()!)
          let margin = pow(high / low, 0.25)
          return (name, max(low / margin, range.lowerBound)...min(high * margin, range.upperBound))
        }))
  }
}

extension [RandomSearch.Trial] {
  /// The `count` trials with the lowest scores, the best first; those that failed come last.
  public func best(_ count: Int) -> [RandomSearch.Trial] {
    Array(sorted { !($0.score.isNaN) && ($1.score.isNaN || $0.score < $1.score) }.prefix(count))
  }
}
