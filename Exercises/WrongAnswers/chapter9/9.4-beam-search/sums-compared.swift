// Says: The sums are compared
import DeepLearning
import Foundation

struct Hypothesis: Equatable {
  var words: [String]
  var logP: Double

  var isFinished: Bool { words.last == "END" }
}

typealias Model = (_ words: [String]) -> [(word: String, logP: Double)]

func continued(_ hypotheses: [Hypothesis], width: Int, next: Model) throws -> [Hypothesis] {
  Array(continuations(hypotheses, next: next).prefix(width))
}

func score(_ hypothesis: Hypothesis, alpha: Double) throws -> Double {
  hypothesis.logP / pow(Double(hypothesis.words.count), alpha)
}

func search(width: Int, maximumLength: Int, alpha: Double, next: Model) throws -> [Hypothesis] {
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
}

private func continuations(_ hypotheses: [Hypothesis], next: Model) -> [Hypothesis] {
  hypotheses.flatMap { hypothesis in
    next(hypothesis.words).map {
      Hypothesis(words: hypothesis.words + [$0.word], logP: hypothesis.logP + $0.logP)
    }
  }.sorted { $0.logP > $1.logP }
}

private func best(_ hypotheses: [Hypothesis], _ count: Int, _ alpha: Double) throws -> [Hypothesis] {
  Array(hypotheses.sorted { $0.logP > $1.logP }.prefix(count))
}
