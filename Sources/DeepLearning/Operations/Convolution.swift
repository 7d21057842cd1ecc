// Convolution, its transpose, and the derivatives of both.
//
// Three operations are behind all of them. With the sum L = Σ g · y over the outputs y of a convolution of x with w, y is
// ∂L/∂g; the other two are ∂L/∂x and ∂L/∂w. L is linear in each of x, w and g, so that each operation's derivatives
// are the other two, and gradients of gradients need nothing more.

/// The convolution of images with kernels:
///
/// y[n, k, i, j] = b[k] + Σ_c Σ_r Σ_s w[k, c, r, s] · x[n, c, i · stride + r · dilation − padding, j · stride + s ·
/// dilation − padding], where x is 0 outside of the image
///
/// for x of shape (N, C, H, W) or (C, H, W), w of shape (K, C / groups, R, S), b of shape (K). The result has shape
/// (N, K, H′, W′) or (K, H′, W′) with H′ = ⌊(H + 2 padding − dilation (R − 1) − 1) / stride⌋ + 1, and W′ alike.
///
/// As everywhere in deep learning this is the cross-correlation: the kernel is not flipped. For the convolution of
/// mathematics flip it first: `conv2d(x, w.flip(2, 3))`.
///
/// With ḡ = ∂L/∂y: ∂L/∂x is the transposed convolution of ḡ with w (``convTranspose2d(_:_:_:stride:padding:outputPadding:groups:dilation:)``);
/// ∂L/∂w[k, c, r, s] = Σ_n Σ_i Σ_j ḡ[n, k, i, j] · x[n, c, i · stride + r · dilation − padding, …]; ∂L/∂b[k] = Σ ḡ[:, k, :, :]
///
/// - Parameters:
///   - stride: Steps of the kernel from one output to the next.
///   - padding: Zeros around the image; a number, two, `.same` or `.valid`.
///   - dilation: Steps in the image from one place of the kernel to the next.
///   - groups: Into how many groups the channels are cut, each with kernels of its own. With as many as channels
///     each channel is filtered alone ("depthwise").
public func conv2d(
  _ x: Tensor, _ weight: Tensor, _ bias: Tensor? = nil, stride: any IntOrPair = 1,
  padding: some ConvolutionPadding = 0, dilation: any IntOrPair = 1, groups: Int = 1
) -> Tensor {
  let operation = "conv2d"
  checkConvolution(x, weight, rank: 2, operation)
  let steps = stride.pair(for: "\(operation), stride")
  let holes = dilation.pair(for: "\(operation), dilation")
  return overBatch(x, rank: 4) { x in
    let axes = [(2, steps.height, holes.height), (3, steps.width, holes.width)].map { d, stride, dilation in
      slidingAxis(
        x, weight, d, stride: stride, dilation: dilation, padding.setting, rank: 2, operation)
    }
    return convolved(x, weight, bias, rows: axes[0], columns: axes[1], groups: groups, operation)
  }
}

/// The convolution of sequences with kernels: y[n, k, i] = b[k] + Σ_c Σ_r w[k, c, r] · x[n, c, i · stride + r · dilation −
/// padding]
///
/// for x of shape (N, C, L) or (C, L), w of shape (K, C / groups, R), b of shape (K). The result has length
/// ⌊(L + 2 padding − dilation (R − 1) − 1) / stride⌋ + 1. See
/// ``conv2d(_:_:_:stride:padding:dilation:groups:)``.
public func conv1d(
  _ x: Tensor, _ weight: Tensor, _ bias: Tensor? = nil, stride: Int = 1,
  padding: some ConvolutionPadding = 0, dilation: Int = 1, groups: Int = 1
) -> Tensor {
  let operation = "conv1d"
  checkConvolution(x, weight, rank: 1, operation)
  return overBatch(x, rank: 3) { x in
    let columns = slidingAxis(
      x, weight, 2, stride: stride, dilation: dilation, padding.setting, rank: 1, operation)
    return convolved(
      x.unsqueeze(2), weight.unsqueeze(2), bias, rows: .single, columns: columns, groups: groups, operation
    ).squeeze(2)
  }
}

