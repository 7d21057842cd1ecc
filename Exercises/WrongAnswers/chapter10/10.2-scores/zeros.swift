// Says: nothing has been computed yet
import DeepLearning

enum Score: CaseIterable { case dot, scaled, general, additive }

func dotScores(_ s: Tensor, _ h: Tensor) throws -> Tensor {
  Tensor.zeros(s.size(0), h.size(0))
}

func scaledScores(_ s: Tensor, _ h: Tensor) throws -> Tensor {
  Tensor.zeros(s.size(0), h.size(0))
}

func generalScores(_ s: Tensor, _ h: Tensor, w: Tensor) throws -> Tensor {
  Tensor.zeros(s.size(0), h.size(0))
}

func additiveScores(_ s: Tensor, _ h: Tensor, w: Tensor, v: Tensor, output: Tensor) throws -> Tensor {
  Tensor.zeros(s.size(0), h.size(0))
}

func parameterCount(_ score: Score, q: Int, k: Int, a: Int) throws -> Int {
  0
}
