// Says: Only the winner does
import DeepLearning

func maxPool(_ x: Tensor, kernel: Int, stride: Int) throws -> Tensor {
  let y = Tensor.zeros((x.size(0) - kernel) / stride + 1, (x.size(1) - kernel) / stride + 1)
  for i in 0..<y.size(0) {
    for j in 0..<y.size(1) {
      let (top, left) = (i * stride, j * stride)
      y[i, j] = x[top..<top + kernel, left..<left + kernel].amax()
    }
  }
  return y
}

func maxPoolBackward(_ delta: Tensor, _ x: Tensor, kernel: Int, stride: Int) throws -> Tensor {
  let gradient = Tensor.zeros(like: x)
  for i in 0..<delta.size(0) {
    for j in 0..<delta.size(1) {
      let (top, left) = (i * stride, j * stride)
      let part = gradient[top..<top + kernel, left..<left + kernel]
      gradient[top..<top + kernel, left..<left + kernel] = part + delta[i, j]
    }
  }
  return gradient
}
