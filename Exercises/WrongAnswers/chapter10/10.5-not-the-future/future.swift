// Says: the mask has no effect
import DeepLearning

struct Memory {
  var keys: Tensor?
  var values: Tensor?
}

func causalMask(_ length: Int) throws -> Tensor {
  Tensor.arange(length).unsqueeze(1) .>= Tensor.arange(length)
}

func causalAttention(_ q: Tensor, _ k: Tensor, _ v: Tensor) throws -> Tensor {
  let scores = q.matmul(k.T) / Double(q.size(1)).squareRoot()
  return scores.softmax(dim: 1).matmul(v)
}

func next(_ q: Tensor, _ k: Tensor, _ v: Tensor, _ memory: inout Memory) throws -> Tensor {
  let keys = memory.keys.map { cat([$0, k.unsqueeze(0)]) } ?? k.unsqueeze(0)
  let values = memory.values.map { cat([$0, v.unsqueeze(0)]) } ?? v.unsqueeze(0)
  memory = Memory(keys: keys, values: values)
  return (keys.matmul(q) / Double(q.count).squareRoot()).softmax(dim: 0).matmul(values)
}
