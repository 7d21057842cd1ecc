/*:
 # 3.2 Backward through a softmax layer

 Section 3.3 finds the error terms of a classifier's last layer: with the outputs
 $p_k = e^{z_k} / \sum_j e^{z_j}$ and the cross-entropy $-\ln p_t$ of the true class $t$,

 $$\frac{\partial E}{\partial z_j} = p_j - [j = t]$$

 There it is one example's. A batch has $N$ of them, one in each row of `logits`, and its cost is the *mean*
 of their costs:

 $$E = -\frac{1}{N} \sum_{n=1}^{N} \ln p^{(n)}_{t_n}$$

 Compute $\partial E / \partial z$ for the whole batch. `logits` has the shape (N, K), a column for each
 class; `labels` has N entries from 0 to K − 1; the answer has the shape of `logits`. Use tensor operations,
 but not `backward()`. Logits may be as large as 1,000: $e^{1000}$ is infinite, so do not compute it.
 */
import DeepLearning
import Exercises

/// The gradient of `crossEntropy(logits, labels)` by `logits`.
func softmaxBackward(_ logits: Tensor, _ labels: [Int]) throws -> Tensor {
  // solution
  let probabilities = logits.softmax(dim: 1)
  let targets = oneHot(Tensor(labels), classes: logits.size(1), dtype: logits.dtype)
  return (probabilities - targets) / Double(labels.count)
  // end of solution
}
