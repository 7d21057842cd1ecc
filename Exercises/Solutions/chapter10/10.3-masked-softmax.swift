/*:
 # 10.3 A softmax with a mask

 What is padding must not be looked at (section 10.4). A **mask** m says for each score whether its place takes
 part, and the others get no weight at all:

 $$\alpha_j = \frac{m_j \exp(e_j)}{\sum_i m_i \exp(e_i)} \qquad m_j = 1 \text{ or } 0$$

 1. `paddingMask` makes the mask for sources of different lengths, bool of shape (N, 1, S): true at the first
    $\ell^{(n)}$ places. The 1 in the middle stretches to any number of queries.
 2. `weights` computes the weights from scores e, (N, T, S), and a mask m, bool, of a shape that stretches to the
    scores'. Along the last dimension they sum to 1. A row in which no place takes part gets zeros, and not the "not
    a number" that 0 / 0 makes. Scores may be 1,000, and those of hidden places even infinite.

 With the scores ln 6, ln 3 and ln 2, of which the last is hidden, the weights are 2/3, 1/3 and 0.
 */
import DeepLearning
import Exercises

/// True where a place takes part, (N, 1, S).
func paddingMask(_ lengths: [Int], length: Int) throws -> Tensor {
  // solution
  (Tensor.arange(length) .< Tensor(lengths).unsqueeze(1)).unsqueeze(1)
  // end of solution
}

/// The weights, (N, T, S).
func weights(_ scores: Tensor, seeing mask: Tensor) throws -> Tensor {
  // solution
  let isHidden = .!mask
  let open = scores.maskedFill(isHidden, -.infinity)
  // Where all are hidden, any numbers will do, since all weights become 0 in the end.
  let isEmpty = open.amax(dim: -1, keepDim: true) .== -Double.infinity
  return open.maskedFill(isEmpty, 0).softmax(dim: -1).maskedFill(isHidden, 0)
  // end of solution
}
