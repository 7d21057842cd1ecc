/// The part of the examples whose largest logit is that of their label, from 0 to 1.
///
///     noGrad { print(accuracy(model(images), labels)) }
///
/// - Parameters:
///   - logits: A number for each example and class, (N, C); dimensions behind them, as of an image's pixels, are
///     examples too. Probabilities do as well.
///   - labels: The right classes, int64 of shape (N).
public func accuracy(_ logits: Tensor, _ labels: Tensor) -> Double {
  let predictions = predictedClasses(logits, "accuracy")
  check(
    labels.dtype == .int64 && labels.shape == predictions.shape, "accuracy",
    "for logits \(describe(logits.shape)) the labels must be int64 of shape \(describe(predictions.shape)), "
      + "found \(labels.dtype) of shape \(describe(labels.shape))")
  check(labels.count > 0, "accuracy", "of no examples is not defined")
  return zip(predictions.toArray(of: Int.self), labels.toArray(of: Int.self)).reduce(0.0) {
    $0 + ($1.0 == $1.1 ? 1 : 0)
  } / Double(labels.count)
}

/// The class of the largest logit of each example.
func predictedClasses(_ logits: Tensor, _ operation: String) -> Tensor {
  check(
    logits.rank >= 2 && logits.dtype.isFloatingPoint, operation,
    "needs a logit for each example and class, (N, C), found \(logits.dtype) of shape \(describe(logits.shape))"
  )
  return logits.detach().argmax(dim: 1)
}
