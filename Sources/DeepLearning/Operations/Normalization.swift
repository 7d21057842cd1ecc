// Normalization: some numbers are brought to mean 0 and variance 1, and then scaled and shifted by learned weights.
//
// With x̂ = (x − µ) / √(v + ε) all of them compute y = γ x̂ + β; they differ in the set of numbers over which the
// mean µ and the variance v = mean (x − µ)² are taken. With g = ∂L/∂y and h = γ g, and means over the same set:
//
// ∂L/∂x = (h − mean(h) − x̂ mean(h x̂)) / √(v + ε), ∂L/∂γ = Σ g x̂, ∂L/∂β = Σ g

/// Normalizes each channel over all examples: x of shape (N, C) or (N, C, …), and one mean and variance for each of
/// the C channels.
///
/// In `training` they are those of this batch, v without the correction for the sample's size, and the running
/// statistics, if there are any, come closer to them: r ← (1 − momentum) r + momentum · s, where the variance is now
/// the unbiased one, Σ (x − µ)² / (n − 1). Otherwise µ and v are the running statistics themselves, which are
/// constants: ∂L/∂x = γ g / √(v + ε).
///
/// S. Ioffe and C. Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate
/// Shift", ICML 2015.
///
/// - Parameters:
///   - runningMean: (C), changed in place in training; may be left out there.
///   - runningVar: (C), likewise.
///   - weight: γ, (C); 1 where it is left out.
///   - bias: β, (C); 0 where it is left out.
public func batchNorm(
  _ x: Tensor, _ runningMean: Tensor?, _ runningVar: Tensor?, weight: Tensor? = nil, bias: Tensor? = nil,
  training: Bool = false, momentum: Double = 0.1, eps: Double = 1e-5
) -> Tensor {
  let operation = "batch_norm"
  check(
    x.rank >= 2, operation, "needs input of shape (N, C) or (N, C, …), found \(describe(x.shape))")
  let channels = x.shape[1]
  checkKind(x, eps, operation)
  let parameters = [
    ("running mean", runningMean), ("running variance", runningVar), ("weight", weight), ("bias", bias),
  ]
  for (name, tensor) in parameters {
    check(
      tensor.map { $0.shape == [channels] } ?? true, operation,
      "input \(describe(x.shape)) has \(channels) channels, and the \(name) has shape "
        + "\(describe(tensor?.shape ?? [])); expected (\(channels),)")
  }
  let running = runningMean.flatMap { mean in runningVar.map { (mean: mean, variance: $0) } }
  check(
    training || running != nil, operation,
    "outside of training there is nothing to normalize by but running statistics, and there are none")
  let n = x.count / max(1, channels)
  check(
    !training || n != 1, operation,
    "in training needs more than one value for each channel, found input \(describe(x.shape)); "
      + "the variance of a single one is 0")
  let statistics = training ? Statistics(ofChannelsOf: x) : Statistics(constant: running!)
  if training, n > 0, let running { noGrad { statistics.update(running, momentum) } }
  let frame = Frame(
    shape: x.shape, dims: x.shape.indices.filter { $0 != 1 },
    affine: [channels] + Array(repeating: 1, count: x.rank - 2))
  let layer = BatchNormalization(x, statistics, weight, bias, eps: eps)
  return recordNormalization(
    "NativeBatchNormBackward0", layer.value(), x, weight, bias, frame, eps: eps,
    constants: training ? nil : statistics
  ) { layer.gradients($0) }
}

/// Normalizes each example by itself, over its last dimensions: x of shape (…, `normalizedShape`), and one mean and
/// variance for each of the leading places.
///
/// J. L. Ba, J. R. Kiros and G. E. Hinton, "Layer Normalization", 2016.
///
/// - Parameters:
///   - normalizedShape: The sizes of the last dimensions, over which is normalized.
///   - weight: γ, of shape `normalizedShape`; 1 where it is left out.
///   - bias: β, likewise; 0 where it is left out.
public func layerNorm(
  _ x: Tensor, _ normalizedShape: [Int], weight: Tensor? = nil, bias: Tensor? = nil, eps: Double = 1e-5
) -> Tensor {
  let operation = "layer_norm"
  check(
    !normalizedShape.isEmpty && x.shape.suffix(normalizedShape.count) == normalizedShape[...], operation,
    "input \(describe(x.shape)) does not end in \(describe(normalizedShape)), the shape to be normalized")
  checkKind(x, eps, operation)
  for (name, tensor) in [("weight", weight), ("bias", bias)] {
    check(
      tensor.map { $0.shape == normalizedShape } ?? true, operation,
      "the \(name) has shape \(describe(tensor?.shape ?? [])), expected \(describe(normalizedShape))")
  }
  let length = elementCount(normalizedShape)
  let rows = elementCount(Array(x.shape.dropLast(normalizedShape.count)))
  let plan = RowPlan(rows: rows, groups: 1, channels: length, inner: 1)
  let frame = Frame(shape: [rows, length], dims: [1], affine: [length])
  let layer = RowNormalization(x, plan, weight, bias, eps: eps)
  return recordNormalization(
    "NativeLayerNormBackward0", layer.value(), x, weight, bias, frame, eps: eps
  ) { layer.gradients($0) }
}

