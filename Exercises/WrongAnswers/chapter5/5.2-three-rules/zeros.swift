// Says: nothing has been computed yet
import DeepLearning
import Foundation

func momentum(_ theta: Tensor, _ gradients: [Tensor], lr: Double, mu: Double) throws -> Tensor {
  Tensor.zeros(like: theta)
}

func rmsprop(_ theta: Tensor, _ gradients: [Tensor], lr: Double, alpha: Double, eps: Double) throws -> Tensor
{
  Tensor.zeros(like: theta)
}

func adam(_ theta: Tensor, _ gradients: [Tensor], lr: Double, beta1: Double, beta2: Double, eps: Double)
  throws -> Tensor
{
  Tensor.zeros(like: theta)
}
