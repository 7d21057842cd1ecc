// Losses. Each compares predictions with targets and gives one number, or one for each example.

/// How the losses of single examples are combined.
public enum Reduction: Sendable {
  /// Not at all: one loss for each example.
  case none
  /// Their mean (for weighted examples, the weighted mean).
  case mean
  case sum
  /// The sum divided by the size of dimension 0.
  case batchMean
}

extension Tensor {
  fileprivate func reduced(_ reduction: Reduction) -> Tensor {
    switch reduction {
    case .none: self
    case .mean: mean()
    case .sum: sum()
    case .batchMean: sum() / Double(Swift.max(1, rank == 0 ? 1 : shape[0]))
    }
  }
}

/// Mean squared error: (prediction − target)²
public func mseLoss(_ prediction: Tensor, _ target: Tensor, reduction: Reduction = .mean) -> Tensor {
  checkSameShape(prediction, target, "mse_loss")
  return (prediction - target).square().reduced(reduction)
}

/// Absolute error: |prediction − target|
public func l1Loss(_ prediction: Tensor, _ target: Tensor, reduction: Reduction = .mean) -> Tensor {
  checkSameShape(prediction, target, "l1_loss")
  return (prediction - target).abs().reduced(reduction)
}

/// Huber's loss: ½ e² for |e| ≤ δ, else δ (|e| − ½ δ), with e = prediction − target
public func huberLoss(
  _ prediction: Tensor, _ target: Tensor, reduction: Reduction = .mean, delta: Double = 1
) -> Tensor {
  checkSameShape(prediction, target, "huber_loss")
  check(delta > 0, "huber_loss", "delta \(delta) must be above 0")
  let error = prediction - target
  let size = error.abs()
  return `where`(size .<= delta, error.square() * 0.5, (size - 0.5 * delta) * delta).reduced(reduction)
}

/// −[t ln p + (1 − t) ln(1 − p)] for probabilities p. The logarithms are cut off at −100, as in PyTorch, so
/// that a certain and wrong prediction costs much rather than infinitely much.
///
/// Where p comes out of a sigmoid, ``binaryCrossEntropyWithLogits(_:_:reduction:weight:positiveWeight:)`` is exact
/// where this one loses digits.
///
/// - Parameter weight: Multiplies the loss of each element.
public func binaryCrossEntropy(
  _ probability: Tensor, _ target: Tensor, reduction: Reduction = .mean, weight: Tensor? = nil
) -> Tensor {
  checkSameShape(probability, target, "binary_cross_entropy")
  let isValid = noGrad { ((probability .>= 0) .& (probability .<= 1)).all() }
  check(
    isValid, "binary_cross_entropy",
    "probabilities must lie between 0 and 1; for logits use binaryCrossEntropyWithLogits")
  let loss = elementwiseBinaryCrossEntropy(probability, target)
  return (weight.map { loss * $0 } ?? loss).reduced(reduction)
}

/// ∂/∂p = (p − t) / (p (1 − p)), the denominator at least 10⁻¹², so that the slope at a certain and wrong
/// prediction is steep but finite;  ∂/∂t = ln(1 − p) − ln p
private func elementwiseBinaryCrossEntropy(_ probability: Tensor, _ target: Tensor) -> Tensor {
  func logarithm(_ x: Tensor) -> Tensor { x.log().clamp(min: -100) }
  let y = noGrad { -(target * logarithm(probability) + (1 - target) * logarithm(1 - probability)) }
  guard probability.isTracked || target.isTracked else { return y }
  let savedP = Saved(probability)
  let savedT = Saved(target)
  let needs = (probability: probability.isTracked, target: target.isTracked)
  return record("BinaryCrossEntropyBackward0", y, probability, target) { gradient, _ in
    let (p, t) = (savedP.tensor, savedT.tensor)
    return [
      needs.probability ? gradient * ((p - t) / (p * (1 - p)).clamp(min: 1e-12)) : nil,
      needs.target ? gradient * (logarithm(1 - p) - logarithm(p)) : nil,
    ]
  }
}

