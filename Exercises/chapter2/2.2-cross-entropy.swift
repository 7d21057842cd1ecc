/*:
 # 2.2 One-hot labels and cross-entropy

 Section 2.1 writes a label as a row that is 1 in the place of the true class and 0 elsewhere. `oneHotRows`
 makes these rows from N labels between 0 and K − 1, as a tensor of numbers of shape (N, K). With three
 classes the labels 0 and 2 become the rows (1, 0, 0) and (0, 0, 1).

 `meanCrossEntropy` has probabilities `p` of shape (N, K) and N labels. It returns the mean over the
 examples of

 $$E_n = -\sum_{k=1}^{K} y_k \ln p_k$$

 where y is the one-hot row of the label. Four predictions, with the labels 0, 1, 2, 2, to check by hand:

 | p | label | loss |
 |---|---|---|
 | .3792 .3104 .3104 | 0 | −ln .3792 = .969692 |
 | .3072 .4147 .2780 | 1 | −ln .4147 = .880200 |
 | .4263 .2248 .3490 | 2 | −ln .3490 = 1.05268 |
 | .2668 .2978 .4354 | 2 | −ln .4354 = .831490 |

 Their mean is .9335. A classifier that is certain gives some classes the probability 0. If it is right, its
 loss is 0: the formula reads $0 \cdot \ln 0$ as 0. A computer does not, so be careful. Use neither the
 library's `oneHot` nor its losses.
 */
import DeepLearning
import Exercises

/// A row for each label, with a 1 in the place of its class: shape (N, classes).
func oneHotRows(_ labels: [Int], classes: Int) throws -> Tensor {
  throw NotAttempted()
}

/// The mean cross-entropy of the probabilities in the rows of `p`.
func meanCrossEntropy(_ p: Tensor, _ labels: [Int]) throws -> Double {
  throw NotAttempted()
}
