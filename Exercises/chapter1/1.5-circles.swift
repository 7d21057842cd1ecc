/*:
 # 1.5 Circles anywhere

 Section 1.8 separates two rings with the feature $x_1^2 + x_2^2$. That works because the rings lie around
 the origin. For rings around some other point, which nobody has told us, give the neuron three features:

 $$\varphi(x) = (x_1,\ x_2,\ x_1^2 + x_2^2)$$

 Its boundary $w^\top \varphi(x) + b = 0$ is a plane among these features. In the plane of x it is a circle,
 and the weights say where.

 `features` maps points of shape (N, 2) to features of shape (N, 3), in this order.

 `circle` returns $[c_1, c_2, r]$, the center and the radius of the boundary, for weights of which $w_3$ is
 not 0. Write out $(x_1 - c_1)^2 + (x_2 - c_2)^2 = r^2$, divide the neuron's equation by $w_3$, and compare
 what stands before $x_1$, before $x_2$, and alone.

 The point (3, −1) has the features (3, −1, 10). The weights (−4, 2, 1) with the bias −4 draw the circle
 around (2, −1) with the radius 3: $x_1^2 + x_2^2 - 4 x_1 + 2 x_2 - 4 = (x_1 - 2)^2 + (x_2 + 1)^2 - 9$.
 */
import DeepLearning
import Exercises

/// The features of the points in the rows of `x`: (N, 2) to (N, 3).
func features(_ x: Tensor) throws -> Tensor {
  throw NotAttempted()
}

/// [c₁, c₂, r]: where a neuron with these weights changes its mind.
func circle(_ w: [Double], _ b: Double) throws -> [Double] {
  throw NotAttempted()
}