/// The same for logits z, with p = σ(z):  (1 − t) z + ln(1 + e⁻ᶻ), computed so that nothing overflows
///
/// - Parameters:
///   - weight: Multiplies the loss of each element.
///   - positiveWeight: Multiplies the loss of positive examples.
public func binaryCrossEntropyWithLogits(
  _ logits: Tensor, _ target: Tensor, reduction: Reduction = .mean, weight: Tensor? = nil,
  positiveWeight: Tensor? = nil
) -> Tensor {
  checkSameShape(logits, target, "binary_cross_entropy_with_logits")
  let softplus = (-logits).softplus()  // ln(1 + e⁻ᶻ)
  var loss = (1 - target) * logits
  if let positiveWeight {
    loss = loss + ((positiveWeight - 1) * target + 1) * softplus
  } else {
    loss = loss + softplus
  }
  if let weight { loss = loss * weight }
  return loss.reduced(reduction)
}

/// Kullback and Leibler's divergence Σ t (ln t − x), where x = ln p holds log-probabilities
///
/// - Parameter targetIsLog: Whether the target, too, holds logarithms.
public func klDivergence(
  _ logProbability: Tensor, _ target: Tensor, reduction: Reduction = .mean, targetIsLog: Bool = false
) -> Tensor {
  checkSameShape(logProbability, target, "kl_div")
  if targetIsLog { return (target.exp() * (target - logProbability)).reduced(reduction) }
  // t ln t is 0 where t is 0.
  let safe = `where`(target .> 0, target, .constant(1))
  return (target * safe.log() - target * logProbability).reduced(reduction)
}

/// Minus the log-probability of the true class: −x[n, yₙ] for log-probabilities x of shape (N, C) or
/// (N, C, d…) and labels y of shape (N) or (N, d…)
///
/// - Parameters:
///   - weight: One weight for each class; the mean is then the weighted mean.
///   - ignoreIndex: A label whose examples do not count.
public func nllLoss(
  _ logProbability: Tensor, _ labels: Tensor, reduction: Reduction = .mean, weight: Tensor? = nil,
  ignoreIndex: Int = -100
) -> Tensor {
  let target = ClassTarget(logProbability, labels, weight: weight, ignoreIndex: ignoreIndex, "nll_loss")
  let picked = logProbability.gather(target.classDim, target.labels.unsqueeze(target.classDim)).squeeze(
    target.classDim)
  return target.reduce(-picked * target.weights, reduction)
}

/// Minus the log-probability that the softmax of `logits` gives the true class:
/// Eₙ = −ln softmax(z)[yₙ] = ln Σⱼ e^zⱼ − z[yₙ];  ∂Eₙ/∂z = softmax(z) − onehot(yₙ)
///
/// The input are logits: any numbers. Passing it the result of a softmax applies the softmax twice.
///
/// - Parameters:
///   - logits: (N, C), (C), or (N, C, d…).
///   - labels: `int64` labels 0 ..< C of shape (N), (), or (N, d…), or probabilities of the logits' shape.
///   - weight: One weight for each class; the mean is then the weighted mean.
///   - ignoreIndex: A label whose examples do not count.
///   - labelSmoothing: ε: the target is 1 − ε + ε/C at the label and ε/C elsewhere.
public func crossEntropy(
  _ logits: Tensor, _ labels: Tensor, reduction: Reduction = .mean, weight: Tensor? = nil,
  ignoreIndex: Int = -100,
  labelSmoothing: Double = 0
) -> Tensor {
  check(
    (0...1).contains(labelSmoothing), "cross_entropy",
    "labelSmoothing \(labelSmoothing) is not between 0 and 1")
  if labels.dtype.isFloatingPoint {
    checkSameShape(logits, labels, "cross_entropy")
    let dim = logits.rank == 1 ? 0 : 1
    let classes = Double(logits.shape[dim])
    let target = labels * (1 - labelSmoothing) + labelSmoothing / classes
    var terms = target * logits.logSoftmax(dim: dim)
    if let weight { terms = terms * aligned(weight, dim: dim, rank: logits.rank) }
    let losses = -terms.sum(dim: dim)
    return reduction == .mean ? losses.sum() / Double(max(1, losses.count)) : losses.reduced(reduction)
  }
  let target = ClassTarget(logits, labels, weight: weight, ignoreIndex: ignoreIndex, "cross_entropy")
  if logits.rank == 2 && weight == nil && labelSmoothing == 0 && target.isPlain {
    return fusedCrossEntropy(logits, target.labels, reduction)
  }
  let logProbability = logits.logSoftmax(dim: target.classDim)
  let picked = logProbability.gather(target.classDim, target.labels.unsqueeze(target.classDim)).squeeze(
    target.classDim)
  let nll = -picked * target.weights
  guard labelSmoothing > 0 else { return target.reduce(nll, reduction) }
  let spread =
    weight.map { logProbability * aligned($0, dim: target.classDim, rank: logits.rank) } ?? logProbability
  let smooth = -spread.sum(dim: target.classDim) * target.isCounted
  return target.reduce(
    nll * (1 - labelSmoothing) + smooth * (labelSmoothing / Double(logits.shape[target.classDim])), reduction)
}

