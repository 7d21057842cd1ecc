/*:
 # 2.7 Whitening

 Section 2.6 turns a cloud of points to its long axes and squeezes it round. Build the tool in four parts.
 `x` has the shape (N, D), with one example in each row.

 `covariance` has the shape (D, D). With the mean µ of the rows,

 $$C = \frac{1}{N - 1} \sum_{n=1}^{N} (x^{(n)} - \mu)(x^{(n)} - \mu)^\top$$

 `longestAxis` finds the unit vector v, of shape (D), and its λ, the largest of all with $C v = \lambda v$.
 Power iteration does it: multiply by C, set the length back to 1, and again. Begin at random: a start at a
 right angle to the axis would never find it. After 200 rounds it is exact enough.

 `whitening` measures the mean of x, its `count` longest axes, as the columns of a matrix (D, count), and
 the deviation $\sqrt\lambda$ along each. After each axis take it out of the matrix,
 $C \leftarrow C - \lambda v v^\top$.

 `whiten` applies what was measured, to the same examples or to new ones of shape (M, D). The result has the
 shape (M, count):

 $$\frac{(x - \mu)^\top v_1}{\sqrt{\lambda_1}}, \ \frac{(x - \mu)^\top v_2}{\sqrt{\lambda_2}}, \ \dots$$

 The points (0, 0), (2, 2), (4, 4), (3, 1), (1, 3) to check by hand: the mean is (2, 2) and C = (2.5, 1.5;
 1.5, 2.5). The longest axis is $(1, 1)/\sqrt2$ with λ = 4, the other $(1, -1)/\sqrt2$ with λ = 1. The point
 (4, 4) becomes $(\sqrt2, 0)$. An axis may point either way.
 */
import DeepLearning
import Exercises

/// How to move a cloud of points to the origin, turn it, and squeeze it round.
struct Whitening {
  var mean, axes, deviations: Tensor
}

/// The covariance matrix of the columns of `x`: (N, D) to (D, D).
func covariance(_ x: Tensor) throws -> Tensor {
  throw NotAttempted()
}

/// The direction in which the covariance matrix `c` stretches most, and how much.
func longestAxis(_ c: Tensor) throws -> (axis: Tensor, variance: Double) {
  throw NotAttempted()
}

/// What `whiten` has to know, measured on the rows of `x`.
func whitening(_ x: Tensor, count: Int) throws -> Whitening {
  throw NotAttempted()
}

/// The rows of `x` in the new coordinates: (M, D) to (M, count).
func whiten(_ x: Tensor, with measured: Whitening) throws -> Tensor {
  throw NotAttempted()
}
