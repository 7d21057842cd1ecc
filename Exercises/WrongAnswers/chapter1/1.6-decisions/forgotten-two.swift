// Says: The 2 is missing
import DeepLearning
import Foundation

func threshold(miss: Double, alarm: Double) throws -> Double {
  log(alarm / miss)
}

func slopes(_ z: Tensor, _ y: Tensor) throws -> (logistic: Tensor, squared: Tensor) {
  let p = z.sigmoid()
  return (logistic: p - y, squared: (p - y) * p * (1 - p))
}
