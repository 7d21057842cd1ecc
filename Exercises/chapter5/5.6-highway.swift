/*:
 # 5.6 A highway

 Section 5.3 leads signals around layers. A **highway** layer (Srivastava, Greff and Schmidhuber, 2015) has a gate for
 every feature that decides how much goes through the layer and how much goes past it:

 $$t = \sigma(W_t x + b_t) \qquad h = \tanh(W_h x + b_h) \qquad y = t \odot h + (1 - t) \odot x$$

 With t = 1 it is an ordinary layer; with t = 0 it hands its input on unchanged. So that a deep tower begins as little
 more than a wire, the biases $b_t$ of the gates start at −2, where $\sigma(-2) \approx 0.12$. Everything else starts
 as the library's layers do.

 The parameters are found by the names of the properties: `body.weight`, `body.bias` for $W_h$ and $b_h$,
 `gate.weight` and `gate.bias` for $W_t$ and $b_t$. The shape of x is (N, features), and so is that of y. With one
 feature, W_h = 1, b_h = 0, W_t = 0, b_t = 0 and x = 2 it is t = ½ and y = ½ tanh 2 + ½ · 2 ≈ 1.482014.

 Then stack `depth` of them to a `HighwayTower`, which keeps its layers in a property `layers`.
 */
import DeepLearning
import Exercises

/// A layer, and a gate for the way past it.
final class HighwayLayer: Module {
  // What the layer owns goes here: `body` and `gate`.

  init(_ features: Int) {
    notAttempted()
  }

  override func forward(_ x: Tensor) -> Tensor {
    notAttempted()
  }
}

/// Highway layers, one behind the other.
final class HighwayTower: Module {
  // What the tower owns goes here: `layers`.

  init(_ features: Int, depth: Int) {
    notAttempted()
  }

  override func forward(_ x: Tensor) -> Tensor {
    notAttempted()
  }
}
