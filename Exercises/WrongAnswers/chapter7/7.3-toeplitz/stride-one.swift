// Says: moves one column only
import DeepLearning

func toeplitz(_ w: [Double], length: Int, stride: Int, padding: Int) throws -> Tensor {
  let places = (length + 2 * padding - w.count) / stride + 1
  let matrix = Tensor.zeros(places, length)
  for i in 0..<places {
    for r in w.indices where (0..<length).contains(i + r - padding) {
      matrix[i, i + r - padding] = Tensor(w[r])
    }
  }
  return matrix
}

func kernelGradient(_ g: Tensor, kernel: Int, stride: Int, padding: Int) throws -> [Double] {
  (0..<kernel).map { r in
    (0..<g.size(0)).reduce(0.0) { sum, i in
      let k = i * stride + r - padding
      return (0..<g.size(1)).contains(k) ? sum + g[i, k].item() : sum
    }
  }
}