/// Normalizes each example by itself, group of channels by group: x of shape (N, C, …), its C channels in
/// `numGroups` groups of neighbors, and one mean and variance for each example and group.
///
/// Y. Wu and K. He, "Group Normalization", ECCV 2018.
///
/// - Parameters:
///   - weight: γ, (C); 1 where it is left out.
///   - bias: β, (C); 0 where it is left out.
public func groupNorm(
  _ x: Tensor, _ numGroups: Int, weight: Tensor? = nil, bias: Tensor? = nil, eps: Double = 1e-5
) -> Tensor {
  let operation = "group_norm"
  check(
    x.rank >= 2, operation, "needs input of shape (N, C) or (N, C, …), found \(describe(x.shape))")
  let channels = x.shape[1]
  check(
    numGroups > 0 && channels % numGroups == 0, operation,
    "the \(channels) channels of input \(describe(x.shape)) do not divide into \(numGroups) groups")
  checkKind(x, eps, operation)
  for (name, tensor) in [("weight", weight), ("bias", bias)] {
    check(
      tensor.map { $0.shape == [channels] } ?? true, operation,
      "the \(name) has shape \(describe(tensor?.shape ?? [])), expected (\(channels),)")
  }
  let inner = elementCount(Array(x.shape[2...]))
  let each = channels / numGroups
  let plan = RowPlan(rows: x.shape[0] * numGroups, groups: numGroups, channels: each, inner: inner)
  let frame = Frame(
    shape: [x.shape[0], numGroups, each, inner], dims: [2, 3], affine: [numGroups, each, 1])
  let layer = RowNormalization(x, plan, weight, bias, eps: eps)
  return recordNormalization(
    "NativeGroupNormBackward0", layer.value(), x, weight, bias, frame, eps: eps
  ) { layer.gradients($0) }
}

private func checkKind(_ x: Tensor, _ eps: Double, _ operation: String) {
  check(
    x.dtype.isFloatingPoint, operation,
    "needs floating-point input, found \(x.dtype); convert with to(.float32)")
  check(eps >= 0, operation, "eps \(eps) must not be negative")
}

// MARK: - The graph

/// A normalization seen as one of tensors that broadcast: the input in `shape`, its statistics over `dims`, and the
/// parameters in the shape `affine`.
private struct Frame {
  let shape: [Int]
  let dims: [Int]
  let affine: [Int]
}

private typealias Gradients = (x: Tensor, weight: Tensor, bias: Tensor)

/// - Parameters:
///   - constants: The statistics, where they do not depend on x.
///   - fused: The gradients in few passes over memory, of which none can be differentiated.
private func recordNormalization(
  _ name: StaticString, _ y: Tensor, _ x: Tensor, _ weight: Tensor?, _ bias: Tensor?, _ frame: Frame,
  eps: Double, constants: Statistics? = nil, fused: @escaping (Tensor) -> Gradients
) -> Tensor {
  let inputs = [x] + [weight, bias].compactMap { $0 }
  guard inputs.contains(where: \.isTracked) else { return y }
  let savedX = Saved(x)
  let savedWeight = weight.map(Saved.init)
  let (hasWeight, hasBias) = (weight != nil, bias != nil)
  return record(name, y, inputs) { gradient, _ in
    let found: Gradients
    if isGradEnabled {
      found = gradients(gradient, savedX.tensor, savedWeight?.tensor, frame, eps, constants)
    } else {
      // Asks whether they are as they were; the kernels read their memory.
      _ = (savedX.tensor, savedWeight?.tensor)
      found = fused(gradient)
    }
    return [found.x] + (hasWeight ? [found.weight] : []) + (hasBias ? [found.bias] : [])
  }
}

