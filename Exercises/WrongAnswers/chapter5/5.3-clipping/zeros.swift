// Says: nothing has been computed yet
import DeepLearning

struct NotFinite: Error {}

func clipped(_ gradients: [Tensor], c: Double) throws -> [Tensor] {
  gradients.map { Tensor.zeros(like: $0) }
}
