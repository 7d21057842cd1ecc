#if canImport(Glibc)
  import Glibc
#else
  import Foundation
#endif

/// Among how many equally likely tokens a model chooses on average: exp of the mean cross-entropy,
///
/// perplexity = exp(−(1/N) Σₙ ln p(yₙ)) = (Πₙ p(yₙ))^(−1/N)
///
/// A model that spreads its probability evenly over V tokens has perplexity V, one that is always certain and
/// right has 1. For a text of many batches average the losses first, with ``RunningAverage``, and take exp of the
/// mean: the mean of the perplexities is larger.
///
/// - Parameters:
///   - logits: A number for each place and token, (..., V).
///   - targets: The tokens that come, int64 (...).
///   - ignoreIndex: A token that does not count, such as padding.
public func perplexity(_ logits: Tensor, _ targets: Tensor, ignoreIndex: Int = -100) -> Double {
  check(
    logits.rank >= 1 && logits.shape.dropLast() == targets.shape[...], "perplexity",
    "logits (..., V) and targets (...) must have the same places, found \(describe(logits.shape)) and "
      + describe(targets.shape))
  return noGrad {
    let rows = logits.reshape(targets.count, logits.shape.last!)
    return exp(crossEntropy(rows, targets.reshape(-1), ignoreIndex: ignoreIndex).item())
  }
}
