// Says: nothing has been computed yet
import DeepLearning

func maxPool(_ x: Tensor, kernel: Int, stride: Int) throws -> Tensor {
  Tensor.zeros((x.size(0) - kernel) / stride + 1, (x.size(1) - kernel) / stride + 1)
}

func maxPoolBackward(_ delta: Tensor, _ x: Tensor, kernel: Int, stride: Int) throws -> Tensor {
  Tensor.zeros(like: x)
}
