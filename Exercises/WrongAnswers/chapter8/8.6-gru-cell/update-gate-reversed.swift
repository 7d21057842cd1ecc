// Says: u keeps the old state
import DeepLearning

struct Weights {
  var u, w, bx, bh: Tensor
}

func step(_ x: Tensor, _ h: Tensor, _ weights: Weights) throws -> Tensor {
  let a = (x.matmul(weights.u.T) + weights.bx).chunk(3, dim: 1)
  let b = (h.matmul(weights.w.T) + weights.bh).chunk(3, dim: 1)
  let reset = (a[0] + b[0]).sigmoid()
  let update = (a[1] + b[1]).sigmoid()
  let candidate = (a[2] + reset * b[2]).tanh()
  return (1 - update) * h + update * candidate
}

func kept(_ gates: Tensor) throws -> (start: Tensor, candidates: Tensor) {
  var later = Tensor.ones(gates.size(1))
  var shares: [Tensor] = []
  for gate in gates.unbind().reversed() {
    shares.append(later * (1 - gate))
    later = later * gate
  }
  return (later, stack(shares.reversed()))
}
