/*:
 # 8.8 Drawing with temperature

 Section 8.7 writes text by drawing from a distribution. Write the drawing yourself, on plain numbers. With logits z
 and the **temperature** T, class i has the probability

 $$p_i = \frac{e^{z_i / T}}{\sum_j e^{z_j / T}}$$

 With **top-k** only the k largest logits take part; all others get 0, and the probabilities of the k still add up
 to 1. Of equal logits the first take part.

 1. `probabilities` computes p. T = 0 is allowed and means the limit: the largest logit gets 1, of several equal
    ones the first. With a small T the quotients are enormous: z = 100 and T = 0.01 make $e^{10000}$, which is
    infinite. The probabilities are not.
 2. `draw` chooses a class with a number u that is uniform between 0 and 1, below 1: the first class whose running
    sum, $p_0 + \dots + p_i$, is larger than u. With p = (0.2, 0, 0.8) the class is 0 for u = 0.1, and 2 for u =
    0.2.

    The sums are rounded, and the last one may be 0.9999999. If no running sum is larger than u, the last class that
    is possible at all is drawn.
 */
import DeepLearning
import Exercises
import Foundation

/// The probabilities of all classes.
func probabilities(_ logits: [Double], temperature: Double, topK: Int? = nil) throws -> [Double] {
  throw NotAttempted()
}

/// The class that the uniform number u falls upon.
func draw(_ p: [Double], _ u: Double) throws -> Int {
  throw NotAttempted()
}
