/// What the convolution layers have in common: weight, bias, and their settings.
public class ConvolutionModule: Module {
  /// (out, in / groups, kernel…); of the transposed layers (in, out / groups, kernel…)
  public let weight: Tensor
  /// (out)
  public let bias: Tensor?
  public let inChannels: Int
  public let outChannels: Int
  public let groups: Int
  /// One number a dimension, as all settings here.
  public let kernelSize: [Int]
  public let stride: [Int]
  public let dilation: [Int]
  /// W and b start as U(−1/√n, 1/√n), as in PyTorch, with n the second dimension of W times the places of the kernel.
  fileprivate init(
    _ inChannels: Int, _ outChannels: Int, kernel: [Int], stride: [Int], dilation: [Int], groups: Int,
    bias: Bool,
    isTransposed: Bool, _ name: String
  ) {
    check(
      inChannels > 0 && outChannels > 0 && groups > 0 && inChannels % groups == 0
        && outChannels % groups == 0,
      name,
      "\(inChannels) input and \(outChannels) output channels cannot be cut into \(groups) groups; all must be at least 1"
    )
    check(
      (kernel + stride + dilation).allSatisfy { $0 > 0 }, name,
      "kernelSize, stride and dilation must be at least 1, found \(describe(kernel)), \(describe(stride)) and "
        + describe(dilation))
    let shape = isTransposed ? [inChannels, outChannels / groups] : [outChannels, inChannels / groups]
    weight = Parameter(Tensor(uninitialized: shape + kernel, dtype: .float32))
    Init.kaimingUniform_(weight, .leakyReLU(5.0.squareRoot()))
    let bound = 1 / Double(elementCount(shape + kernel) / shape[0]).squareRoot()
    self.bias = bias ? Parameter(Init.uniform_(Tensor.empty(outChannels), -bound, bound)) : nil
    (self.inChannels, self.outChannels, self.groups) = (inChannels, outChannels, groups)
    (kernelSize, self.stride, self.dilation) = (kernel, stride, dilation)
  }

  /// The settings as PyTorch prints them.
  fileprivate func settings(padding: String?, outputPadding: String? = nil, mode: PaddingMode = .zeros)
    -> String
  {
    var text =
      "\(inChannels), \(outChannels), kernel_size=\(describe(kernelSize)), stride=\(describe(stride))"
    if let padding { text += ", padding=\(padding)" }
    if dilation.contains(where: { $0 != 1 }) { text += ", dilation=\(describe(dilation))" }
    if let outputPadding { text += ", output_padding=\(outputPadding)" }
    if groups != 1 { text += ", groups=\(groups)" }
    if bias == nil { text += ", bias=False" }
    if mode != .zeros { text += ", padding_mode=\(mode)" }
    return text
  }
}

/// One number a dimension, or nil where all are 0.
private func shownUnlessZero(_ amounts: [Int]) -> String? {
  amounts.allSatisfy { $0 == 0 } ? nil : describe(amounts)
}

extension PaddingSetting {
  fileprivate func shown(rank: Int) -> String? {
    switch self {
    case .likeInput: "same"
    case .none: "valid"
    case .amounts(let numbers):
      shownUnlessZero(numbers.count == 1 ? Array(repeating: numbers[0], count: rank) : numbers)
    }
  }
}

/// A convolution layer, ``conv2d(_:_:_:stride:padding:dilation:groups:)``, with learned kernels: x of shape (N, in, H, W) or (in, H, W)
/// to (N, out, H′, W′) or (out, H′, W′) with H′ = ⌊(H + 2 padding − dilation (kernelSize − 1) − 1) / stride⌋ + 1.
///
/// Each of the `outChannels` filters has kernelSize² · in / groups weights and one bias, whatever the size of the image.
public final class Conv2d: ConvolutionModule {
  public let padding: PaddingSetting
  public let paddingMode: PaddingMode

  /// - Parameters:
  ///   - padding: A number of rows and columns on each side, two numbers, `.same` or `.valid`.
  ///   - paddingMode: What stands there.
  public init(
    _ inChannels: Int, _ outChannels: Int, _ kernelSize: any IntOrPair, stride: any IntOrPair = 1,
    padding: some ConvolutionPadding = 0, dilation: any IntOrPair = 1, groups: Int = 1, bias: Bool = true,
    paddingMode: PaddingMode = .zeros
  ) {
    self.padding = padding.setting
    self.paddingMode = paddingMode
    super.init(
      inChannels, outChannels, kernel: kernelSize.numbers(for: "Conv2d, kernelSize"),
      stride: stride.numbers(for: "Conv2d, stride"), dilation: dilation.numbers(for: "Conv2d, dilation"),
      groups: groups, bias: bias, isTransposed: false, "Conv2d")
  }

  public override func forward(_ x: Tensor) -> Tensor {
    if paddingMode == .zeros {
      return conv2d(x, weight, bias, stride: stride, padding: padding, dilation: dilation, groups: groups)
    }
    let padded = x.pad(around(padding, "Conv2d"), mode: paddingMode)
    return conv2d(padded, weight, bias, stride: stride, dilation: dilation, groups: groups)
  }