/// The transpose of a convolution, which goes from its outputs to its inputs: every number of x, times the kernel, is
/// added to the places that the kernel covers there.
///
/// y[n, k, i · stride + r · dilation − padding, j · stride + s · dilation − padding] += w[c, k, r, s] · x[n, c, i, j], and
/// b[k] everywhere
///
/// for x of shape (N, C, H, W) or (C, H, W), w of shape (C, K / groups, R, S), b of shape (K). The result has shape (N, K, H′, W′)
/// with H′ = (H − 1) stride − 2 padding + dilation (R − 1) + outputPadding + 1, and W′ alike.
///
/// ∂L/∂x is the convolution of ∂L/∂y with w.
///
/// - Parameter outputPadding: Rows and columns more at the end of the output: a convolution with a stride above 1
///   gives one size for inputs of several sizes, and this says which of them is meant.
public func convTranspose2d(
  _ x: Tensor, _ weight: Tensor, _ bias: Tensor? = nil, stride: any IntOrPair = 1,
  padding: any IntOrPair = 0, outputPadding: any IntOrPair = 0, groups: Int = 1,
  dilation: any IntOrPair = 1
) -> Tensor {
  let operation = "conv_transpose2d"
  checkConvolution(x, weight, rank: 2, operation)
  let steps = stride.pair(for: "\(operation), stride")
  let holes = dilation.pair(for: "\(operation), dilation")
  let around = padding.pair(for: "\(operation), padding")
  let more = outputPadding.pair(for: "\(operation), outputPadding")
  return overBatch(x, rank: 4) { x in
    let rows = transposedAxis(
      x, weight, 2, stride: steps.height, dilation: holes.height, around.height, more.height, operation)
    let columns = transposedAxis(
      x, weight, 3, stride: steps.width, dilation: holes.width, around.width, more.width, operation)
    return convolvedBack(x, weight, bias, rows: rows, columns: columns, groups: groups, operation)
  }
}

/// The transpose of a convolution of sequences: x of shape (N, C, L) or (C, L), w of shape (C, K / groups, R), b of
/// shape (K). The result has length (L − 1) stride − 2 padding + dilation (R − 1) + outputPadding + 1. See
/// ``convTranspose2d(_:_:_:stride:padding:outputPadding:groups:dilation:)``.
public func convTranspose1d(
  _ x: Tensor, _ weight: Tensor, _ bias: Tensor? = nil, stride: Int = 1, padding: Int = 0,
  outputPadding: Int = 0, groups: Int = 1, dilation: Int = 1
) -> Tensor {
  let operation = "conv_transpose1d"
  checkConvolution(x, weight, rank: 1, operation)
  return overBatch(x, rank: 3) { x in
    let columns = transposedAxis(
      x, weight, 2, stride: stride, dilation: dilation, padding, outputPadding, operation)
    return convolvedBack(
      x.unsqueeze(2), weight.unsqueeze(2), bias, rows: .single, columns: columns, groups: groups, operation
    ).squeeze(2)
  }
}

// MARK: - From arguments to sizes

extension SlidingAxis {
  /// The height of a sequence.
  static let single = SlidingAxis(size: 1, kernel: 1, stride: 1, padding: 0, dilation: 1, outputs: 1)
}

/// Applies `body` to a batch; a single example is a batch of one.
func overBatch(_ x: Tensor, rank: Int, _ body: (Tensor) -> Tensor) -> Tensor {
  x.rank == rank ? body(x) : body(x.unsqueeze(0)).squeeze(0)
}

private func checkConvolution(_ x: Tensor, _ weight: Tensor, rank: Int, _ operation: String) {
  let sizes = rank == 1 ? "length" : "height, width"
  check(
    x.rank == rank + 2 || x.rank == rank + 1, operation,
    "the input must be (batch, channels, \(sizes)) or (channels, \(sizes)), found \(describe(x.shape))")
  let inputs = operation.contains("transpose") ? "in, out / groups" : "out, in / groups"
  check(
    weight.rank == rank + 2, operation,
    "the weight must be (\(inputs), \(rank == 1 ? "" : "kernel height, ")kernel \(rank == 1 ? "length" : "width")), "
      + "found \(describe(weight.shape))")
}

