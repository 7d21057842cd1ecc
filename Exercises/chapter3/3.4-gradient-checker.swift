/*:
 # 3.4 A gradient checker

 Section 3.5 tells a right gradient from a wrong one: nudge one parameter to both sides and look at the cost.
 Build that tool, in two functions.

 `numericGradient` measures all partial derivatives of $f$ at $p$, each by a **central difference** in which
 every other parameter stays where it is:

 $$\frac{\partial f}{\partial p_i} \approx \frac{f(p_1, \dots, p_i + h, \dots) - f(p_1, \dots, p_i - h, \dots)}{2 h}$$

 `largestRelativeError` compares two gradients $a$ and $b$ of the same length. It returns the largest of

 $$\frac{|a_i - b_i|}{\max(|a_i|, |b_i|)}$$

 where a pair of zeros counts as 0: they agree.
 */
import Exercises

/// The partial derivatives of `f` at `p`, measured with the step `h`.
func numericGradient(_ f: ([Double]) -> Double, at p: [Double], h: Double) throws -> [Double] {
  throw NotAttempted()
}

/// How far the gradients `a` and `b` are apart, measured by their size.
func largestRelativeError(_ a: [Double], _ b: [Double]) throws -> Double {
  throw NotAttempted()
}
