// Says: The mask is the wrong way round
import DeepLearning

func padded(_ sentences: [[Int]]) throws -> (tokens: Tensor, mask: Tensor) {
  let longest = sentences.map(\.count).max() ?? 0
  let rows = sentences.map { $0 + Array(repeating: 0, count: longest - $0.count) }
  let lengths = Tensor(sentences.map(\.count)).unsqueeze(1)
  return (Tensor(rows), Tensor.arange(longest) .>= lengths)
}

func forcing(_ sentences: [[Int]]) throws -> (inputs: Tensor, targets: Tensor) {
  (try padded(sentences.map { [1] + $0 }).tokens, try padded(sentences.map { $0 + [2] }).tokens)
}

func words(_ rows: Tensor) throws -> [[Int]] {
  rows.unbind().map { Array($0.toArray(of: Int.self).prefix { $0 != 2 }) }
}
