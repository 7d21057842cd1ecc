/*:
 # 4.1 Distances without loops

 Section 4.1 lines up tensors of different shapes: a dimension of 1 is repeated as often as needed. With a
 dimension of 1 in the right place, two lists become a table of all their pairs, and no loop is needed.

 `a` holds N points, one in each row, and `b` holds M; each point has D coordinates. Compute the squared
 distances of all pairs, a table of the shape (N, M):

 $$d_{ij} = \sum_{k=1}^{D} (a_{ik} - b_{jk})^2$$

 With a = [[0, 0], [3, 4]] and b = [[1, 0], [0, 2]], the point (3, 4) is 2² + 4² = 20 away from (1, 0) and
 3² + 2² = 13 away from (0, 2); the table is [[1, 4], [20, 13]].

 Then use the table: `nearest` returns the row of `b` that is nearest to each row of `a`, (N, D).

 The points may lie close together and far away from the origin, as (1000.1, 999.7) and (1000.3, 999.7) do.
 And somebody may want to move them: the table must keep its history, so that it can be differentiated.
 */
import DeepLearning
import Exercises

/// The squared distance of each row of `a`, (N, D), from each row of `b`, (M, D).
func squaredDistances(_ a: Tensor, _ b: Tensor) throws -> Tensor {
  throw NotAttempted()
}

/// For each row of `a`, (N, D), the row of `b`, (M, D), that is nearest to it.
func nearest(_ a: Tensor, _ b: Tensor) throws -> Tensor {
  throw NotAttempted()
}
