/*:
 # 10.2 Four scores

 How well does a state h of an encoder answer a state s of a decoder? Section 10.2 has several scores. For one s and
 one h they are

 $$s \cdot h \qquad \frac{s \cdot h}{\sqrt d} \qquad s^\top W h \qquad v \cdot \tanh(W h + V s)$$

 with d for the number of features, in the second. Compute them for all pairs: s are T states of q numbers, (T, q),
 and h are S states of k numbers, (S, k), each in a row. The result is (T, S).

 1. `dotScores` and `scaledScores` need q = k, which is d.
 2. `generalScores` has W of shape (q, k).
 3. `additiveScores` has W of shape (a, k), V of shape (a, q), and v, here called `output`, of a numbers: a network
    with a hidden layer of a units for every pair.
 4. `parameterCount` says how many weights a score has for q, k and a: none, none, those of W, and those of W, V and
    v.

 Each pair needs its own hidden layer, but no loop: a tensor of shape (T, 1, a) and one of shape (S, a) stretch to
 (T, S, a) when they are added.
 */
import DeepLearning
import Exercises

enum Score: CaseIterable { case dot, scaled, general, additive }

/// s · h, (T, S)
func dotScores(_ s: Tensor, _ h: Tensor) throws -> Tensor {
  throw NotAttempted()
}

/// s · h / √d, (T, S)
func scaledScores(_ s: Tensor, _ h: Tensor) throws -> Tensor {
  throw NotAttempted()
}

/// sᵀ W h, (T, S)
func generalScores(_ s: Tensor, _ h: Tensor, w: Tensor) throws -> Tensor {
  throw NotAttempted()
}

/// v · tanh(W h + V s), (T, S)
func additiveScores(_ s: Tensor, _ h: Tensor, w: Tensor, v: Tensor, output: Tensor) throws -> Tensor {
  throw NotAttempted()
}

/// The number of weights for states of q and of k numbers, and a hidden units.
func parameterCount(_ score: Score, q: Int, k: Int, a: Int) throws -> Int {
  throw NotAttempted()
}
