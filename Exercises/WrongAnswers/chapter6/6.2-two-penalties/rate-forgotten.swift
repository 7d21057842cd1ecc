// Says: the learning rate belongs into it
import DeepLearning

func withL2(_ loss: Tensor, _ parameters: [Tensor], lambda: Double) throws -> Tensor {
  parameters.filter { $0.rank >= 2 }.reduce(loss) { $0 + (lambda / 2) * $1.square().sum() }
}

func withL1(_ loss: Tensor, _ parameters: [Tensor], lambda: Double) throws -> Tensor {
  parameters.filter { $0.rank >= 2 }.reduce(loss) { $0 + lambda * $1.abs().sum() }
}

func decayed(_ weight: Tensor, _ g: Tensor, lr: Double, lambda: Double) throws -> Tensor {
  (1 - lambda) * weight - lr * g
}
