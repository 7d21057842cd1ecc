// Says: nothing has been computed yet
import DeepLearning

func withL2(_ loss: Tensor, _ parameters: [Tensor], lambda: Double) throws -> Tensor {
  Tensor(0.0)
}

func withL1(_ loss: Tensor, _ parameters: [Tensor], lambda: Double) throws -> Tensor {
  Tensor(0.0)
}

func decayed(_ weight: Tensor, _ g: Tensor, lr: Double, lambda: Double) throws -> Tensor {
  Tensor.zeros(like: weight)
}
