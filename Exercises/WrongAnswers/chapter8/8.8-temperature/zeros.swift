// Says: nothing has been computed yet
import DeepLearning
import Foundation

func probabilities(_ logits: [Double], temperature: Double, topK: Int? = nil) throws -> [Double] {
  Array(repeating: 0, count: logits.count)
}

func draw(_ p: [Double], _ u: Double) throws -> Int {
  0
}
