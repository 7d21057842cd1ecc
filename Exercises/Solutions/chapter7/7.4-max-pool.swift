/*:
 # 7.4 Max-pooling, there and back

 In section 7.5 the windows of a pooling layer touch and do not overlap. Here they may: a window is $K \times K$,
 and the next one begins $S$ pixels further. For one channel,

 $$y_{ij} = \max_{0 \le r, s < K} x_{iS + r,\, jS + s} \qquad
   \frac{\partial E}{\partial x_{pq}} = \sum_{i,j} \delta_{ij} \, \big[(p, q) \text{ wins window } (i, j)\big]$$

 with $\delta_{ij} = \partial E / \partial y_{ij}$. So a pixel that wins several windows gets several error terms.
 Where several pixels of a window are equally large, the first wins, in the order of reading: row by row, from left
 to right. Windows that would reach beyond the picture do not count: of H rows, there are ⌊(H − K) / S⌋ + 1 rows of
 windows.

 With x = ((3, 1, 2), (1, 4, 1), (0, 1, 5)), K = 2 and S = 1 it is y = ((4, 4), (4, 5)). The pixel in the middle
 wins three windows, and with δ = ((1, 10), (100, 1000)) its derivative is 111.

 Both functions work on one channel, x of shape (H, W). Write them with loops over the windows.
 */
import DeepLearning
import Exercises

/// The largest number of each window.
func maxPool(_ x: Tensor, kernel: Int, stride: Int) throws -> Tensor {
  // solution
  let y = Tensor.zeros((x.size(0) - kernel) / stride + 1, (x.size(1) - kernel) / stride + 1)
  for i in 0..<y.size(0) {
    for j in 0..<y.size(1) {
      let (top, left) = (i * stride, j * stride)
      y[i, j] = x[top..<top + kernel, left..<left + kernel].amax()
    }
  }
  return y
  // end of solution
}

/// ∂E/∂x, of the shape of x, from δ = ∂E/∂y.
func maxPoolBackward(_ delta: Tensor, _ x: Tensor, kernel: Int, stride: Int) throws -> Tensor {
  // solution
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
  // end of solution
}
