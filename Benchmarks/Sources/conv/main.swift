import DeepLearning
import Timing

// One layer at a time, forward and backward to input, weight and bias.
manualSeed(0)
func measure(_ name: String, _ layer: Module, _ shape: [Int], needsInput: Bool = true) {
  let x = Tensor.randn(shape).requiresGrad_(needsInput)
  let gradient = noGrad { Tensor.randn(layer(x).shape) }
  let size = shape.map(String.init).joined(separator: "×")
  time("\(name), \(size)", runs: max(5, 2_000_000 / x.count)) { noGrad { _ = layer(x) } }
  time("\(name), \(size), with backward", runs: max(5, 1_000_000 / x.count)) {
    x.grad = nil
    layer.zeroGrad()
    layer(x).backward(gradient)
  }
}

measure("conv 3→6 5×5", Conv2d(3, 6, 5), [4, 3, 32, 32], needsInput: false)
measure("conv 3→6 5×5", Conv2d(3, 6, 5), [64, 3, 32, 32], needsInput: false)
measure("conv 6→16 5×5", Conv2d(6, 16, 5), [4, 6, 14, 14])
measure("conv 6→16 5×5", Conv2d(6, 16, 5), [64, 6, 14, 14])
measure("conv 16→32 3×3", Conv2d(16, 32, 3, padding: 1), [64, 16, 28, 28])
measure("conv 64→64 3×3", Conv2d(64, 64, 3, padding: 1), [64, 64, 14, 14])
measure("conv 128→128 3×3", Conv2d(128, 128, 3, padding: 1), [64, 128, 7, 7])
measure("conv 32→64 3×3, stride 2", Conv2d(32, 64, 3, stride: 2, padding: 1), [64, 32, 28, 28])
measure("conv 64→64 1×1", Conv2d(64, 64, 1), [64, 64, 14, 14])
measure(
  "transposed conv 32→16 4×4, stride 2", ConvTranspose2d(32, 16, 4, stride: 2, padding: 1), [64, 32, 14, 14])
measure("conv1d 64→64 3", Conv1d(64, 64, 3, padding: 1), [64, 64, 128])
measure("max-pool 2", MaxPool2d(2), [64, 6, 28, 28])
measure("max-pool 3, stride 2", MaxPool2d(3, stride: 2, padding: 1), [64, 32, 28, 28])
measure("average-pool 2", AvgPool2d(2), [64, 16, 28, 28])
measure("average-pool 3, stride 2", AvgPool2d(3, stride: 2, padding: 1), [64, 32, 28, 28])
measure("max-pool1d 2", MaxPool1d(2), [64, 64, 128])
measure("average-pool1d 2", AvgPool1d(2), [64, 64, 128])
measure("averages of 7×7 windows", AdaptiveAvgPool2d(7), [64, 16, 28, 28])
measure("average of the plane", AdaptiveAvgPool2d(1), [64, 64, 14, 14])
measure("nearest, twice as large", Upsample(scaleFactor: 2), [64, 16, 14, 14])
measure("bilinear, twice as large", Upsample(scaleFactor: 2, mode: .bilinear), [64, 16, 14, 14])
