// Says: ∂u/∂µ = −1/β
import DeepLearning
import Foundation

func gumbelNLL(_ x: Tensor, mu: Double, beta: Double) throws -> Double {
  let u = (x - mu) / beta
  return Double(x.count) * log(beta) + (u + (-u).exp()).sum().item()
}

func gumbelSlopes(_ x: Tensor, mu: Double, beta: Double) throws -> [Double] {
  let u = (x - mu) / beta
  let decay = (-u).exp()
  return [(1 - decay).sum().item() / beta, (1 - u + u * decay).sum().item() / beta]
}

func bestLocation(_ x: Tensor, beta: Double) throws -> Double {
  -beta * log((-x / beta).exp().mean().item())
}
