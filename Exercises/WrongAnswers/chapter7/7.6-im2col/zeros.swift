// Says: nothing has been computed yet
import DeepLearning

func columns(_ x: Tensor, kernel: Int, stride: Int, padding: Int) throws -> Tensor {
  0 * unfold(x, kernel, padding: padding, stride: stride)
}

func convolved(_ x: Tensor, _ w: Tensor, _ b: Tensor, stride: Int, padding: Int) throws -> Tensor {
  Tensor.zeros(w.size(0), 1, 1)
}

func image(_ columns: Tensor, shape: [Int], kernel: Int, stride: Int, padding: Int) throws -> Tensor {
  Tensor.zeros(shape)
}
