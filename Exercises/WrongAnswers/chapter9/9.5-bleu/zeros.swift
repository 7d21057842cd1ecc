// Says: Nothing has been counted
import DeepLearning
import Foundation

func ngrams(_ words: [String], _ n: Int) throws -> [[String]: Int] {
  [:]
}

func precision(_ candidates: [[String]], _ references: [[String]], _ n: Int) throws -> Double {
  0
}

func bleu(_ candidates: [[String]], _ references: [[String]]) throws -> Double {
  0
}
