// Says: shortened by its own norm
import DeepLearning

struct NotFinite: Error {}

func clipped(_ gradients: [Tensor], c: Double) throws -> [Tensor] {
  gradients.map { $0 * min(1, c / $0.norm().item()) }
}
