import DeepLearning
import Timing

// Forward and backward in training: features after a linear layer, and images after convolutions.
manualSeed(0)
func measure(_ name: String, _ layer: Module, _ shape: [Int]) {
  let x = Tensor.randn(shape).requiresGrad_()
  let gradient = Tensor.randn(shape)
  time("\(name), \(shape.map(String.init).joined(separator: " × "))", runs: max(5, 20_000_000 / x.count)) {
    x.grad = nil
    layer.zeroGrad()
    layer(x).backward(gradient)
  }
}

measure("batch norm", BatchNorm1d(256), [64, 256])
measure("batch norm", BatchNorm2d(64), [64, 64, 28, 28])
measure("batch norm", BatchNorm2d(512), [64, 512, 7, 7])
measure("layer norm", LayerNorm(256), [64, 256])
measure("layer norm", LayerNorm(128), [2048, 128])
measure("layer norm", LayerNorm(512), [4096, 512])
measure("group norm", GroupNorm(8, 64), [32, 64, 28, 28])
