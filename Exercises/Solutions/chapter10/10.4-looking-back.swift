/*:
 # 10.4 A decoder that looks back

 In section 10.3 the decoder asks the encoder's states at every step. Write that step, for a batch of N sentences.
 The decoder's states s are (N, n), the encoder's states h are (N, τ, m), and the mask, bool (N, τ), is true where
 there is a word:

 $$e_t = v \cdot \tanh(W h_t + V s) \qquad \alpha = \mathrm{softmax}(e) \text{ over the words} \qquad c = \sum_t \alpha_t h_t$$
 $$o = \tanh(C \, [s, c] + b)$$

 where $[s, c]$ is the state with the context behind it. W has the shape (a, m), V has (a, n), v, called `output`,
 has a numbers, C, called `c`, has (n, n + m), and b has n; the context has no field.

 1. `lookBack` returns the outputs o, (N, n), and the weights α, (N, τ). Every source has a word at least.
    `maskedFill` is of use.
 2. `alignment` reads a table of weights, (τ′, τ), a row for each word that was written: the place in the source at
    which each looked most, of equal ones the first.
 3. `crossings` counts how often two words that were written one after the other were read in the reverse order: for
    how many places t is the alignment of word t + 1 smaller than that of word t? *El gato negro* from *the black
    cat* has the alignment 0, 2, 1, and one crossing.
 */
import DeepLearning
import Exercises

/// The weights of one step: W (a, m), V (a, n), v (a), C (n, n + m), b (n).
struct Step {
  var w, v, output, c, b: Tensor
}

/// The outputs, (N, n), and the attention weights, (N, τ).
func lookBack(
  _ s: Tensor, _ h: Tensor, mask: Tensor, _ step: Step
) throws -> (output: Tensor, weights: Tensor) {
  // solution
  let hidden = (h.matmul(step.w.T) + s.matmul(step.v.T).unsqueeze(1)).tanh()
  let scores = hidden.matmul(step.output).maskedFill(.!mask, -.infinity)
  let weights = scores.softmax(dim: 1)
  let context = (weights.unsqueeze(2) * h).sum(dim: 1)
  return ((cat([s, context], dim: 1).matmul(step.c.T) + step.b).tanh(), weights)
  // end of solution
}

/// Where each word that was written looked most.
func alignment(_ weights: Tensor) throws -> [Int] {
  // solution
  weights.argmax(dim: 1).toArray(of: Int.self)
  // end of solution
}

/// How often the next word was read before this one.
func crossings(_ alignment: [Int]) throws -> Int {
  // solution
  zip(alignment, alignment.dropFirst()).count { $1 < $0 }
  // end of solution
}
