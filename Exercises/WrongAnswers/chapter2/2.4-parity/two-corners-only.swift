// Says: the corners run out
import DeepLearning

struct Network {
  var w1, b1, w2, b2: Tensor
}

func xorNetwork() throws -> Network {
  try parityNetwork(2)
}

func parityNetwork(_ n: Int) throws -> Network {
  // Up with slope 1, and at each corner the slope turns round: by −2, by 2, by −2, ...
  let turns = (0..<n).map { $0 == 0 ? 1.0 : $0 == 1 ? -2.0 : 0.0 }
  let corners = (0..<n).map { Double($0) }
  return Network(w1: Tensor.ones(n, n), b1: -Tensor(corners), w2: Tensor([turns]), b2: Tensor([-0.5]))
}
