#if canImport(Glibc)
  import Glibc
#else
  import Foundation
#endif

/// A sequence that a decoder may have meant, with what the model thinks of it.
public struct Hypothesis: Sendable, Hashable {
  /// The tokens, without those for start and end.
  public let tokens: [Int]
  /// Σ log p of its tokens, the end included where it is finished.
  public let logProbability: Double
  /// Whether it has written the end token.
  public let isFinished: Bool
  /// What it is ranked by: log-probability / length^α, the end token counted.
  public let score: Double
}

/// Looks for the most probable sequence with the `width` best beginnings in hand, instead of greedy search's one.
///
///     let best = beamSearch(
///       from: state, start: spanish[.start], end: spanish[.end], width: 4, maximumLength: 20
///     ) { tokens, state in
///       let (logits, next) = decoder(tokens, state)    // as many rows as hypotheses
///       return (logits.logSoftmax(dim: -1), next)
///     } select: { state, rows in
///       state.indexSelect(0, rows)
///     }
///     best[0].tokens
///
/// Every step continues each hypothesis with every token, and ranks the continuations by their log-probability.
/// Those of the first `width` that end are set aside as finished; the best `width` of the others go on. The
/// search is over when `width` are finished and none that goes on has a better score than theirs, or at the
/// maximum length, where hypotheses that have not ended compete with the others.
///
/// Every token makes a sequence less probable, so that sums of log-probabilities favor short ones. The score
/// therefore is log p / length^α: 0 for α compares the sums, 1 their means.
///
/// A width of 1 is greedy search; one that is never exceeded looks at all sequences there are.
///
/// - Parameters:
///   - state: What the first step reads, for one sequence.
///   - start: The token that is read first.
///   - end: The token that finishes a hypothesis; nil where all have the maximum length.
///   - width: How many hypotheses go on, k.
///   - maximumLength: How many tokens a hypothesis may have, the end included.
///   - lengthNormalization: α ≥ 0.
///   - step: From the last token of each of n hypotheses, int64 (n), and their state: log-probabilities (n, V)
///     and the next state.
///   - select: From a state and rows, int64 (m): the state of these rows, of which one may occur more than once.
/// - Returns: at most `width` hypotheses, the best first.
///
/// Source: A. Graves, "Sequence transduction with recurrent neural networks", arXiv:1211.3711 (2012); for the
/// score Y. Wu et al., "Google's neural machine translation system", arXiv:1609.08144 (2016).
public func beamSearch<State>(
  from state: State, start: Int, end: Int? = nil, width: Int, maximumLength: Int,
  lengthNormalization: Double = 1,
  step: (_ tokens: Tensor, _ state: State) throws -> (logProbabilities: Tensor, state: State),
  select: (_ state: State, _ rows: Tensor) throws -> State
) rethrows -> [Hypothesis] {
  check(width >= 1, "beamSearch", "the width must be at least 1, not \(width)")
  check(maximumLength >= 0, "beamSearch", "cannot write \(maximumLength) tokens")
  var open = [Hypothesis(tokens: [], logProbability: 0, isFinished: false, score: 0)]
  var finished: [Hypothesis] = []
  var tokens = Tensor([start])
  var state = state
  try noGrad {
    for length in 0..<maximumLength where !open.isEmpty {
      let (logProbabilities, next) = try step(tokens, state)
      let ranking = continuations(of: open, logProbabilities)
      let norm = pow(Double(length + 1), lengthNormalization)
      var chosen: [Continuation] = []
      for (rank, continuation) in ranking.enumerated() where chosen.count < width {
        if continuation.token != end {
          chosen.append(continuation)
        } else if rank < width {
          finished.append(continuation.hypothesis(from: open, norm, isFinished: true))
        }
      }
      finished = Array(finished.sorted { $0.score > $1.score }.prefix(width))
      open = chosen.map { $0.hypothesis(from: open, norm, isFinished: false) }
      // All that go on are equally long: the first has the best score, too.
      guard let best = open.first, finished.count < width || best.score > finished.last!.score else { break }
      tokens = Tensor(chosen.map(\.token))
      state = try select(next, Tensor(chosen.map(\.row)))
    }
  }
  return Array((finished + open).sorted { $0.score > $1.score }.prefix(width))
}

/// A hypothesis and a token to go on with.
private struct Continuation {
  let row: Int
  let token: Int
  let logProbability: Double

  func hypothesis(from open: [Hypothesis], _ norm: Double, isFinished: Bool) -> Hypothesis {
    let tokens = open[row].tokens + (isFinished ? [] : [token])
    return Hypothesis(
      tokens: tokens, logProbability: logProbability, isFinished: isFinished, score: logProbability / norm)
  }
}

/// All possible continuations, the most probable first; of equally probable ones the first in row and token.
private func continuations(of open: [Hypothesis], _ logProbabilities: Tensor) -> [Continuation] {
  check(
    logProbabilities.rank == 2 && logProbabilities.shape[0] == open.count && logProbabilities.shape[1] > 0,
    "beamSearch",
    "for \(open.count) hypotheses the step must return log-probabilities (\(open.count), V), "
      + "found \(describe(logProbabilities.shape))")
  let classes = logProbabilities.shape[1]
  let values = logProbabilities.toArray(of: Double.self)
  for row in open.indices {
    let total = values[row * classes..<(row + 1) * classes].reduce(0) { $0 + exp($1) }
    check(
      total <= 1.001, "beamSearch",
      "the step must return log-probabilities, as logSoftmax does: the probabilities of row \(row) add up to \(total)"
    )
  }
  return values.enumerated().compactMap { place, value in
    guard value > -.infinity else { return nil }
    let (row, token) = place.quotientAndRemainder(dividingBy: classes)
    return Continuation(row: row, token: token, logProbability: open[row].logProbability + value)
  }.sorted { ($1.logProbability, $0.row, $0.token) < ($0.logProbability, $1.row, $1.token) }
}
