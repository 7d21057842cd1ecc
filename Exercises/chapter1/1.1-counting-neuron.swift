/*:
 # 1.1 A neuron that counts

 Section 1.2 makes *or* and *and* of one neuron. With two inputs, *or* asks for at least one of them and
 *and* for both. Both are cases of one question: are at least $k$ of the $n$ inputs active? The inputs are 0
 or 1, and the neuron answers

 $$H(z) = 1 \text{ if } z > 0, \text{ else } 0 \qquad z = w_1 x_1 + \dots + w_n x_n + b$$

 Give its $n$ weights and its bias, for any $n$ from 1 on and any $k$ from 0 to $n$. The neuron for 2 of 3,
 for example, answers 1 to (1, 0, 1) and to (1, 1, 1), and 0 to (0, 0, 1). More than one choice is right.
 */
import Exercises

/// The weights and the bias of a neuron that answers 1 if at least `k` of its `n` inputs are 1.
func atLeast(_ k: Int, of n: Int) throws -> (weights: [Double], bias: Double) {
  throw NotAttempted()
}
