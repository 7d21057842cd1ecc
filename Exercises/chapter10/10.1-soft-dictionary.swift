/*:
 # 10.1 A soft dictionary

 Section 10.1 answers a query with a mixture of values, in which those with the better keys weigh more. With queries
 q, keys k and values v,

 $$e_j = q \cdot k_j \qquad \alpha_j = \frac{\exp(e_j)}{\sum_i \exp(e_i)} \qquad c = \sum_j \alpha_j v_j$$

 1. `attend` computes the contexts and the weights of T queries at once. Queries are the rows of Q, (T, d), keys
    those of K, (S, d), and values those of V, (S, m). The contexts are (T, m), and the weights (T, S). Scores may
    be 1,000.
 2. `attendBackward` goes back, for a single query. It is given its weights α, (S), the values V, (S, m), and the
    gradient $g = \partial E / \partial c$ that has arrived at the context, (m). It returns

 $$\frac{\partial E}{\partial v_j} = \alpha_j \, g \qquad \frac{\partial E}{\partial e_j} = \alpha_j \, (v_j - c) \cdot g$$

 of shape (S, m) and (S). Use tensor operations, and no `backward()`.

 With the scores ln 6, ln 3 and 0 the weights are 0.6, 0.3 and 0.1; the values 10, 20 and 30 make the context 15,
 and for g = 1 the derivatives by the scores are −3, 1.5 and 1.5.
 */
import DeepLearning
import Exercises

/// The contexts, (T, m), and the weights, (T, S).
func attend(_ q: Tensor, _ k: Tensor, _ v: Tensor) throws -> (context: Tensor, weights: Tensor) {
  throw NotAttempted()
}

/// The gradients by the values, (S, m), and by the scores, (S).
func attendBackward(
  _ g: Tensor, weights: Tensor, values: Tensor
) throws -> (values: Tensor, scores: Tensor) {
  throw NotAttempted()
}