/// The gradients as a graph, for gradients of gradients.
private func gradients(
  _ gradient: Tensor, _ x: Tensor, _ weight: Tensor?, _ frame: Frame, _ eps: Double,
  _ constants: Statistics?
) -> Gradients {
  let (g, v) = (gradient.reshape(frame.shape), x.reshape(frame.shape))
  let mean: Tensor
  let variance: Tensor
  if let constants {
    mean = Tensor(constants.mean, shape: frame.affine, dtype: x.dtype)
    variance = Tensor(constants.variance, shape: frame.affine, dtype: x.dtype)
  } else {
    mean = v.mean(dims: frame.dims, keepDim: true)
    variance = (v - mean).square().mean(dims: frame.dims, keepDim: true)
  }
  let inverse = (variance + eps).rsqrt()
  let xhat = (v - mean) * inverse
  var h = weight.map { g * $0.reshape(frame.affine) } ?? g
  if constants == nil {
    let share = (h * xhat).mean(dims: frame.dims, keepDim: true)
    h = h - h.mean(dims: frame.dims, keepDim: true) - xhat * share
  }
  let parameterShape = weight?.shape ?? [elementCount(frame.affine)]
  return (
    (h * inverse).reshape(x.shape), summed(g * xhat, to: frame.affine).reshape(parameterShape),
    summed(g, to: frame.affine).reshape(parameterShape)
  )
}

// MARK: - Fused

/// Mean and variance of each channel.
private struct Statistics {
  let mean: [Double]
  let variance: [Double]
  /// How many numbers they are taken over; nil where they are constants.
  let count: Int?

  init(ofChannelsOf x: Tensor) {
    let plan = ChannelPlan(x.shape)
    let x = contiguous(x)
    let moments = [Moments](unsafeUninitializedCapacity: plan.channels) { buffer, count in
      count = plan.channels
      guard let moments = buffer.baseAddress else { return }
      switch x.dtype {
      case .float64: channelMoments(x.pointer(Double.self), plan, into: moments)
      default: channelMoments(x.pointer(Float.self), plan, into: moments)
      }
    }
    mean = moments.map(\.mean)
    variance = moments.map { $0.squares / Double(max(1, plan.count)) }
    count = plan.count
  }

  init(constant: (mean: Tensor, variance: Tensor)) {
    mean = constant.mean.toArray(of: Double.self)
    variance = constant.variance.toArray(of: Double.self)
    count = nil
  }

  /// r ← (1 − momentum) r + momentum · statistic
  func update(_ running: (mean: Tensor, variance: Tensor), _ momentum: Double) {
    let n = Double(count ?? 0)
    let unbiased = variance.map { $0 * n / (n - 1) }
    for (r, new) in [(running.mean, mean), (running.variance, unbiased)] {
      r.mul_(1 - momentum).add_(Tensor(new, dtype: r.dtype), alpha: momentum)
    }
  }
}

/// One number a channel, of which a missing tensor has the same everywhere.
private func numbers<E: FloatingElement>(_ tensor: Tensor?, _ count: Int, else value: E) -> [E] {
  tensor?.toArray(of: E.self) ?? [E](repeating: value, count: count)
}

/// Batch normalization of one input.
private struct BatchNormalization {
  private let x: Tensor
  private let statistics: Statistics
  private let weight: Tensor?
  private let bias: Tensor?
  /// 1 / √(v + ε) of each channel
  private let inverses: [Double]
  private let plan: ChannelPlan

  init(_ x: Tensor, _ statistics: Statistics, _ weight: Tensor?, _ bias: Tensor?, eps: Double) {
    self.x = contiguous(x)
    self.statistics = statistics
    self.weight = weight?.detach()
    self.bias = bias?.detach()
    inverses = statistics.variance.map { 1 / ($0 + eps).squareRoot() }
    plan = ChannelPlan(x.shape)
  }

  func value() -> Tensor { x.dtype == .float64 ? value(Double.self) : value(Float.self) }

