import DeepLearning
import Timing

// Steps of training: forward, backward, and stochastic gradient descent with momentum.
manualSeed(0)

/// The network of chapter 7.
let small = Sequential(
  Conv2d(3, 6, 5), ReLU(), MaxPool2d(2), Conv2d(6, 16, 5), ReLU(), MaxPool2d(2), Flatten(), Linear(400, 120),
  ReLU(), Linear(120, 84), ReLU(), Linear(84, 10))

/// x + convolutions of x, with batch norm; smaller by half where the stride is 2.
final class Block: Module {
  let body: Sequential
  let shortcut: Module
  init(_ inputs: Int, _ outputs: Int, stride: Int) {
    body = Sequential(
      Conv2d(inputs, outputs, 3, stride: stride, padding: 1, bias: false), BatchNorm2d(outputs), ReLU(),
      Conv2d(outputs, outputs, 3, padding: 1, bias: false), BatchNorm2d(outputs))
    shortcut =
      stride == 1 && inputs == outputs
      ? Identity()
      : Sequential(Conv2d(inputs, outputs, 1, stride: stride, bias: false), BatchNorm2d(outputs))
  }
  override func forward(_ x: Tensor) -> Tensor { (body(x) + shortcut(x)).relu() }
}

let residual = Sequential(
  Conv2d(1, 16, 3, padding: 1, bias: false), BatchNorm2d(16), ReLU(), Block(16, 16, stride: 1),
  Block(16, 32, stride: 2), Block(32, 64, stride: 2), AdaptiveAvgPool2d(1), Flatten(), Linear(64, 10))

func measure(_ name: String, _ model: Module, _ shape: [Int], runs: Int) {
  let optimizer = SGD(model.parameters(), lr: 1e-3, momentum: 0.9)
  let images = Tensor.rand(shape)
  let labels = Tensor.randint(0, 10, [shape[0]])
  time("\(name), batch \(shape[0])", runs: runs) {
    optimizer.zeroGrad()
    crossEntropy(model(images), labels).backward()
    optimizer.step()
  }
}

measure("LeNet, 3×32×32", small, [4, 3, 32, 32], runs: 300)
measure("LeNet, 3×32×32", small, [64, 3, 32, 32], runs: 50)
measure("residual network, 1×28×28", residual, [64, 1, 28, 28], runs: 5)
