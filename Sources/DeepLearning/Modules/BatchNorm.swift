/// Brings each channel to mean 0 and variance 1, taken over all examples of the batch in training and as running
/// averages in evaluation, and then scales it by γ and shifts it by β, which are learned. See
/// ``batchNorm(_:_:_:weight:bias:training:momentum:eps:)``.
public class BatchNorm: Module {
  /// γ, (C), starts as ones; nil without `affine`.
  public let weight: Tensor?
  /// β, (C), starts as zeros; nil where there is none.
  public let bias: Tensor?
  /// (C), starts as zeros; nil without `trackRunningStats`.
  public let runningMean: Tensor?
  /// (C), starts as ones; nil without `trackRunningStats`.
  public let runningVar: Tensor?
  /// How many batches the running statistics have seen.
  public let numBatchesTracked: Tensor?

  public let numFeatures: Int
  public let eps: Double
  /// The share of the newest batch in the running statistics; nil takes the plain mean over all batches so far.
  public let momentum: Double?

  /// - Parameters:
  ///   - numFeatures: C.
  ///   - eps: Is added to the variance.
  ///   - momentum: The share of the newest batch in the running statistics; nil takes the plain mean over all
  ///     batches so far.
  ///   - affine: Whether γ and β are learned. Without them they are 1 and 0.
  ///   - bias: Whether there is a β beside γ.
  ///   - trackRunningStats: Whether running statistics are kept. Without them evaluation, too, takes the batch's own.
  public init(
    _ numFeatures: Int, eps: Double = 1e-5, momentum: Double? = 0.1, affine: Bool = true, bias: Bool = true,
    trackRunningStats: Bool = true
  ) {
    self.numFeatures = numFeatures
    self.eps = eps
    self.momentum = momentum
    check(numFeatures > 0, "BatchNorm", "needs at least one feature, found \(numFeatures)")
    weight = affine ? Parameter(.ones(numFeatures)) : nil
    self.bias = affine && bias ? Parameter(.zeros(numFeatures)) : nil
    runningMean = trackRunningStats ? Buffer(.zeros(numFeatures)) : nil
    runningVar = trackRunningStats ? Buffer(.ones(numFeatures)) : nil
    numBatchesTracked = trackRunningStats ? Buffer(Tensor(0)) : nil
  }

  /// The numbers of dimensions that an input may have, and how such inputs are written.
  fileprivate var inputs: (ranks: ClosedRange<Int>, described: String) { (2...5, "(N, C, …)") }

  public override func forward(_ x: Tensor) -> Tensor {
    check(
      inputs.ranks.contains(x.rank), "\(type(of: self))",
      "needs input of shape \(inputs.described), found \(describe(x.shape))")
    var factor = momentum ?? 0
    if isTraining, let numBatchesTracked {
      noGrad { _ = numBatchesTracked.add_(1) }
      factor = momentum ?? 1 / numBatchesTracked.item()
    }
    return batchNorm(
      x, runningMean, runningVar, weight: weight, bias: bias,
      training: isTraining || runningMean == nil, momentum: factor, eps: eps)
  }

  public override var propertyNames: [String: String] {
    [
      "runningMean": "running_mean", "runningVar": "running_var",
      "numBatchesTracked": "num_batches_tracked",
    ]
  }

  public override var extraDescription: String {
    "\(numFeatures), eps=\(pythonic(eps)), momentum=\(momentum.map(pythonic) ?? "None"), "
      + "affine=\(weight == nil ? "False" : "True"), bias=\(bias == nil ? "False" : "True"), "
      + "track_running_stats=\(runningMean == nil ? "False" : "True")"
  }
}

/// Batch normalization of features, (N, C), or of sequences, (N, C, L).
public final class BatchNorm1d: BatchNorm {
  fileprivate override var inputs: (ranks: ClosedRange<Int>, described: String) {
    (2...3, "(N, C) or (N, C, L)")
  }
}

/// Batch normalization of images, (N, C, H, W).
public final class BatchNorm2d: BatchNorm {
  fileprivate override var inputs: (ranks: ClosedRange<Int>, described: String) { (4...4, "(N, C, H, W)") }
}
