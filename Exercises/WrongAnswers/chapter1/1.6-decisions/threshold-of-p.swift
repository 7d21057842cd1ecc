// Says: This is a probability
import DeepLearning
import Foundation

func threshold(miss: Double, alarm: Double) throws -> Double {
  alarm / (miss + alarm)
}

func slopes(_ z: Tensor, _ y: Tensor) throws -> (logistic: Tensor, squared: Tensor) {
  let p = z.sigmoid()
  return (logistic: p - y, squared: 2 * (p - y) * p * (1 - p))
}
