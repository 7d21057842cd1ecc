/*:
 # 3.1 The chain rule by hand

 Section 3.1 works out the seven derivatives of Network A. Here is a smaller network with one thing changed:
 its hidden unit is a hyperbolic tangent. One number $x$ goes in, and the answer ought to be $y$:

 $$h = \tanh(w x + b) \qquad z = v h + c \qquad E = \frac{1}{2} (z - y)^2$$

 Compute the derivatives of $E$ by the four parameters, in the order $w, b, v, c$. The slope of tanh is made
 of its value: $\tanh'(u) = 1 - \tanh^2(u)$.

 Begin at the end, with $\partial E / \partial z$, and compute nothing twice.
 */
import Exercises
import Foundation

/// [∂E/∂w, ∂E/∂b, ∂E/∂v, ∂E/∂c]
func chainRule(x: Double, y: Double, w: Double, b: Double, v: Double, c: Double) throws -> [Double] {
  // solution
  let h = tanh(w * x + b)
  let z = v * h + c
  let dz = z - y
  let delta = dz * v * (1 - h * h)
  return [delta * x, delta, dz * h, dz]
  // end of solution
}
