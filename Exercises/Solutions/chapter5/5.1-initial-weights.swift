/*:
 # 5.1 How large weights begin

 Section 5.1 follows the size of a signal from layer to layer. A pre-activation is a sum over the $N$ inputs
 of its unit, $z = \sum_i w_i a_i$. If the weights are independent, with mean 0 and standard deviation $s$,
 then a layer multiplies the signal's size by

 $$f = s \sqrt{N} \quad \text{without an activation function, or with tanh on small signals,} \qquad
   f = s \sqrt{N / 2} \quad \text{with ReLU}$$

 since a ReLU drops half of the mean square.

 1. `signalFactor` computes $f^L$: how many times larger the signal is after $L$ layers of $N$ units each.
    25 units, s = 0.1 and ten layers without ReLU give $0.5^{10} \approx 0.000977$.
 2. `xavierBound` and `heBound` draw weights from a *uniform* distribution instead, all numbers between −b and
    b equally likely, which has the variance $b^2 / 3$. Which b gives Xavier's variance,
    $2 / (N_{in} + N_{out})$, and which gives He's, $2 / N_{in}$? For 3 inputs and 3 outputs they are 1 and
    $\sqrt 2$.
 3. `heWeights` makes such weights: a tensor of shape (outputs, inputs), uniform between −b and b with He's b.
    Draw it with `Tensor.rand(outputs, inputs)`, whose numbers lie between 0 and 1.
 */
import DeepLearning
import Exercises
import Foundation

/// How many times larger a signal is after `layers` layers of `units` units with weights of standard deviation `s`.
func signalFactor(_ s: Double, units: Int, layers: Int, isReLU: Bool) throws -> Double {
  // solution
  let n = isReLU ? Double(units) / 2 : Double(units)
  return pow(s * n.squareRoot(), Double(layers))
  // end of solution
}

/// b for weights that are uniform between −b and b and have Xavier's variance.
func xavierBound(inputs: Int, outputs: Int) throws -> Double {
  // solution
  (6 / Double(inputs + outputs)).squareRoot()
  // end of solution
}

/// b for weights that are uniform between −b and b and have He's variance.
func heBound(inputs: Int) throws -> Double {
  // solution
  (6 / Double(inputs)).squareRoot()
  // end of solution
}

/// Weights of shape (outputs, inputs), uniform between −b and b with He's b.
func heWeights(inputs: Int, outputs: Int) throws -> Tensor {
  // solution
  let bound = try heBound(inputs: inputs)
  return Tensor.rand(outputs, inputs) * (2 * bound) - bound
  // end of solution
}
