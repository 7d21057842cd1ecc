/*:
 # 1.1 How long?

 Section 1.1 gives $h$. Solve for $t$.
 */
import DeepLearning
import Exercises

/// The time to fall from the height `h`.
func time(_ h: Double) throws -> Double {
  // solution
  (2 * h / 9.81).squareRoot()
  // end of solution
}
