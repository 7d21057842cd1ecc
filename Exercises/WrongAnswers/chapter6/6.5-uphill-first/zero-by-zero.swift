// Says: Then there is no uphill
import DeepLearning

func uphill(_ theta: Tensor, _ g: Tensor, rho: Double) throws -> Tensor {
  theta + rho * g / g.norm()
}

func step(_ theta: Tensor, lr: Double, rho: Double, gradient: (Tensor) -> Tensor) throws -> Tensor {
  theta - lr * gradient(try uphill(theta, gradient(theta), rho: rho))
}

func sharpness(_ theta: Tensor, rho: Double, loss: (Tensor) -> Double, gradient: (Tensor) -> Tensor) throws
  -> Double
{
  loss(try uphill(theta, gradient(theta), rho: rho)) - loss(theta)
}
