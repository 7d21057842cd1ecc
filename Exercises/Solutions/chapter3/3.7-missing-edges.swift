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
  // solution
  var sum = [Double](repeating: 0, count: 9)
  for (x, y) in zip(xs, ys) {
    let h1 = tanh(p[0] * x[0] + p[1] * x[1] + p[2])
    let h2 = 1 / (1 + exp(-(p[3] * x[1] + p[4] * x[2] + p[5])))
    let e = p[6] * h1 + p[7] * h2 + p[8] - y
    let delta1 = e * p[6] * (1 - h1 * h1)
    let delta2 = e * p[7] * h2 * (1 - h2)
    let slopes = [
      delta1 * x[0], delta1 * x[1], delta1, delta2 * x[1], delta2 * x[2], delta2, e * h1, e * h2, e,
    ]
    for i in sum.indices { sum[i] += slopes[i] }
  }
  return sum
  // end of solution
}
