#if canImport(Glibc)
  import Glibc
#else
  import Foundation
#endif

/// How often, in the course of training, a decoder reads the right token rather than the one it wrote itself.
///
///     let forcing = TeacherForcing.linear(from: 1, to: 0.5, steps: 2000)
///     let input = forcing.isForced(at: step) ? target : ownToken
///
/// A decoder that always reads the right tokens learns fast, and has never seen its own mistakes when it has to go
/// on by itself. A ratio that falls lets it get used to them.
///
/// Source: S. Bengio, O. Vinyals, N. Jaitly and N. Shazeer, "Scheduled sampling for sequence prediction with
/// recurrent neural networks", NeurIPS 2015.
public enum TeacherForcing: Sendable, Hashable {
  /// ratio = p at every step
  case constant(Double)
  /// ratio = from + (to − from) · step / steps, and `to` after that
  case linear(from: Double, to: Double, steps: Int)
  /// ratio = k^step, k < 1
  case exponential(k: Double)
  /// ratio = k / (k + e^(step/k)), k ≥ 1: near 1 at first, ½ at step k ln k, then towards 0
  case inverseSigmoid(k: Double)

  /// The probability of the right token in a step of training, counted from 0.
  public func ratio(at step: Int) -> Double {
    check(step >= 0, "TeacherForcing", "steps count from 0, found \(step)")
    let step = Double(step)
    let ratio =
      switch self {
      case .constant(let ratio): ratio
      case .linear(let from, let to, let steps): from + (to - from) * min(1, step / Double(max(steps, 1)))
      case .exponential(let k): pow(k, step)
      case .inverseSigmoid(let k): k / (k + exp(step / k))
      }
    check((0...1).contains(ratio), "TeacherForcing", "\(self) gives \(ratio), which is not a probability")
    return ratio
  }

  /// Whether to read the right token, decided by a random number.
  public func isForced(at step: Int, generator: Generator = .default) -> Bool {
    generator.nextUniform() < ratio(at: step)
  }
}
