// Says: nothing has been computed yet
import DeepLearning

typealias Reader = (Tensor) -> Tensor

func bothWays(_ x: Tensor, forward: Reader, backward: Reader) throws -> Tensor {
  0 * cat([forward(x), backward(x)], dim: 2)
}

func summary(_ output: Tensor) throws -> Tensor {
  0 * output[0]
}

func turned(_ x: Tensor, lengths: [Int]) throws -> Tensor {
  Tensor.zeros(like: x)
}
