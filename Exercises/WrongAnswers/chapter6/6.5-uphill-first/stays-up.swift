// Says: Go back to θ first
import DeepLearning

func uphill(_ theta: Tensor, _ g: Tensor, rho: Double) throws -> Tensor {
  let length: Double = g.norm().item()
  return length == 0 ? theta : theta + (rho / length) * g
}

func step(_ theta: Tensor, lr: Double, rho: Double, gradient: (Tensor) -> Tensor) throws -> Tensor {
  let top = try uphill(theta, gradient(theta), rho: rho)
  return top - lr * gradient(top)
}

func sharpness(_ theta: Tensor, rho: Double, loss: (Tensor) -> Double, gradient: (Tensor) -> Tensor) throws
  -> Double
{
  loss(try uphill(theta, gradient(theta), rho: rho)) - loss(theta)
}
