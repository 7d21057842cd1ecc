// Says: The padding is missing
import DeepLearning

func columns(_ x: Tensor, kernel: Int, stride: Int, padding: Int) throws -> Tensor {
  var rows: [Tensor] = []
  for c in 0..<x.size(0) {
    for r in 0..<kernel {
      for s in 0..<kernel { rows.append(x[c, span(r, 1), span(s, 2)].flatten()) }
    }
  }
  return stack(rows)

  func span(_ tap: Int, _ dim: Int) -> TensorIndexOperation {
    .slice(from: tap, to: x.size(dim) - kernel + tap + 1, by: stride)
  }
}

func convolved(_ x: Tensor, _ w: Tensor, _ b: Tensor, stride: Int, padding: Int) throws -> Tensor {
  let (kernel, filters) = (w.size(2), w.size(0))
  let z = try w.flatten(1).matmul(columns(x, kernel: kernel, stride: stride, padding: padding))
  let height = (x.size(1) + 2 * padding - kernel) / stride + 1
  return (z + b.unsqueeze(1)).view(filters, height, -1)
}

func image(_ columns: Tensor, shape: [Int], kernel: Int, stride: Int, padding: Int) throws -> Tensor {
  let padded = Tensor.zeros(shape[0], shape[1] + 2 * padding, shape[2] + 2 * padding)
  let height = (padded.size(1) - kernel) / stride + 1
  for (row, numbers) in columns.unbind().enumerated() {
    let (c, r, s) = (row / (kernel * kernel), row / kernel % kernel, row % kernel)
    let lines = TensorIndexOperation.slice(from: r, to: padded.size(1) - kernel + r + 1, by: stride)
    let places = TensorIndexOperation.slice(from: s, to: padded.size(2) - kernel + s + 1, by: stride)
    padded[c, lines, places] = padded[c, lines, places] + numbers.view(height, -1)
  }
  return padded[.all, padding..<padding + shape[1], padding..<padding + shape[2]]
}
