/*:
 # 8.2 Two steps by hand

 Section 8.4 says that the gradient by a recurrent weight is a double sum, over the steps $t$ that are judged and the
 steps $k \le t$ at which the weight took part. With two steps and one unit you can write it all out. The state starts
 at $h_0$, and

 $$h_1 = \tanh(w h_0 + u x_1 + b) \qquad h_2 = \tanh(w h_1 + u x_2 + b) \qquad
   E = \tfrac12 (h_1 - y_1)^2 + \tfrac12 (h_2 - y_2)^2$$

 With $e_t = h_t - y_t$ and the slopes $s_t = 1 - h_t^2$ there are three terms:

 $$\frac{\partial E}{\partial w} = e_1 s_1 \cdot h_0 \; + \; e_2 s_2 \cdot h_1 \; + \; e_2 s_2 \cdot w \cdot s_1 \cdot h_0$$

 The first loss judges what w did in step 1; the second loss judges what it did in step 2, and, through w once more,
 what it did in step 1.

 1. `terms` returns these three numbers, in this order.
 2. `gradient` returns the derivatives by w, u and b. Find the terms for u and b yourself, with paper and pencil:
    where w was multiplied by the old state, u was by the input.
 3. `fading` is for any number of steps: how strongly does the last state depend on $h_0$? It is given w and the
    states $h_1, \dots, h_\tau$, and returns $\partial h_\tau / \partial h_0 = \prod_t w s_t$.
 */
import DeepLearning
import Exercises
import Foundation

/// One unit, two steps: what goes in, and what should come out.
struct TwoSteps {
  var w, u, b: Double
  /// h₀
  var start: Double
  /// x₁ and x₂
  var x: [Double]
  /// y₁ and y₂
  var y: [Double]

  /// h₁ and h₂
  var states: [Double] {
    let h1 = tanh(w * start + u * x[0] + b)
    return [h1, tanh(w * h1 + u * x[1] + b)]
  }
}

/// The terms of ∂E/∂w: E₁ by step 1, E₂ by step 2, and E₂ by step 1.
func terms(_ run: TwoSteps) throws -> [Double] {
  // solution
  let h = run.states
  let errors = [h[0] - run.y[0], h[1] - run.y[1]]
  let slopes = h.map { 1 - $0 * $0 }
  return [
    errors[0] * slopes[0] * run.start, errors[1] * slopes[1] * h[0],
    errors[1] * slopes[1] * run.w * slopes[0] * run.start,
  ]
  // end of solution
}

/// ∂E/∂w, ∂E/∂u and ∂E/∂b.
func gradient(_ run: TwoSteps) throws -> (w: Double, u: Double, b: Double) {
  // solution
  let h = run.states
  let second = (h[1] - run.y[1]) * (1 - h[1] * h[1])
  let first = (h[0] - run.y[0] + second * run.w) * (1 - h[0] * h[0])
  return (first * run.start + second * h[0], first * run.x[0] + second * run.x[1], first + second)
  // end of solution
}

/// ∂h_τ/∂h₀, from the states after step 1 to step τ.
func fading(w: Double, states: [Double]) throws -> Double {
  // solution
  states.reduce(1) { $0 * w * (1 - $1 * $1) }
  // end of solution
}
