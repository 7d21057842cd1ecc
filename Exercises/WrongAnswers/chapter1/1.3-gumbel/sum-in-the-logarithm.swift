// Says: that of a mean
import DeepLearning
import Foundation

func gumbelNLL(_ x: Tensor, mu: Double, beta: Double) throws -> Double {
  let u = (x - mu) / beta
  return Double(x.count) * log(beta) + (u + (-u).exp()).sum().item()
}

func gumbelSlopes(_ x: Tensor, mu: Double, beta: Double) throws -> [Double] {
  let u = (x - mu) / beta
  let decay = (-u).exp()
  return [(decay - 1).sum().item() / beta, (1 - u + u * decay).sum().item() / beta]
}

func bestLocation(_ x: Tensor, beta: Double) throws -> Double {
  -beta * log((-x / beta).exp().sum().item())
}
