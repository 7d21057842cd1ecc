// Says: within the longest length
import DeepLearning

typealias Reader = (Tensor) -> Tensor

func bothWays(_ x: Tensor, forward: Reader, backward: Reader) throws -> Tensor {
  cat([forward(x), backward(x.flip(0)).flip(0)], dim: 2)
}

func summary(_ output: Tensor) throws -> Tensor {
  let halves = output.chunk(2, dim: 2)
  return cat([halves[0][.last], halves[1][0]], dim: 1)
}

func turned(_ x: Tensor, lengths: [Int]) throws -> Tensor {
  let longest = lengths.max()!
  return cat([x[0..<longest].flip(0), x[longest..<x.size(0)]])
}
