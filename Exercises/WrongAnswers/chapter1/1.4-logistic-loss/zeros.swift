// Says: nothing has been computed yet
import DeepLearning

func logisticLoss(_ z: Tensor, _ y: Tensor) throws -> Double { 0 }

func logisticGradient(_ x: Tensor, _ y: Tensor, _ w: Tensor, _ b: Double) throws -> (w: Tensor, b: Double) {
  (w: Tensor.zeros(like: w), b: 0)
}
