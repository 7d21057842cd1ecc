// Says: a piece of successive ones
import DeepLearning

struct Weights {
  var w, b, wOut, bOut: Tensor
}

func split(_ x: Tensor, heads: Int) throws -> Tensor {
  x.reshape(x.size(0), x.size(1), x.size(2) / heads, heads).permute(0, 3, 1, 2)
}

func merge(_ x: Tensor) throws -> Tensor {
  x.transpose(1, 2).flatten(2)
}

func selfAttention(
  _ x: Tensor, heads: Int, _ weights: Weights
) throws -> (output: Tensor, weights: Tensor) {
  let parts = try (x.matmul(weights.w.T) + weights.b).chunk(3, dim: 2).map { try split($0, heads: heads) }
  let size = Double(x.size(2) / heads)
  let table = (parts[0].matmul(parts[1].transpose(2, 3)) / size.squareRoot()).softmax(dim: 3)
  return (try merge(table.matmul(parts[2])).matmul(weights.wOut.T) + weights.bOut, table)
}