/// Class weights as a tensor that broadcasts along the class dimension.
private func aligned(_ weight: Tensor, dim: Int, rank: Int) -> Tensor {
  weight.reshape((0..<rank).map { $0 == dim ? weight.count : 1 })
}

/// Labels that have been checked, with the weight of each example.
private struct ClassTarget {
  let classDim: Int
  /// The labels, 0 where they are ignored.
  let labels: Tensor
  /// The weight of each example: its class's, or 0 where it is ignored.
  let weights: Tensor
  /// 1, or 0 where the example is ignored.
  let isCounted: Tensor
  /// Whether nothing is weighted or ignored.
  let isPlain: Bool

  init(_ input: Tensor, _ labels: Tensor, weight: Tensor?, ignoreIndex: Int, _ operation: String) {
    check(
      input.dtype.isFloatingPoint, operation,
      "needs floating-point input, found \(input.dtype); convert with to(.float32)")
    classDim = input.rank == 1 ? 0 : 1
    check(input.rank >= 1, operation, "a single number has no dimension of classes")
    let classes = input.shape[classDim]
    var expected = input.shape
    expected.remove(at: classDim)
    check(
      labels.dtype == .int64 && labels.shape == expected, operation,
      "for input \(describe(input.shape)) the labels must be int64 of shape \(describe(expected)), "
        + "found \(labels.dtype) of shape \(describe(labels.shape))")
    check(
      weight.map { $0.shape == [classes] } ?? true, operation,
      "the class weights must have shape (\(classes),), found \(describe(weight?.shape ?? []))")
    var ignored = false
    for (i, label) in labels.toArray(of: Int.self).enumerated() {
      if label == ignoreIndex {
        ignored = true
      } else if label < 0 || label >= classes {
        fail(
          operation,
          "label \(label) of example \(i) is not one of the \(classes) classes 0 ... \(classes - 1)")
      }
    }
    isPlain = !ignored && weight == nil
    let isCounted: Tensor
    if ignored {
      let kept = labels .!= ignoreIndex
      isCounted = kept.to(input.dtype)
      self.labels = `where`(kept, labels, Tensor(0))
    } else {
      isCounted = Tensor([1.0], shape: [], dtype: input.dtype)
      self.labels = labels
    }
    self.isCounted = isCounted
    let known = self.labels
    weights = weight.map { $0.indexSelect(0, known.flatten()).reshape(known.shape) * isCounted } ?? isCounted
  }

  func reduce(_ losses: Tensor, _ reduction: Reduction) -> Tensor {
    reduction == .mean
      ? losses.sum() / (weights.rank == 0 ? weights * losses.count : weights.sum())
      : losses.reduced(reduction)
  }
}

