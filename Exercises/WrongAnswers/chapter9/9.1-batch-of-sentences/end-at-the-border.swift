// Says: behind the padding
import DeepLearning

func padded(_ sentences: [[Int]]) throws -> (tokens: Tensor, mask: Tensor) {
  let longest = sentences.map(\.count).max() ?? 0
  let rows = sentences.map { $0 + Array(repeating: 0, count: longest - $0.count) }
  let lengths = Tensor(sentences.map(\.count)).unsqueeze(1)
  return (Tensor(rows), Tensor.arange(longest) .< lengths)
}

func forcing(_ sentences: [[Int]]) throws -> (inputs: Tensor, targets: Tensor) {
  let tokens = try padded(sentences).tokens
  let end = Tensor.full([sentences.count, 1], 2, dtype: .int64)
  return (try padded(sentences.map { [1] + $0 }).tokens, cat([tokens, end], dim: 1))
}

func words(_ rows: Tensor) throws -> [[Int]] {
  rows.unbind().map { Array($0.toArray(of: Int.self).prefix { $0 != 2 }) }
}
