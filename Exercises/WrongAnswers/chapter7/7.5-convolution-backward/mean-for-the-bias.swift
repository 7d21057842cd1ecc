// Says: This is a mean over the places
import DeepLearning

func convolutionBackward(
  _ delta: Tensor, _ x: Tensor, _ w: Tensor, stride: Int, padding: Int
) throws -> (x: Tensor, w: Tensor, b: Tensor) {
  let k = w.size(2)
  let padded = x.pad([padding, padding, padding, padding])
  let (dx, dw) = (Tensor.zeros(like: padded), Tensor.zeros(like: w))
  for f in 0..<delta.size(0) {
    for i in 0..<delta.size(1) {
      for j in 0..<delta.size(2) {
        let rows = i * stride..<i * stride + k
        let columns = j * stride..<j * stride + k
        dw[f] = dw[f] + delta[f, i, j] * padded[.all, rows, columns]
        dx[.all, rows, columns] = dx[.all, rows, columns] + delta[f, i, j] * w[f]
      }
    }
  }
  let inner = dx[.all, padding..<padding + x.size(1), padding..<padding + x.size(2)]
  return (inner, dw, delta.mean(dims: [1, 2]))
}
