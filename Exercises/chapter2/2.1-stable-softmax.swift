/*:
 # 2.1 Softmax that does not overflow

 Section 2.1 shows the softmax of the logits 1000, 999, 0 fail, and saves it with a shift. Write it for a
 batch, and log-sum-exp too. `z` has the shape (N, K), one example in each row.

 `logSumExp` returns N numbers, one for each row, of shape (N):

 $$\ln \sum_{k=1}^{K} e^{z_k} = m + \ln \sum_{k=1}^{K} e^{z_k - m} \qquad m = \max_k z_k$$

 `stableSoftmax` has the shape of z:

 $$\mathrm{softmax}(z)_k = \frac{e^{z_k - m}}{\sum_{j=1}^{K} e^{z_j - m}}$$

 The row (0, ln 3) has the log-sum-exp ln 4 and the softmax (¼, ¾). For the row (1000, 1000 + ln 3) the
 first is 1000 + ln 4 = 1001.3863, and the second is unchanged. Mind that one batch may hold a row of
 thousands beside a row of minus thousands. Use neither the library's `softmax` nor its `logSumExp`.
 */
import DeepLearning
import Exercises

/// The logarithm of the sum of the exponentials of each row: (N, K) to (N).
func logSumExp(_ z: Tensor) throws -> Tensor {
  throw NotAttempted()
}

/// The probabilities of the classes: each row positive, with the sum 1.
func stableSoftmax(_ z: Tensor) throws -> Tensor {
  throw NotAttempted()
}
