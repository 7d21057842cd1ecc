/*:
 # 7.6 Image to columns

 Section 7.6 turns a convolution into a matrix product. The windows of a picture x, (D, H, W), with P zeros put on
 each side, become the columns of a matrix $C$: with the stride S and kernels of K × K it has $D K^2$ rows, one for
 every weight of a filter, and a column for every place,

 $$C_{(c,r,s),\,(i,j)} = \tilde x_{c,\, iS + r,\, jS + s}$$

 Rows are numbered as the weights lie in memory, $(cK + r)K + s$, columns place by place along the rows of the
 result, $iW' + j$. There are H′ = ⌊(H + 2P − K) / S⌋ + 1 rows of places, and W′ in each.

 1. `columns` makes C. The picture of 3 × 3 with the numbers 1 to 9, K = 2, S = 1 and P = 0 gives ((1, 2, 4, 5), (2,
    3, 5, 6), (4, 5, 7, 8), (5, 6, 8, 9)).
 2. `convolved` computes $Z = W C + b$ with a single matrix product, for filters w of shape (F, D, K, K) and biases
    b of shape (F), and gives the result its shape (F, H′, W′).
 3. `image` goes back, as gradients do: every number of the columns is added to the pixel that it was copied from.
    What was copied from the padding is dropped. It is given the shape (D, H, W).
 */
import DeepLearning
import Exercises

/// C, (D · K · K, places), for a picture of shape (D, H, W).
func columns(_ x: Tensor, kernel: Int, stride: Int, padding: Int) throws -> Tensor {
  // solution
  let padded = x.pad([padding, padding, padding, padding])
  var rows: [Tensor] = []
  for c in 0..<x.size(0) {
    for r in 0..<kernel {
      for s in 0..<kernel { rows.append(padded[c, span(r, 1), span(s, 2)].flatten()) }
    }
  }
  return stack(rows)

  /// The pixels that weight `tap` meets, along a dimension.
  func span(_ tap: Int, _ dim: Int) -> TensorIndexOperation {
    .slice(from: tap, to: padded.size(dim) - kernel + tap + 1, by: stride)
  }
  // end of solution
}

/// W C + b, in the shape (F, H′, W′).
func convolved(_ x: Tensor, _ w: Tensor, _ b: Tensor, stride: Int, padding: Int) throws -> Tensor {
  // solution
  let (kernel, filters) = (w.size(2), w.size(0))
  let z = try w.flatten(1).matmul(columns(x, kernel: kernel, stride: stride, padding: padding))
  let height = (x.size(1) + 2 * padding - kernel) / stride + 1
  return (z + b.unsqueeze(1)).view(filters, height, -1)
  // end of solution
}

/// The columns, (D · K · K, places), added up to a picture of the given shape (D, H, W).
func image(_ columns: Tensor, shape: [Int], kernel: Int, stride: Int, padding: Int) throws -> Tensor {
  // solution
  let padded = Tensor.zeros(shape[0], shape[1] + 2 * padding, shape[2] + 2 * padding)
  let height = (padded.size(1) - kernel) / stride + 1
  for (row, numbers) in columns.unbind().enumerated() {
    let (c, r, s) = (row / (kernel * kernel), row / kernel % kernel, row % kernel)
    let lines = TensorIndexOperation.slice(from: r, to: padded.size(1) - kernel + r + 1, by: stride)
    let places = TensorIndexOperation.slice(from: s, to: padded.size(2) - kernel + s + 1, by: stride)
    padded[c, lines, places] = padded[c, lines, places] + numbers.view(height, -1)
  }
  return padded[.all, padding..<padding + shape[1], padding..<padding + shape[2]]
  // end of solution
}
