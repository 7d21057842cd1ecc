// Says: You have stretched it
import DeepLearning

struct NotFinite: Error {}

func clipped(_ gradients: [Tensor], c: Double) throws -> [Tensor] {
  let norm = gradients.reduce(0.0) { $0 + $1.square().sum().item() }.squareRoot()
  guard norm.isFinite else { throw NotFinite() }
  return gradients.map { $0 * (c / norm) }
}
