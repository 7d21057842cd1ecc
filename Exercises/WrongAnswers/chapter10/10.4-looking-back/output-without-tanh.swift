// Says: The tanh around the output is missing
import DeepLearning

struct Step {
  var w, v, output, c, b: Tensor
}

func lookBack(
  _ s: Tensor, _ h: Tensor, mask: Tensor, _ step: Step
) throws -> (output: Tensor, weights: Tensor) {
  let hidden = (h.matmul(step.w.T) + s.matmul(step.v.T).unsqueeze(1)).tanh()
  let scores = hidden.matmul(step.output).maskedFill(.!mask, -.infinity)
  let weights = scores.softmax(dim: 1)
  let context = (weights.unsqueeze(2) * h).sum(dim: 1)
  return (cat([s, context], dim: 1).matmul(step.c.T) + step.b, weights)
}

func alignment(_ weights: Tensor) throws -> [Int] {
  weights.argmax(dim: 1).toArray(of: Int.self)
}

func crossings(_ alignment: [Int]) throws -> Int {
  zip(alignment, alignment.dropFirst()).count { $1 < $0 }
}
