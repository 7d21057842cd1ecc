// Says: Add up all entries where it stands
import DeepLearning

func toeplitz(_ w: [Double], length: Int, stride: Int, padding: Int) throws -> Tensor {
  let places = (length + 2 * padding - w.count) / stride + 1
  let matrix = Tensor.zeros(places, length)
  for i in 0..<places {
    for r in w.indices where (0..<length).contains(i * stride + r - padding) {
      matrix[i, i * stride + r - padding] = Tensor(w[r])
    }
  }
  return matrix
}

func kernelGradient(_ g: Tensor, kernel: Int, stride: Int, padding: Int) throws -> [Double] {
  (0..<kernel).map { r in
    let row = (0..<g.size(0)).first { (0..<g.size(1)).contains($0 * stride + r - padding) }!
    return g[row, row * stride + r - padding].item()
  }
}
