// Says: ask norm.isFinite
import DeepLearning

struct NotFinite: Error {}

func clipped(_ gradients: [Tensor], c: Double) throws -> [Tensor] {
  let norm = gradients.reduce(0.0) { $0 + $1.square().sum().item() }.squareRoot()
  return norm > c ? gradients.map { $0 * (c / norm) } : gradients
}
