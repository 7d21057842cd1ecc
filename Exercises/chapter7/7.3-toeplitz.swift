/*:
 # 7.3 A matrix for a kernel

 Section 7.3 writes a filter as a matrix. Do it for one dimension, where it is easy to see, but with everything that
 a layer may have: a kernel of $K$ numbers, the stride $S$, and the padding $P$. With x the $L$ numbers of the
 input, counted from 0, and zeros beyond them,

 $$z_i = \sum_{r=0}^{K-1} w_r \, x_{iS + r - P} \qquad i = 0, \dots, L' - 1 \qquad
   L' = \left\lfloor \frac{L + 2P - K}{S} \right\rfloor + 1$$

 1. `toeplitz` makes the matrix $M$ of shape (L′, L) with $z = M x$. For the kernel 1, 2, 3, L = 4, S = 1 and P = 1
    its rows are (2, 3, 0, 0), (1, 2, 3, 0), (0, 1, 2, 3) and (0, 0, 1, 2).
 2. Suppose it were the weights of a fully connected layer, and somebody had found its gradient
    $G = \partial E / \partial M$, of the same shape. But most of its entries are fixed zeros, and the others are
    the same few weights. `kernelGradient` computes from G the gradient of the kernel: each weight's derivative is
    the sum of those of all entries where it stands.
 */
import DeepLearning
import Exercises

/// M, of shape (L′, L).
func toeplitz(_ w: [Double], length: Int, stride: Int, padding: Int) throws -> Tensor {
  throw NotAttempted()
}

/// ∂E/∂w, K numbers, from ∂E/∂M.
func kernelGradient(_ g: Tensor, kernel: Int, stride: Int, padding: Int) throws -> [Double] {
  throw NotAttempted()
}
