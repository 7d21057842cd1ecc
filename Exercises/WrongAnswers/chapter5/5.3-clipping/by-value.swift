// Says: clipping by value
import DeepLearning

struct NotFinite: Error {}

func clipped(_ gradients: [Tensor], c: Double) throws -> [Tensor] {
  gradients.map { $0.clamp(min: -c, max: c) }
}
