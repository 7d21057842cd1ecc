/*:
 # 2.6 A curve of straight pieces

 Section 2.4 builds a staircase out of sigmoids, without any learning. Relu units do better: their sum is a
 chain of straight pieces, and it can run through any points at all. A network with one input, one hidden
 layer and one output computes

 $$f(x) = c + \sum_{i} v_i \operatorname{relu}(x - k_i)$$

 The hidden unit i does nothing until x passes its **knot** $k_i$, and from there it adds $v_i$ to the
 slope.

 You are given points $(x_0, y_0), \dots, (x_m, y_m)$, two or more, with rising x. Return the network that
 runs straight from each point to the next. To the left of $x_0$ it stays at $y_0$; to the right of $x_m$ it
 goes straight on. It takes m hidden units.

 For the points (0, 1), (1, 3), (3, 2) the slopes are 2 and −0.5. So c = 1, the knots are 0 and 1, and the
 weights 2 and −2.5. At x = 2 this gives $1 + 2 \cdot 2 - 2.5 \cdot 1 = 2.5$, halfway between the last two
 points.
 */
import Exercises

/// c, and the knot and the weight of each hidden unit.
struct Pieces {
  var bias: Double
  var knots, weights: [Double]
}

/// A network whose output runs straight from each point to the next.
func straightPieces(_ x: [Double], _ y: [Double]) throws -> Pieces {
  throw NotAttempted()
}
