// Says: nothing has been computed yet
import DeepLearning

func inverted(_ x: Tensor, p: Double, training: Bool) throws -> Tensor {
  Tensor.zeros(like: x)
}

func spatial(_ x: Tensor, p: Double, training: Bool) throws -> Tensor {
  Tensor.zeros(like: x)
}

func expectation(_ w: Tensor, _ x: Tensor, p: Double, count: Int) throws -> Double {
  0
}
