/*:
 # 10.6 Several heads

 Section 10.4 does attention several times side by side, in heads. With E features and H heads, each has $e = E / H$
 of them, one piece of the row after the other:

 $$\mathrm{head}_i = \mathrm{softmax}\left( \frac{Q_i K_i^\top}{\sqrt e} \right) V_i \qquad
   \mathrm{out} = [\mathrm{head}_1, \dots, \mathrm{head}_H] \, W_o^\top + b_o$$

 1. `split` cuts x, (N, T, E), into heads and brings these to the front: (N, H, T, e). Head i has the columns from
    $i e$ to $(i + 1) e - 1$.
 2. `merge` goes back: from (N, H, T, e) to (N, T, E), the heads side by side.
 3. `selfAttention` is the whole, for x of shape (N, T, E). As in the library, $W_q$, $W_k$ and $W_v$ lie below one
    another in one matrix of shape (3E, E), with the biases b of 3E numbers: $x W^\top + b$ makes the queries, keys
    and values of all heads, side by side. $W_o$ is (E, E), and $b_o$ has E numbers. It returns the outputs, (N, T,
    E), and the weights of each head, (N, H, T, T).

 For one sequence of two places with four features, (1, 2, 3, 4) and (5, 6, 7, 8), and two heads, the first head is
 ((1, 2), (5, 6)).
 */
import DeepLearning
import Exercises

/// W, (3E, E), and b, (3E), for queries, keys and values; W_o, (E, E), and b_o, (E).
struct Weights {
  var w, b, wOut, bOut: Tensor
}

/// (N, T, E) as (N, H, T, e).
func split(_ x: Tensor, heads: Int) throws -> Tensor {
  // solution
  x.reshape(x.size(0), x.size(1), heads, x.size(2) / heads).transpose(1, 2)
  // end of solution
}

/// (N, H, T, e) as (N, T, E).
func merge(_ x: Tensor) throws -> Tensor {
  // solution
  x.transpose(1, 2).flatten(2)
  // end of solution
}

/// The outputs, (N, T, E), and the weights, (N, H, T, T).
func selfAttention(
  _ x: Tensor, heads: Int, _ weights: Weights
) throws -> (output: Tensor, weights: Tensor) {
  // solution
  let parts = try (x.matmul(weights.w.T) + weights.b).chunk(3, dim: 2).map { try split($0, heads: heads) }
  let size = Double(x.size(2) / heads)
  let table = (parts[0].matmul(parts[1].transpose(2, 3)) / size.squareRoot()).softmax(dim: 3)
  return (try merge(table.matmul(parts[2])).matmul(weights.wOut.T) + weights.bOut, table)
  // end of solution
}
