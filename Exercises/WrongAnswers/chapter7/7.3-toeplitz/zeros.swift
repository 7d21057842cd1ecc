// Says: nothing has been computed yet
import DeepLearning

func toeplitz(_ w: [Double], length: Int, stride: Int, padding: Int) throws -> Tensor {
  Tensor.zeros((length + 2 * padding - w.count) / stride + 1, length)
}

func kernelGradient(_ g: Tensor, kernel: Int, stride: Int, padding: Int) throws -> [Double] {
  Array(repeating: 0, count: kernel)
}
