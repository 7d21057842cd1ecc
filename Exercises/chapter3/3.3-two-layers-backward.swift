/*:
 # 3.3 Backward through two layers

 Section 3.3 gives the four formulas. Write them for a network of two layers and a batch of $N$ examples, one
 in each row of $X$:

 $$Z_1 = X W_1^\top + b_1 \qquad A = \operatorname{relu}(Z_1) \qquad Z_2 = A W_2^\top + b_2$$

 The cost is the mean, over the examples, of half the squared error:

 $$E = \frac{1}{2N} \sum_{n=1}^{N} \lVert z_2^{(n)} - y^{(n)} \rVert^2$$

 With D inputs, H hidden units and K outputs the shapes are: `x` (N, D), `y` (N, K), `w1` (H, D), `b1` (H),
 `w2` (K, H), `b2` (K). Each gradient has the shape of its parameter. Where $Z_1$ is 0, take 0 for the slope of
 relu. Use tensor operations, but not `backward()`.
 */
import DeepLearning
import Exercises

/// The parameters of the network, and also their gradients.
struct TwoLayers {
  var w1, b1, w2, b2: Tensor
}

/// The gradient of the cost by each parameter.
func backward(_ net: TwoLayers, _ x: Tensor, _ y: Tensor) throws -> TwoLayers {
  throw NotAttempted()
}
