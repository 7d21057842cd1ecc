// Says: W is transposed
import DeepLearning

enum Score: CaseIterable { case dot, scaled, general, additive }

func dotScores(_ s: Tensor, _ h: Tensor) throws -> Tensor {
  s.matmul(h.T)
}

func scaledScores(_ s: Tensor, _ h: Tensor) throws -> Tensor {
  s.matmul(h.T) / Double(s.size(1)).squareRoot()
}

func generalScores(_ s: Tensor, _ h: Tensor, w: Tensor) throws -> Tensor {
  (w.size(0) == w.size(1) ? s.matmul(w.T) : s.matmul(w)).matmul(h.T)
}

func additiveScores(_ s: Tensor, _ h: Tensor, w: Tensor, v: Tensor, output: Tensor) throws -> Tensor {
  (h.matmul(w.T) + s.matmul(v.T).unsqueeze(1)).tanh().matmul(output)
}

func parameterCount(_ score: Score, q: Int, k: Int, a: Int) throws -> Int {
  switch score {
  case .dot, .scaled: 0
  case .general: q * k
  case .additive: a * k + a * q + a
  }
}
