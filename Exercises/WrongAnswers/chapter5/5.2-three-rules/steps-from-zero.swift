// Says: counted from 1: the first correction
import DeepLearning
import Foundation

func momentum(_ theta: Tensor, _ gradients: [Tensor], lr: Double, mu: Double) throws -> Tensor {
  var (theta, v) = (theta, Tensor.zeros(like: theta))
  for g in gradients {
    v = mu * v + g
    theta = theta - lr * v
  }
  return theta
}

func rmsprop(_ theta: Tensor, _ gradients: [Tensor], lr: Double, alpha: Double, eps: Double) throws -> Tensor
{
  var (theta, s) = (theta, Tensor.zeros(like: theta))
  for g in gradients {
    s = alpha * s + (1 - alpha) * g.square()
    theta = theta - lr * g / (s.sqrt() + eps)
  }
  return theta
}

func adam(_ theta: Tensor, _ gradients: [Tensor], lr: Double, beta1: Double, beta2: Double, eps: Double)
  throws -> Tensor
{
  var (theta, m, s) = (theta, Tensor.zeros(like: theta), Tensor.zeros(like: theta))
  for (i, g) in gradients.enumerated() {
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g.square()
    let mean = m / (1 - pow(beta1, Double(i)))
    let square = s / (1 - pow(beta2, Double(i)))
    theta = theta - lr * mean / (square.sqrt() + eps)
  }
  return theta
}
