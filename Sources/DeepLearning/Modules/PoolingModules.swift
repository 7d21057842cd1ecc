// Pooling as modules.

/// The largest number in each window of every channel: ``maxPool2d(_:_:stride:padding:dilation:ceilMode:)``.
///
/// (N, C, H, W) to (N, C, H′, W′) with H′ = ⌊(H + 2 padding − dilation (kernelSize − 1) − 1) / stride⌋ + 1
public final class MaxPool2d: Module {
  public let kernelSize: any IntOrPair
  public let stride: any IntOrPair
  public let padding: any IntOrPair
  public let dilation: any IntOrPair
  public let ceilMode: Bool

  public init(
    _ kernelSize: any IntOrPair, stride: (any IntOrPair)? = nil, padding: any IntOrPair = 0,
    dilation: any IntOrPair = 1, ceilMode: Bool = false
  ) {
    self.kernelSize = kernelSize
    self.stride = stride ?? kernelSize
    self.padding = padding
    self.dilation = dilation
    self.ceilMode = ceilMode
  }

  public override func forward(_ x: Tensor) -> Tensor {
    maxPool2d(x, kernelSize, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode)
  }

  public override var extraDescription: String {
    "kernel_size=\(kernelSize.text), stride=\(stride.text), padding=\(padding.text), dilation=\(dilation.text), "
      + "ceil_mode=\(ceilMode ? "True" : "False")"
  }
}

/// The largest number in each window of every channel of sequences:
/// ``maxPool1d(_:_:stride:padding:dilation:ceilMode:)``.
public final class MaxPool1d: Module {
  public let kernelSize: Int
  public let stride: Int
  public let padding: Int
  public let dilation: Int
  public let ceilMode: Bool

  public init(
    _ kernelSize: Int, stride: Int? = nil, padding: Int = 0, dilation: Int = 1, ceilMode: Bool = false
  ) {
    self.kernelSize = kernelSize
    self.stride = stride ?? kernelSize
    self.padding = padding
    self.dilation = dilation
    self.ceilMode = ceilMode
  }

  public override func forward(_ x: Tensor) -> Tensor {
    maxPool1d(x, kernelSize, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode)
  }

  public override var extraDescription: String {
    "kernel_size=\(kernelSize), stride=\(stride), padding=\(padding), dilation=\(dilation), "
      + "ceil_mode=\(ceilMode ? "True" : "False")"
  }
}

/// The average of each window of every channel: ``avgPool2d(_:_:stride:padding:ceilMode:countIncludePad:)``.
///
/// (N, C, H, W) to (N, C, H′, W′) with H′ = ⌊(H + 2 padding − kernelSize) / stride⌋ + 1
public final class AvgPool2d: Module {
  public let kernelSize: any IntOrPair
  public let stride: any IntOrPair
  public let padding: any IntOrPair
  public let ceilMode: Bool
  public let countIncludePad: Bool

  public init(
    _ kernelSize: any IntOrPair, stride: (any IntOrPair)? = nil, padding: any IntOrPair = 0,
    ceilMode: Bool = false, countIncludePad: Bool = true
  ) {
    self.kernelSize = kernelSize
    self.stride = stride ?? kernelSize
    self.padding = padding
    self.ceilMode = ceilMode
    self.countIncludePad = countIncludePad
  }

  public override func forward(_ x: Tensor) -> Tensor {
    avgPool2d(
      x, kernelSize, stride: stride, padding: padding, ceilMode: ceilMode, countIncludePad: countIncludePad)
  }

  public override var extraDescription: String {
    "kernel_size=\(kernelSize.text), stride=\(stride.text), padding=\(padding.text)"
  }
}

/// The average of each window of every channel of sequences:
/// ``avgPool1d(_:_:stride:padding:ceilMode:countIncludePad:)``.
public final class AvgPool1d: Module {
  public let kernelSize: Int
  public let stride: Int
  public let padding: Int
  public let ceilMode: Bool
  public let countIncludePad: Bool

  public init(
    _ kernelSize: Int, stride: Int? = nil, padding: Int = 0, ceilMode: Bool = false,
    countIncludePad: Bool = true
  ) {
    self.kernelSize = kernelSize
    self.stride = stride ?? kernelSize
    self.padding = padding
    self.ceilMode = ceilMode
    self.countIncludePad = countIncludePad
  }

  public override func forward(_ x: Tensor) -> Tensor {
    avgPool1d(
      x, kernelSize, stride: stride, padding: padding, ceilMode: ceilMode, countIncludePad: countIncludePad)
  }

  public override var extraDescription: String {
    "kernel_size=(\(kernelSize),), stride=(\(stride),), padding=(\(padding),)"
  }
}

/// Averages that give images of the size asked for: ``adaptiveAvgPool2d(_:_:)``.
public final class AdaptiveAvgPool2d: Module {
  public let outputSize: any IntOrPair
  public init(_ outputSize: any IntOrPair) { self.outputSize = outputSize }
  public override func forward(_ x: Tensor) -> Tensor { adaptiveAvgPool2d(x, outputSize) }
  public override var extraDescription: String { "output_size=\(outputSize.text)" }
}

/// Averages that give sequences of the length asked for: ``adaptiveAvgPool1d(_:_:)``.
public final class AdaptiveAvgPool1d: Module {
  public let outputSize: Int
  public init(_ outputSize: Int) { self.outputSize = outputSize }
  public override func forward(_ x: Tensor) -> Tensor { adaptiveAvgPool1d(x, outputSize) }
  public override var extraDescription: String { "output_size=\(outputSize)" }
}

/// Maxima that give images of the size asked for: ``adaptiveMaxPool2d(_:_:)``.
public final class AdaptiveMaxPool2d: Module {
  public let outputSize: any IntOrPair
  public init(_ outputSize: any IntOrPair) { self.outputSize = outputSize }
  public override func forward(_ x: Tensor) -> Tensor { adaptiveMaxPool2d(x, outputSize) }
  public override var extraDescription: String { "output_size=\(outputSize.text)" }
}

/// Maxima that give sequences of the length asked for: ``adaptiveMaxPool1d(_:_:)``.
public final class AdaptiveMaxPool1d: Module {
  public let outputSize: Int
  public init(_ outputSize: Int) { self.outputSize = outputSize }
  public override func forward(_ x: Tensor) -> Tensor { adaptiveMaxPool1d(x, outputSize) }
  public override var extraDescription: String { "output_size=\(outputSize)" }
}
