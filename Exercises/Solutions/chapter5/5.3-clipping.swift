/*:
 # 5.3 A leash for gradients

 Section 5.4 tames exploding gradients by shortening them. The **norm** of all gradients together is the length
 of the one long vector that they form:

 $$\lVert g \rVert = \sqrt{\sum_t \sum_i g_{t,i}^2}$$

 with a sum over the tensors $t$ and the numbers $i$ in each. If it is more than $c$, all gradients are
 multiplied by the same factor, $c / \lVert g \rVert$. The direction stays as it is, and the length becomes c.
 If it is not, nothing is changed.

 Write `clipped`, which returns the gradients after clipping, in the order in which they came, and leaves the
 given ones alone. With the gradients (3, 0) and (4) and c = 1 the norm is 5, and the answer (0.6, 0) and (0.8).

 Beware of one number: where all gradients are 0, so is the norm. And one case is worse than a long gradient: if the
 norm is infinite or not a number, no factor can mend it. Then the step must not be taken at all: throw
 `NotFinite()`.
 */
import DeepLearning
import Exercises

/// A gradient that no factor can mend.
struct NotFinite: Error {}

/// The gradients, shortened so that all of them together are at most `c` long.
///
/// - Throws: `NotFinite` if the norm is infinite or not a number.
func clipped(_ gradients: [Tensor], c: Double) throws -> [Tensor] {
  // solution
  let norm = gradients.reduce(0.0) { $0 + $1.square().sum().item() }.squareRoot()
  guard norm.isFinite else { throw NotFinite() }
  return norm > c ? gradients.map { $0 * (c / norm) } : gradients
  // end of solution
}
