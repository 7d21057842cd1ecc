import DeepLearning
import Timing

// The network of chapter 4's quickstart: forward, backward and a step of stochastic gradient descent.
manualSeed(0)
let model = Sequential(
  Flatten(), Linear(784, 512), ReLU(), Linear(512, 512), ReLU(), Linear(512, 10))
let optimizer = SGD(model.parameters(), lr: 1e-3)
for batch in [64, 1024] {
  let images = Tensor.rand(batch, 1, 28, 28)
  let labels = Tensor.randint(0, 10, [batch])
  time("mlp 784-512-512-10, batch \(batch)", runs: 12_800 / batch) {
    optimizer.zeroGrad()
    crossEntropy(model(images), labels).backward()
    optimizer.step()
  }
}