  private func value<E: FloatingElement>(_: E.Type) -> Tensor {
    let y = Tensor(uninitializedLike: x)
    let scale = zip(numbers(weight, plan.channels, else: E(1)), inverses).map { E(Double($0) * $1) }
    normalizeChannels(
      x.pointer(E.self), plan, mean: statistics.mean.map { E($0) }, scale: scale,
      shift: numbers(bias, plan.channels, else: E(0)), into: y.pointer(E.self))
    return y
  }

  func gradients(_ gradient: Tensor) -> Gradients {
    x.dtype == .float64 ? gradients(gradient, Double.self) : gradients(gradient, Float.self)
  }

  private func gradients<E: FloatingElement>(_ gradient: Tensor, _: E.Type) -> Gradients {
    let gradient = contiguous(gradient)
    let g = UnsafePointer(gradient.pointer(E.self))
    let pointer = UnsafePointer(x.pointer(E.self))
    let mean = statistics.mean.map { E($0) }
    let (plain, centered) = channelSums(g, pointer, plan, mean: mean)
    let result = Tensor(uninitializedLike: x)
    let factor = zip(numbers(weight, plan.channels, else: E(1)), inverses).map { Double($0) * $1 }
    let share = statistics.count.map { 1 / Double(max(1, $0)) } ?? 0
    channelGradient(
      g, pointer, plan, mean: mean, a: factor.map { E($0) },
      b: plan.each { E(factor[$0] * centered[$0] * inverses[$0] * inverses[$0] * share) },
      c: plan.each { E(factor[$0] * plain[$0] * share) }, into: result.pointer(E.self))
    return (
      result, Tensor(plan.each { centered[$0] * inverses[$0] }, dtype: x.dtype),
      Tensor(plain, dtype: x.dtype)
    )
  }
}

extension ChannelPlan {
  fileprivate func each<T>(_ number: (Int) -> T) -> [T] { (0..<channels).map(number) }
}

/// Layer or group normalization of one input.
private struct RowNormalization {
  private let x: Tensor
  private let plan: RowPlan
  private let weight: Tensor
  private let bias: Tensor
  /// The mean and 1 / √(v + ε) of each row
  private let means: Tensor
  private let inverses: Tensor
  private let parameterShape: [Int]
  private let eps: Double

  init(_ x: Tensor, _ plan: RowPlan, _ weight: Tensor?, _ bias: Tensor?, eps: Double) {
    self.x = contiguous(x)
    self.plan = plan
    let channels = plan.groups * plan.channels
    parameterShape = weight?.shape ?? [channels]
    func parameter(_ tensor: Tensor?, else value: Double) -> Tensor {
      contiguous(tensor?.converted(to: x.dtype) ?? .full([channels], value, dtype: x.dtype)).detach()
    }
    self.weight = parameter(weight, else: 1)
    self.bias = parameter(bias, else: 0)
    means = Tensor(uninitialized: [plan.rows], dtype: x.dtype)
    inverses = Tensor(uninitialized: [plan.rows], dtype: x.dtype)
    self.eps = eps
  }

  /// Computed once, before the gradients: it leaves the rows' statistics for them.
  func value() -> Tensor { x.dtype == .float64 ? value(Double.self) : value(Float.self) }

  private func value<E: FloatingElement>(_: E.Type) -> Tensor {
    let y = Tensor(uninitializedLike: x)
    normalizeRows(
      x.pointer(E.self), plan, weight: weight.pointer(E.self), bias: bias.pointer(E.self), eps: eps,
      into: y.pointer(E.self), means: means.pointer(E.self), inverses: inverses.pointer(E.self))
    return y
  }

  func gradients(_ gradient: Tensor) -> Gradients {
    x.dtype == .float64 ? gradients(gradient, Double.self) : gradients(gradient, Float.self)
  }

  private func gradients<E: FloatingElement>(_ gradient: Tensor, _: E.Type) -> Gradients {
    let gradient = contiguous(gradient)
    let result = Tensor(uninitializedLike: x)
    let weightGradient = Tensor(uninitialized: parameterShape, dtype: x.dtype)
    let biasGradient = Tensor(uninitialized: parameterShape, dtype: x.dtype)
    rowGradients(
      gradient.pointer(E.self), x.pointer(E.self), plan, weight: weight.pointer(E.self),
      means: means.pointer(E.self), inverses: inverses.pointer(E.self), into: result.pointer(E.self),
      weightGradient: weightGradient.pointer(E.self), biasGradient: biasGradient.pointer(E.self))
    return (result, weightGradient, biasGradient)
  }
}