  public override var extraDescription: String {
    settings(padding: padding.shown(rank: 2), mode: paddingMode)
  }
}

/// A convolution layer for sequences, ``conv1d(_:_:_:stride:padding:dilation:groups:)``: x of shape (N, in, L) or (in, L) to
/// (N, out, L′) or (out, L′) with L′ = ⌊(L + 2 padding − dilation (kernelSize − 1) − 1) / stride⌋ + 1.
public final class Conv1d: ConvolutionModule {
  public let padding: PaddingSetting
  public let paddingMode: PaddingMode

  public init(
    _ inChannels: Int, _ outChannels: Int, _ kernelSize: Int, stride: Int = 1,
    padding: some ConvolutionPadding = 0, dilation: Int = 1, groups: Int = 1, bias: Bool = true,
    paddingMode: PaddingMode = .zeros
  ) {
    self.padding = padding.setting
    self.paddingMode = paddingMode
    super.init(
      inChannels, outChannels, kernel: [kernelSize], stride: [stride], dilation: [dilation], groups: groups,
      bias: bias, isTransposed: false, "Conv1d")
  }

  public override func forward(_ x: Tensor) -> Tensor {
    if paddingMode == .zeros {
      return conv1d(
        x, weight, bias, stride: stride[0], padding: padding, dilation: dilation[0], groups: groups)
    }
    let padded = x.pad(around(padding, "Conv1d"), mode: paddingMode)
    return conv1d(padded, weight, bias, stride: stride[0], dilation: dilation[0], groups: groups)
  }

  public override var extraDescription: String {
    settings(padding: padding.shown(rank: 1), mode: paddingMode)
  }
}

extension ConvolutionModule {
  /// What ``Tensor/pad(_:mode:)`` takes: pairs from the last dimension backwards.
  fileprivate func around(_ padding: PaddingSetting, _ name: String) -> [Int] {
    let rank = kernelSize.count
    return (0..<rank).reversed().flatMap { d in
      let (before, behind) = padding.amounts(
        d, of: rank, kernel: kernelSize[d], stride: stride[d], dilation: dilation[d], name)
      return [before, behind]
    }
  }
}

/// The transpose of a convolution layer, ``convTranspose2d(_:_:_:stride:padding:outputPadding:groups:dilation:)``, which makes images
/// larger: x of shape (N, in, H, W) or (in, H, W) to (N, out, H′, W′) or (out, H′, W′) with
/// H′ = (H − 1) stride − 2 padding + dilation (kernelSize − 1) + outputPadding + 1.
public final class ConvTranspose2d: ConvolutionModule {
  public let padding: [Int]
  public let outputPadding: [Int]

  public init(
    _ inChannels: Int, _ outChannels: Int, _ kernelSize: any IntOrPair, stride: any IntOrPair = 1,
    padding: any IntOrPair = 0, outputPadding: any IntOrPair = 0, groups: Int = 1, bias: Bool = true,
    dilation: any IntOrPair = 1
  ) {
    let name = "ConvTranspose2d"
    self.padding = padding.numbers(for: "\(name), padding")
    self.outputPadding = outputPadding.numbers(for: "\(name), outputPadding")
    super.init(
      inChannels, outChannels, kernel: kernelSize.numbers(for: "\(name), kernelSize"),
      stride: stride.numbers(for: "\(name), stride"), dilation: dilation.numbers(for: "\(name), dilation"),
      groups: groups, bias: bias, isTransposed: true, name)
  }

  public override func forward(_ x: Tensor) -> Tensor {
    convTranspose2d(
      x, weight, bias, stride: stride, padding: padding, outputPadding: outputPadding, groups: groups,
      dilation: dilation)
  }

  public override var extraDescription: String {
    settings(padding: shownUnlessZero(padding), outputPadding: shownUnlessZero(outputPadding))
  }
}

/// The transpose of a convolution layer for sequences, ``convTranspose1d(_:_:_:stride:padding:outputPadding:groups:dilation:)``: x of
/// shape (N, in, L) or (in, L) to length (L − 1) stride − 2 padding + dilation (kernelSize − 1) + outputPadding + 1.
public final class ConvTranspose1d: ConvolutionModule {
  public let padding: Int
  public let outputPadding: Int

  public init(
    _ inChannels: Int, _ outChannels: Int, _ kernelSize: Int, stride: Int = 1, padding: Int = 0,
    outputPadding: Int = 0, groups: Int = 1, bias: Bool = true, dilation: Int = 1
  ) {
    self.padding = padding
    self.outputPadding = outputPadding
    super.init(
      inChannels, outChannels, kernel: [kernelSize], stride: [stride], dilation: [dilation], groups: groups,
      bias: bias, isTransposed: true, "ConvTranspose1d")
  }

  public override func forward(_ x: Tensor) -> Tensor {
    convTranspose1d(
      x, weight, bias, stride: stride[0], padding: padding, outputPadding: outputPadding, groups: groups,
      dilation: dilation[0])
  }

  public override var extraDescription: String {
    settings(padding: shownUnlessZero([padding]), outputPadding: shownUnlessZero([outputPadding]))
  }
}
