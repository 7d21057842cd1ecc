// Says: nothing comes through
import DeepLearning

struct Network {
  var w1, b1, w2, b2: Tensor
}

func xorNetwork() throws -> Network { try parityNetwork(2) }

func parityNetwork(_ n: Int) throws -> Network {
  Network(w1: Tensor.zeros(n, n), b1: Tensor.zeros(n), w2: Tensor.zeros(1, n), b2: Tensor.zeros(1))
}
