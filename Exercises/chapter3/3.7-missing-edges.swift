/*:
 # 3.7 Missing edges, several examples

 Network B of section 3.1 lacks two edges, and its cost is a sum over examples. Here its two hidden units have
 changed places: the first is a hyperbolic tangent, the second a sigmoid. With three inputs $x$ and
 $\sigma(u) = 1/(1 + e^{-u})$,

 $$h_1 = \tanh(w_{11} x_1 + w_{21} x_2 + b_1) \qquad h_2 = \sigma(w_{22} x_2 + w_{32} x_3 + b_2) \qquad
   \hat y = w_{o1} h_1 + w_{o2} h_2 + b_o$$

 $$E = \frac12 \sum_n \left(\hat y^{(n)} - y^{(n)}\right)^2$$

 Compute the nine derivatives of $E$, in the order $w_{11}, w_{21}, b_1, w_{22}, w_{32}, b_2, w_{o1}, w_{o2},
 b_o$, in which `p` holds the parameters. Each row of `xs` is an example, and `ys` holds their targets.

 One to check by hand: with all parameters 0 but $b_o = 1$, $x = (1, 2, 3)$ and $y = 0$, only the last two
 derivatives are not 0: $h_2 = \frac12$, so they are 0.5 and 1.
 */
import Exercises
import Foundation

/// The nine derivatives, in the order of the parameters in `p`.
func missingEdges(_ p: [Double], _ xs: [[Double]], _ ys: [Double]) throws -> [Double] {
  throw NotAttempted()
}
