// Says: There is no bottleneck
import DeepLearning

final class Autoencoder: Module {
  let encoder: Sequential
  let decoder: Sequential

  init(inputs: Int, hidden: Int, code: Int) {
    encoder = Sequential(Linear(inputs, hidden), ReLU(), Linear(hidden, hidden))
    decoder = Sequential(Linear(hidden, hidden), ReLU(), Linear(hidden, inputs), Sigmoid())
  }

  override func forward(_ x: Tensor) -> Tensor {
    decoder(encoder(x))
  }
}

func denoisingLoss(_ model: Module, _ x: Tensor, noise: Tensor) throws -> Tensor {
  mseLoss(model(x + noise), x)
}

func projected(_ x: Tensor, mean: Tensor, axes: Tensor) throws -> Tensor {
  mean + (x - mean).matmul(axes).matmul(axes.T)
}