/// Cross-entropy of (N, C) logits in one pass: log-softmax, picking and reducing without the matrices between.
private func fusedCrossEntropy(_ logits: Tensor, _ labels: Tensor, _ reduction: Reduction) -> Tensor {
  let rows = logits.shape[0]
  let x = contiguous(logits)
  let picks = contiguous(labels)
  let losses = Tensor(uninitialized: [rows], dtype: x.dtype)
  // ln Σ e^z of each row, all that the derivative needs besides the logits.
  let normalizers = Tensor(uninitialized: [rows], dtype: x.dtype)
  func run<E: FloatingElement>(_: E.Type) {
    let n = x.shape[1]
    let z = UnsafePointer(x.pointer(E.self))
    let loss = losses.pointer(E.self)
    let normalizer = normalizers.pointer(E.self)
    let label = picks.pointer(Int.self)
    inParallel(rows, threshold: max(2, parallelThreshold / 4 / max(1, n)), grain: 1) { start, count in
      let exponentials = UnsafeMutablePointer<E>.allocate(capacity: n)
      defer { exponentials.deallocate() }
      for r in start..<start + count {
        let row = z + r * n
        let largest = largestOfRow(row, count: n)
        for i in 0..<n { exponentials[i] = (row[i] - largest).exp() }
        let sum = sumOfRow(exponentials, count: n)
        let rest = E(sum.log())
        normalizer[r] = largest + rest
        loss[r] = (largest - row[label[r]]) + rest
      }
    }
  }
  switch x.dtype {
  case .float64: run(Double.self)
  default: run(Float.self)
  }
  let y = noGrad { losses.reduced(reduction) }
  guard logits.isTracked else { return y }
  let saved = Saved(logits)
  let savedLabels = Saved(picks)
  let scale: Double =
    switch reduction {
    case .none, .sum: 1
    case .mean, .batchMean: 1 / Double(max(1, rows))
    }
  return record("NllLossBackward0", y, logits) { gradient, _ in
    let z = saved.tensor
    let labels = savedLabels.tensor
    if isGradEnabled {
      let onehot = oneHot(labels, classes: z.shape[1], dtype: z.dtype)
      return [(z.softmax(dim: 1) - onehot) * (gradient * scale).unsqueeze(-1)]
    }
    return [crossEntropyGradient(z, labels, normalizers, gradient, scale)]
  }
}

/// (softmax(z) − onehot(y)) · gradient · scale
private func crossEntropyGradient(
  _ logits: Tensor, _ labels: Tensor, _ normalizers: Tensor, _ gradient: Tensor, _ scale: Double
) -> Tensor {
  let x = contiguous(logits)
  let result = Tensor(uninitializedLike: x)
  let rows = x.shape[0]
  let n = x.shape[1]
  let each = contiguous(gradient)
  let step = gradient.rank == 0 ? 0 : 1
  func run<E: FloatingElement>(_: E.Type) {
    let z = x.pointer(E.self)
    let out = result.pointer(E.self)
    let normalizer = normalizers.pointer(E.self)
    let g = each.pointer(E.self)
    let label = labels.pointer(Int.self)
    inParallel(rows, threshold: max(2, parallelThreshold / 4 / max(1, n)), grain: 1) { start, count in
      for r in start..<start + count {
        let factor = g[r * step] * E(scale)
        let shift = normalizer[r]
        let row = z + r * n
        let target = out + r * n
        for i in 0..<n { target[i] = (row[i] - shift).exp() * factor }
        target[label[r]] -= factor
      }
    }
  }
  switch x.dtype {
  case .float64: run(Double.self)
  default: run(Float.self)
  }
  return result
}

private func checkSameShape(_ a: Tensor, _ b: Tensor, _ operation: String) {
  check(
    a.shape == b.shape, operation,
    "the prediction has shape \(describe(a.shape)) and the target \(describe(b.shape)); they must be the same"
  )
}
