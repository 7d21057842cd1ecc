// Says: nothing has been computed yet
import DeepLearning

struct Step {
  var w, v, output, c, b: Tensor
}

func lookBack(
  _ s: Tensor, _ h: Tensor, mask: Tensor, _ step: Step
) throws -> (output: Tensor, weights: Tensor) {
  (Tensor.zeros(like: s), Tensor.zeros(mask.shape))
}

func alignment(_ weights: Tensor) throws -> [Int] {
  []
}

func crossings(_ alignment: [Int]) throws -> Int {
  0
}
