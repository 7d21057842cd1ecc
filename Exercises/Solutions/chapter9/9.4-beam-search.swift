/*:
 # 9.4 Beam search

 Section 9.3 keeps the k best beginnings instead of one. Its little model, START → he −0.7 | I −0.9 and so on, is
 given here as a function: `next` tells for a beginning, a list of words that is empty at first, which words may
 follow, and the logarithm of the probability of each. A **hypothesis** is a beginning with the sum of these
 logarithms. With τ for the number of its words,

 $$\mathrm{score} = \frac{1}{\tau^\alpha} \sum_{t=1}^{\tau} \ln p_t$$

 1. `continued` makes one step. All continuations of all hypotheses are ranked by their sums, and the k best are
    kept, whichever hypothesis they come from; the best first.
 2. `score` computes the score. The word END finishes a hypothesis; it is its last word, and counts in τ.
 3. `search` is the whole. In every round all open hypotheses are continued by one word. Of the k best
    continuations, those that end are **finished** and set aside; the k best of all that do *not* end go on. It is
    over when no hypothesis is open, after `maximumLength` rounds, or when k or more are finished and no open one
    has a better score than the worst of the k best finished. Finished and open hypotheses then compete, and the k
    with the best scores are returned, the best first.

 With k = 2 the model of the chapter keeps he −0.7 and I −0.9; then I was −1.6 and he hit −1.7; then he hit me −2.5
 and he hit a −2.8.
 */
import DeepLearning
import Exercises
import Foundation

/// A beginning, or a whole sentence, and what the model thinks of it.
struct Hypothesis: Equatable {
  var words: [String]
  /// Σ ln p
  var logP: Double

  var isFinished: Bool { words.last == "END" }
}

/// The words that may follow a beginning, with ln p of each.
typealias Model = (_ words: [String]) -> [(word: String, logP: Double)]

/// The `width` best of all continuations by one word, the best first.
func continued(_ hypotheses: [Hypothesis], width: Int, next: Model) throws -> [Hypothesis] {
  // solution
  Array(continuations(hypotheses, next: next).prefix(width))
  // end of solution
}

/// logP / τ^α
func score(_ hypothesis: Hypothesis, alpha: Double) throws -> Double {
  // solution
  hypothesis.logP / pow(Double(hypothesis.words.count), alpha)
  // end of solution
}

/// The `width` best hypotheses of a beam search, the best first.
func search(width: Int, maximumLength: Int, alpha: Double, next: Model) throws -> [Hypothesis] {
  // solution
  var open = [Hypothesis(words: [], logP: 0)]
  var finished: [Hypothesis] = []
  for _ in 0..<maximumLength {
    let ranking = continuations(open, next: next)
    finished += ranking.prefix(width).filter(\.isFinished)
    finished = try best(finished, width, alpha)
    open = Array(ranking.filter { !$0.isFinished }.prefix(width))
    // All open ones are equally long: the first has the best score, too.
    guard let first = open.first else { break }
    if finished.count == width, try score(first, alpha: alpha) <= score(finished[width - 1], alpha: alpha) {
      break
    }
  }
  return try best(finished + open, width, alpha)
  // end of solution
}

// solution
/// All continuations by one word, the most probable first.
private func continuations(_ hypotheses: [Hypothesis], next: Model) -> [Hypothesis] {
  hypotheses.flatMap { hypothesis in
    next(hypothesis.words).map {
      Hypothesis(words: hypothesis.words + [$0.word], logP: hypothesis.logP + $0.logP)
    }
  }.sorted { $0.logP > $1.logP }
}

private func best(_ hypotheses: [Hypothesis], _ count: Int, _ alpha: Double) throws -> [Hypothesis] {
  Array(try hypotheses.sorted { try score($0, alpha: alpha) > score($1, alpha: alpha) }.prefix(count))
}
// end of solution
