/*:
 # 1.2 The perceptron and its bound

 Section 1.3 has three things to compute, and you write all of them. An example $x$ is a row of features,
 the last of which is always 1, so that the weights hold the bias too. Its label $y$ is 0 or 1.

 `update` shows one example and returns the new weights: the old ones where the answer was right, else

 $$w \leftarrow w + (y - \hat y)\,x, \qquad \hat y = H(w^\top x)$$

 `mistakes` begins with weights of 0 and passes over the examples, from the first to the last, until one
 whole pass is free of mistakes. It returns the number of all mistakes made. `x` has the shape (N, D) and
 `y` the shape (N); a line that separates the classes exists.

 `mistakeBound` is Novikoff's limit $(R/\gamma)^2$. $R$ is the length of the longest example. The margin γ
 is the smallest distance of an example from the boundary of `separator`, whose length may be any:

 $$\gamma = \min_n \frac{|w^{*\top} x^{(n)}|}{\lVert w^* \rVert}$$

 Take two examples, (2, 1) with label 1 and (1, 1) with label 0. On paper, the weights go from (0, 0)
 to (2, 1), (1, 0), (0, −1), (2, 0), (1, −1), and there they stay. That is 5 mistakes. The separator (2, −3)
 has the length $\sqrt{13}$ and gives $\gamma = 1/\sqrt{13}$; with $R = \sqrt 5$ the bound is 65.
 */
import DeepLearning
import Exercises

/// What a neuron with the weights `w` says to the example `x`: 0 or 1.
func answer(_ w: Tensor, _ x: Tensor) -> Double { w.dot(x).item() > 0 ? 1 : 0 }

/// The weights after the example `x` with the label `y` has been shown.
func update(_ w: Tensor, _ x: Tensor, _ y: Double) throws -> Tensor {
  throw NotAttempted()
}

/// How many mistakes are made before a pass over all examples is free of them.
func mistakes(_ x: Tensor, _ y: Tensor) throws -> Int {
  throw NotAttempted()
}

/// The limit of the number of mistakes that `separator` proves.
func mistakeBound(_ x: Tensor, _ separator: Tensor) throws -> Double {
  throw NotAttempted()
}
