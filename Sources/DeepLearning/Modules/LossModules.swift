// The losses as modules: a function with its options kept, called as `lossFunction(prediction, target)`. What each
// computes, and the shapes it takes, stands at its function.

/// Compares a prediction with a target.
open class Loss: Module {
  /// How the losses of single examples are combined.
  public let reduction: Reduction

  public init(reduction: Reduction = .mean) { self.reduction = reduction }
}

/// (prediction − target)²
public final class MSELoss: Loss {
  public override func forward(_ prediction: Tensor, _ target: Tensor) -> Tensor {
    mseLoss(prediction, target, reduction: reduction)
  }
}

/// |prediction − target|
public final class L1Loss: Loss {
  public override func forward(_ prediction: Tensor, _ target: Tensor) -> Tensor {
    l1Loss(prediction, target, reduction: reduction)
  }
}

/// ½ e² for |e| ≤ δ, else δ (|e| − ½ δ), with e = prediction − target
public final class HuberLoss: Loss {
  public let delta: Double

  public init(reduction: Reduction = .mean, delta: Double = 1) {
    check(delta > 0, "HuberLoss", "delta \(delta) must be above 0")
    self.delta = delta
    super.init(reduction: reduction)
  }

  public override func forward(_ prediction: Tensor, _ target: Tensor) -> Tensor {
    huberLoss(prediction, target, reduction: reduction, delta: delta)
  }
}

/// Cross-entropy of logits (N, C) and labels (N): −ln softmax(z)[y]
public final class CrossEntropyLoss: Loss {
  /// One weight for each class.
  public let weight: Tensor?
  public let ignoreIndex: Int
  public let labelSmoothing: Double

  public init(
    weight: Tensor? = nil, ignoreIndex: Int = -100, labelSmoothing: Double = 0, reduction: Reduction = .mean
  ) {
    check(
      (0...1).contains(labelSmoothing), "CrossEntropyLoss",
      "labelSmoothing \(labelSmoothing) is not between 0 and 1")
    self.weight = weight.map(Buffer)
    self.ignoreIndex = ignoreIndex
    self.labelSmoothing = labelSmoothing
    super.init(reduction: reduction)
  }

  public override func forward(_ logits: Tensor, _ target: Tensor) -> Tensor {
    crossEntropy(
      logits, target, reduction: reduction, weight: weight, ignoreIndex: ignoreIndex,
      labelSmoothing: labelSmoothing)
  }
}

/// −x[y] for log-probabilities x (N, C) and labels y (N)
public final class NLLLoss: Loss {
  /// One weight for each class.
  public let weight: Tensor?
  public let ignoreIndex: Int

  public init(weight: Tensor? = nil, ignoreIndex: Int = -100, reduction: Reduction = .mean) {
    self.weight = weight.map(Buffer)
    self.ignoreIndex = ignoreIndex
    super.init(reduction: reduction)
  }

  public override func forward(_ logProbability: Tensor, _ labels: Tensor) -> Tensor {
    nllLoss(logProbability, labels, reduction: reduction, weight: weight, ignoreIndex: ignoreIndex)
  }
}

/// −[t ln p + (1 − t) ln(1 − p)] for probabilities p
public final class BCELoss: Loss {
  /// Multiplies the loss of each element.
  public let weight: Tensor?

  public init(weight: Tensor? = nil, reduction: Reduction = .mean) {
    self.weight = weight.map(Buffer)
    super.init(reduction: reduction)
  }

  public override func forward(_ probability: Tensor, _ target: Tensor) -> Tensor {
    binaryCrossEntropy(probability, target, reduction: reduction, weight: weight)
  }
}

/// −[t ln p + (1 − t) ln(1 − p)] for logits z, with p = σ(z)
public final class BCEWithLogitsLoss: Loss {
  /// Multiplies the loss of each element.
  public let weight: Tensor?
  /// Multiplies the loss of positive examples.
  public let positiveWeight: Tensor?

  public init(weight: Tensor? = nil, positiveWeight: Tensor? = nil, reduction: Reduction = .mean) {
    self.weight = weight.map(Buffer)
    self.positiveWeight = positiveWeight.map(Buffer)
    super.init(reduction: reduction)
  }

  public override func forward(_ logits: Tensor, _ target: Tensor) -> Tensor {
    binaryCrossEntropyWithLogits(
      logits, target, reduction: reduction, weight: weight, positiveWeight: positiveWeight)
  }

  public override var propertyNames: [String: String] { ["positiveWeight": "pos_weight"] }
}

/// t (ln t − x) for log-probabilities x. The divergence of whole distributions is `reduction: .batchMean`.
public final class KLDivLoss: Loss {
  /// Whether the target, too, holds logarithms.
  public let targetIsLog: Bool

  public init(reduction: Reduction = .mean, targetIsLog: Bool = false) {
    self.targetIsLog = targetIsLog
    super.init(reduction: reduction)
  }

  public override func forward(_ logProbability: Tensor, _ target: Tensor) -> Tensor {
    klDivergence(logProbability, target, reduction: reduction, targetIsLog: targetIsLog)
  }
}
