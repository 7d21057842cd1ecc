// Says: Here they do not
import DeepLearning

func threshold(miss: Double, alarm: Double) throws -> Double { 0 }

func slopes(_ z: Tensor, _ y: Tensor) throws -> (logistic: Tensor, squared: Tensor) {
  (logistic: Tensor.zeros(like: z), squared: Tensor.zeros(like: z))
}
