// Says: Its root is missing
import DeepLearning

struct NotFinite: Error {}

func clipped(_ gradients: [Tensor], c: Double) throws -> [Tensor] {
  let square = gradients.reduce(0.0) { $0 + $1.square().sum().item() }
  return square > c ? gradients.map { $0 * (c / square) } : gradients
}