private func slidingAxis(
  _ x: Tensor, _ weight: Tensor, _ d: Int, stride: Int, dilation: Int, _ padding: PaddingSetting, rank: Int,
  _ operation: String
) -> SlidingAxis {
  check(
    stride > 0 && dilation > 0, operation,
    "stride and dilation must be at least 1, found \(stride) and \(dilation)")
  let (size, kernel) = (x.shape[d], weight.shape[d])
  let (before, behind) = padding.amounts(
    d - 2, of: rank, kernel: kernel, stride: stride, dilation: dilation, operation)
  let extent = (kernel - 1) * dilation + 1
  check(
    kernel > 0 && size + before + behind >= extent, operation,
    "the kernel \(describe(weight.shape)) does not fit into the input \(describe(x.shape)): along dimension \(d) it "
      + "covers \(extent) and the input with its padding has \(size + before + behind)")
  return SlidingAxis(
    size: size, kernel: kernel, stride: stride, padding: before, dilation: dilation,
    outputs: (size + before + behind - extent) / stride + 1)
}

/// The axis of the convolution whose outputs are along dimension `d` of `x`.
private func transposedAxis(
  _ x: Tensor, _ weight: Tensor, _ d: Int, stride: Int, dilation: Int, _ padding: Int, _ outputPadding: Int,
  _ operation: String
) -> SlidingAxis {
  check(
    stride > 0 && dilation > 0, operation,
    "stride and dilation must be at least 1, found \(stride) and \(dilation)")
  check(
    padding >= 0 && outputPadding >= 0 && outputPadding < max(stride, dilation), operation,
    "padding \(padding) must not be negative, and outputPadding \(outputPadding) must be below the stride "
      + "\(stride) or the dilation \(dilation)")
  let size =
    (x.shape[d] - 1) * stride - 2 * padding + (weight.shape[d] - 1) * dilation + outputPadding + 1
  check(
    size > 0, operation,
    "nothing is left of dimension \(d): the output of input \(describe(x.shape)) and kernel \(describe(weight.shape)) "
      + "with padding \(padding) would have size \(size)")
  return SlidingAxis(
    size: size, kernel: weight.shape[d], stride: stride, padding: padding, dilation: dilation,
    outputs: x.shape[d])
}

private func checkGroups(_ groups: Int, _ inChannels: Int, _ outChannels: Int, _ operation: String) {
  check(
    groups > 0 && inChannels % groups == 0 && outChannels % groups == 0, operation,
    "\(inChannels) input and \(outChannels) output channels cannot be cut into \(groups) groups")
}

private func checkBias(_ bias: Tensor?, _ channels: Int, _ operation: String) {
  check(
    bias.map { $0.shape == [channels] } ?? true, operation,
    "the bias must have one number for each output channel, (\(channels),), found \(describe(bias?.shape ?? []))"
  )
}

private func convolved(
  _ x: Tensor, _ weight: Tensor, _ bias: Tensor?, rows: SlidingAxis, columns: SlidingAxis, groups: Int,
  _ operation: String
) -> Tensor {
  let (channels, kernels) = (x.shape[1], weight.shape[0])
  checkGroups(groups, channels, kernels, operation)
  check(
    weight.shape[1] == channels / groups, operation,
    "the input has \(channels) channels\(groups > 1 ? " in \(groups) groups" : ""), and the weight "
      + "\(describe(weight.shape)) reads \(weight.shape[1]); it is (out, in / groups, kernel …)")
  checkBias(bias, kernels, operation)
  let (x, weight) = sameType(x, weight, operation: operation)
  return convolution(
    x, weight, bias?.to(x.dtype),
    ConvolutionShape(
      batch: x.shape[0], inChannels: channels, outChannels: kernels, groups: groups, rows: rows,
      columns: columns))
}

private func convolvedBack(
  _ x: Tensor, _ weight: Tensor, _ bias: Tensor?, rows: SlidingAxis, columns: SlidingAxis, groups: Int,
  _ operation: String
) -> Tensor {
  let channels = x.shape[1]
  let outputs = weight.shape[1] * groups
  checkGroups(groups, channels, outputs, operation)
  check(
    weight.shape[0] == channels, operation,
    "the input has \(channels) channels, and the weight \(describe(weight.shape)) reads \(weight.shape[0]); it is "
      + "(in, out / groups, kernel …)")
  checkBias(bias, outputs, operation)
  let (x, weight) = sameType(x, weight, operation: operation)
  return convolutionInputGradient(
    x, weight, bias?.to(x.dtype),
    ConvolutionShape(
      batch: x.shape[0], inChannels: outputs, outChannels: channels, groups: groups, rows: rows,
      columns: columns))
}

