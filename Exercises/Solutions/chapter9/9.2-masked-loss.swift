/*:
 # 9.2 The normalized loss

 In section 9.1 the decoder is judged at every step where a token stands, and nowhere else. For logits z of shape
 (B, T, V), targets y, int64 (B, T), and a mask m, bool (B, T), that is true where a token stands,

 $$\ln p\big(y_t^{(n)}\big) = z_{t,\,y_t}^{(n)} - \ln \sum_v e^{z_{t,v}^{(n)}} \qquad
   E = - \frac{\sum_n \sum_t m_t^{(n)} \ln p\big(y_t^{(n)}\big)}{\sum_n \sum_t m_t^{(n)}}$$

 1. `normalizedLoss` computes E, a tensor of one number through which gradients flow. Where the mask is false,
    logits may be anything, even −∞ or "not a number", and neither E nor the gradients may be touched by them.
 2. `sentenceLogs` computes the logarithm of the probability of each sentence, the sum over its own tokens, as (B).
 3. `epochLoss` averages over batches. It is given the loss of each batch and how many tokens it had, and returns
    the loss of all tokens together.

 Two sentences of two tokens and of one, with the logits (0, 0) at every step: each token has the probability ½, and
 so E = ln 2, whatever stands behind the second sentence.
 */
import DeepLearning
import Exercises

/// E, of shape ().
func normalizedLoss(_ logits: Tensor, _ targets: Tensor, _ mask: Tensor) throws -> Tensor {
  // solution
  -(try sentenceLogs(logits, targets, mask).sum()) / mask.to(logits.dtype).sum()
  // end of solution
}

/// ln p of each sentence, (B).
func sentenceLogs(_ logits: Tensor, _ targets: Tensor, _ mask: Tensor) throws -> Tensor {
  // solution
  // What is not finite has to go before it meets anything: 0 times NaN is NaN.
  let finite = logits.maskedFill(.!mask.unsqueeze(2), 0)
  let logs = finite.logSoftmax(dim: 2).gather(2, targets.unsqueeze(2)).squeeze(2)
  return logs.maskedFill(.!mask, 0).sum(dim: 1)
  // end of solution
}

/// The mean loss of all tokens of several batches.
func epochLoss(_ batches: [(loss: Double, tokens: Int)]) throws -> Double {
  // solution
  let sum = batches.reduce(0) { $0 + $1.loss * Double($1.tokens) }
  return sum / Double(batches.reduce(0) { $0 + $1.tokens })
  // end of solution
}
