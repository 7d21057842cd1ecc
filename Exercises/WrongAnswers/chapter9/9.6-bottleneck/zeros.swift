// Says: nothing has been computed yet
import DeepLearning

final class Autoencoder: Module {
  let encoder: Sequential
  let decoder: Sequential

  init(inputs: Int, hidden: Int, code: Int) {
    encoder = Sequential(Linear(inputs, hidden), ReLU(), Linear(hidden, code))
    decoder = Sequential(Linear(code, hidden), ReLU(), Linear(hidden, inputs), Sigmoid())
  }

  override func forward(_ x: Tensor) -> Tensor {
    0 * decoder(encoder(x))
  }
}

func denoisingLoss(_ model: Module, _ x: Tensor, noise: Tensor) throws -> Tensor {
  0 * model(x).sum()
}

func projected(_ x: Tensor, mean: Tensor, axes: Tensor) throws -> Tensor {
  Tensor.zeros(like: x)
}
