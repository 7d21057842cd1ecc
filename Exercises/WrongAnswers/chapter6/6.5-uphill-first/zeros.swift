// Says: nothing has been computed yet
import DeepLearning

func uphill(_ theta: Tensor, _ g: Tensor, rho: Double) throws -> Tensor {
  Tensor.zeros(like: theta)
}

func step(_ theta: Tensor, lr: Double, rho: Double, gradient: (Tensor) -> Tensor) throws -> Tensor {
  Tensor.zeros(like: theta)
}

func sharpness(_ theta: Tensor, rho: Double, loss: (Tensor) -> Double, gradient: (Tensor) -> Tensor) throws
  -> Double
{
  0
}
