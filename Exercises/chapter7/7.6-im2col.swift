/*:
 # 7.6 Image to columns

 Section 7.6 turns a convolution into a matrix product. The windows of a picture x, (D, H, W), with P zeros put on
 each side, become the columns of a matrix $C$: with the stride S and kernels of K × K it has $D K^2$ rows, one for
 every weight of a filter, and a column for every place,

 $$C_{(c,r,s),\,(i,j)} = \tilde x_{c,\, iS + r,\, jS + s}$$

 Rows are numbered as the weights lie in memory, $(cK + r)K + s$, columns place by place along the rows of the
 result, $iW' + j$. There are H′ = ⌊(H + 2P − K) / S⌋ + 1 rows of places, and W′ in each.

 1. `columns` makes C. The picture of 3 × 3 with the numbers 1 to 9, K = 2, S = 1 and P = 0 gives ((1, 2, 4, 5), (2,
    3, 5, 6), (4, 5, 7, 8), (5, 6, 8, 9)).
 2. `convolved` computes $Z = W C + b$ with a single matrix product, for filters w of shape (F, D, K, K) and biases
    b of shape (F), and gives the result its shape (F, H′, W′).
 3. `image` goes back, as gradients do: every number of the columns is added to the pixel that it was copied from.
    What was copied from the padding is dropped. It is given the shape (D, H, W).
 */
import DeepLearning
import Exercises

/// C, (D · K · K, places), for a picture of shape (D, H, W).
func columns(_ x: Tensor, kernel: Int, stride: Int, padding: Int) throws -> Tensor {
  throw NotAttempted()
}

/// W C + b, in the shape (F, H′, W′).
func convolved(_ x: Tensor, _ w: Tensor, _ b: Tensor, stride: Int, padding: Int) throws -> Tensor {
  throw NotAttempted()
}

/// The columns, (D · K · K, places), added up to a picture of the given shape (D, H, W).
func image(_ columns: Tensor, shape: [Int], kernel: Int, stride: Int, padding: Int) throws -> Tensor {
  throw NotAttempted()
}
