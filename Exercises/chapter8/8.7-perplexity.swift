/*:
 # 8.7 Perplexity

 Section 8.7 judges a model of text by its **perplexity**: among how many equally likely characters does it seem to
 choose?

 $$P = \exp\left( -\frac{1}{T} \sum_{t=1}^{T} \ln p_t \right)$$

 where $p_t$ is the probability that the model gave to the character which came. It is the exponential of the mean
 cross-entropy.

 1. `perplexity` computes it from logits, a row of V for each of T places, and the T characters that came. Logits
    may be 1,000, and a text may be long: the product of a million probabilities is 0 for a computer, however good
    the model is.
 2. `joined` is for a text that was read in pieces. It is given the perplexity of each piece and how many characters
    it had, and returns the perplexity of the whole text.
 3. `bits` says how many bits a character costs, on average, if the text is stored with the best code for this
    model: $\log_2 P$.

 A model that knows nothing gives each of V characters the same logit, and has P = V. Pieces of 1 and 3 characters
 with the perplexities 16 and 2 make $(16 \cdot 2^3)^{1/4} \approx 3.363586$.
 */
import DeepLearning
import Exercises
import Foundation

/// The perplexity of logits, (T, V), on the characters that came.
func perplexity(_ logits: Tensor, _ targets: [Int]) throws -> Double {
  throw NotAttempted()
}

/// The perplexity of a text, from those of its pieces.
func joined(_ pieces: [(perplexity: Double, count: Int)]) throws -> Double {
  throw NotAttempted()
}

/// Bits for each character.
func bits(_ perplexity: Double) throws -> Double {
  throw NotAttempted()
}