// MARK: - The three operations

/// y = w ∗ x + b
func convolution(_ x: Tensor, _ weight: Tensor, _ bias: Tensor?, _ shape: ConvolutionShape) -> Tensor {
  let y = Tensor(uninitialized: shape.outShape, dtype: x.dtype)
  if y.count > 0 {
    let (images, w, b) = (contiguous(x), contiguous(weight), bias.map(contiguous))
    switch x.dtype {
    case .float64:
      convolveByProduct(
        images.pointer(Double.self), w.pointer(), bias: b?.pointer(), into: y.pointer(), shape)
    default:
      convolve(images.pointer(), w.pointer(), bias: b?.pointer(), into: y.pointer(), shape)
    }
  }
  guard x.isTracked || weight.isTracked || bias?.isTracked == true else { return y }
  let savedX = weight.isTracked ? Saved(x) : nil
  let savedW = x.isTracked ? Saved(weight) : nil
  let needsBias = bias?.isTracked ?? false
  return record("ConvolutionBackward0", y, [x, weight] + (bias.map { [$0] } ?? [])) { gradient, _ in
    [
      savedW.map { convolutionInputGradient(gradient, $0.tensor, nil, shape) },
      savedX.map { convolutionWeightGradient($0.tensor, gradient, shape) },
      needsBias ? sumOverPlanes(gradient) : nil,
    ]
  }
}

/// ∂L/∂x, given g = ∂L/∂y; as an operation of its own the transposed convolution, which has a bias.
func convolutionInputGradient(
  _ gradient: Tensor, _ weight: Tensor, _ bias: Tensor?, _ shape: ConvolutionShape
) -> Tensor {
  let x = Tensor(uninitialized: shape.inShape, dtype: gradient.dtype)
  if x.count > 0 {
    let (g, w, b) = (contiguous(gradient), contiguous(weight), bias.map(contiguous))
    switch x.dtype {
    case .float64:
      convolveInputByProduct(
        g.pointer(Double.self), w.pointer(), bias: b?.pointer(), into: x.pointer(), shape)
    default:
      convolveInput(g.pointer(), w.pointer(), bias: b?.pointer(), into: x.pointer(), shape)
    }
  }
  guard gradient.isTracked || weight.isTracked || bias?.isTracked == true else { return x }
  let savedG = weight.isTracked ? Saved(gradient) : nil
  let savedW = gradient.isTracked ? Saved(weight) : nil
  let needsBias = bias?.isTracked ?? false
  return record("ConvolutionBackward0", x, [gradient, weight] + (bias.map { [$0] } ?? [])) { gradient, _ in
    [
      savedW.map { convolution(gradient, $0.tensor, nil, shape) },
      savedG.map { convolutionWeightGradient(gradient, $0.tensor, shape) },
      needsBias ? sumOverPlanes(gradient) : nil,
    ]
  }
}

/// ∂L/∂w, given g = ∂L/∂y
func convolutionWeightGradient(_ x: Tensor, _ gradient: Tensor, _ shape: ConvolutionShape) -> Tensor {
  let w = Tensor(uninitialized: shape.weightShape, dtype: x.dtype)
  if shape.batch == 0 {
    fill(w, with: 0)
  } else {
    let (images, g) = (contiguous(x), contiguous(gradient))
    switch x.dtype {
    case .float64: convolveWeightByProduct(images.pointer(Double.self), g.pointer(), into: w.pointer(), shape)
    default: convolveWeight(images.pointer(), g.pointer(), into: w.pointer(), shape)
    }
  }
  guard x.isTracked || gradient.isTracked else { return w }
  let savedX = gradient.isTracked ? Saved(x) : nil
  let savedG = x.isTracked ? Saved(gradient) : nil
  return record("ConvolutionBackwardBackward0", w, x, gradient) { weight, _ in
    [
      savedG.map { convolutionInputGradient($0.tensor, weight, nil, shape) },
      savedX.map { convolution($0.tensor, weight, nil, shape) },
    ]
  }
}

/// The gradient for a bias: the sum over the images of a batch and over each channel's plane.
private func sumOverPlanes(_ gradient: Tensor) -> Tensor { gradient.sum(dims: [2, 3]).sum(dim: 0) }
