// Says: nothing has been computed yet
import DeepLearning

func batchNormBackward(
  _ g: Tensor, _ z: Tensor, gamma: Tensor, eps: Double
) throws -> (z: Tensor, gamma: Tensor, beta: Tensor) {
  (Tensor.zeros(like: z), Tensor.zeros(like: gamma), Tensor.zeros(like: gamma))
}
