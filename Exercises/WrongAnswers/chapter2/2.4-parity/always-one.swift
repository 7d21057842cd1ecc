// Says: The answer is always 1
import DeepLearning
import Exercises

struct Network {
  var w1, b1, w2, b2: Tensor
}

func xorNetwork() throws -> Network {
  Network(
    w1: Tensor([[1.0, 1.0], [1.0, 1.0]]), b1: Tensor([0.0, -1.0]), w2: Tensor([[1.0, -2.0]]),
    b2: Tensor([0.5]))
}

func parityNetwork(_ n: Int) throws -> Network { throw NotAttempted() }
