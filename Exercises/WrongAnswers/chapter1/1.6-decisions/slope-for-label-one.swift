// Says: With label 0 it is p
import DeepLearning
import Foundation

func threshold(miss: Double, alarm: Double) throws -> Double {
  log(alarm / miss)
}

func slopes(_ z: Tensor, _ y: Tensor) throws -> (logistic: Tensor, squared: Tensor) {
  let p = z.sigmoid()
  return (logistic: p - 1, squared: 2 * (p - 1) * p * (1 - p))
}
