// Says: Nothing has been kept
import DeepLearning
import Foundation

struct Hypothesis: Equatable {
  var words: [String]
  var logP: Double

  var isFinished: Bool { words.last == "END" }
}

typealias Model = (_ words: [String]) -> [(word: String, logP: Double)]

func continued(_ hypotheses: [Hypothesis], width: Int, next: Model) throws -> [Hypothesis] {
  []
}

func score(_ hypothesis: Hypothesis, alpha: Double) throws -> Double {
  0
}

func search(width: Int, maximumLength: Int, alpha: Double, next: Model) throws -> [Hypothesis] {
  []
}
