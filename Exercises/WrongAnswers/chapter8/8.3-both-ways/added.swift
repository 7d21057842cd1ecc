// Says: They stand side by side
import DeepLearning

typealias Reader = (Tensor) -> Tensor

func bothWays(_ x: Tensor, forward: Reader, backward: Reader) throws -> Tensor {
  forward(x) + backward(x.flip(0)).flip(0)
}

func summary(_ output: Tensor) throws -> Tensor {
  let halves = output.chunk(2, dim: 2)
  return cat([halves[0][.last], halves[1][0]], dim: 1)
}

func turned(_ x: Tensor, lengths: [Int]) throws -> Tensor {
  stack(
    lengths.enumerated().map { b, length in
      cat([x[0..<length, b].flip(0), x[length..<x.size(0), b]])
    }, dim: 1)
}
