// Layers without weights that change the size of images.

/// Images or sequences in another size: ``interpolate(_:size:scaleFactor:mode:alignCorners:)``.
public final class Upsample: Module {
  public let size: (any IntOrPair)?
  public let scaleFactor: Double?
  public let mode: InterpolationMode
  public let alignCorners: Bool

  public init(
    size: (any IntOrPair)? = nil, scaleFactor: Double? = nil, mode: InterpolationMode = .nearest,
    alignCorners: Bool = false
  ) {
    self.size = size
    self.scaleFactor = scaleFactor
    self.mode = mode
    self.alignCorners = alignCorners
  }

  public override func forward(_ x: Tensor) -> Tensor {
    interpolate(x, size: size, scaleFactor: scaleFactor, mode: mode, alignCorners: alignCorners)
  }

  public override var extraDescription: String {
    (size.map { "size=\($0.text)" } ?? "scale_factor=\(scaleFactor ?? 1)") + ", mode='\(mode)'"
  }
}

/// The patches of images, one a column: ``unfold(_:_:dilation:padding:stride:)``.
public final class Unfold: Module {
  public let kernelSize: any IntOrPair
  public let dilation: any IntOrPair
  public let padding: any IntOrPair
  public let stride: any IntOrPair

  public init(
    _ kernelSize: any IntOrPair, dilation: any IntOrPair = 1, padding: any IntOrPair = 0,
    stride: any IntOrPair = 1
  ) {
    self.kernelSize = kernelSize
    self.dilation = dilation
    self.padding = padding
    self.stride = stride
  }

  public override func forward(_ x: Tensor) -> Tensor {
    unfold(x, kernelSize, dilation: dilation, padding: padding, stride: stride)
  }

  public override var extraDescription: String {
    "kernel_size=\(kernelSize.text), dilation=\(dilation.text), padding=\(padding.text), stride=\(stride.text)"
  }
}

/// Images put together from patches: ``fold(_:outputSize:_:dilation:padding:stride:)``.
public final class Fold: Module {
  public let outputSize: any IntOrPair
  public let kernelSize: any IntOrPair
  public let dilation: any IntOrPair
  public let padding: any IntOrPair
  public let stride: any IntOrPair

  public init(
    outputSize: any IntOrPair, _ kernelSize: any IntOrPair, dilation: any IntOrPair = 1,
    padding: any IntOrPair = 0, stride: any IntOrPair = 1
  ) {
    self.outputSize = outputSize
    self.kernelSize = kernelSize
    self.dilation = dilation
    self.padding = padding
    self.stride = stride
  }

  public override func forward(_ x: Tensor) -> Tensor {
    fold(x, outputSize: outputSize, kernelSize, dilation: dilation, padding: padding, stride: stride)
  }

  public override var extraDescription: String {
    "output_size=\(outputSize.text), kernel_size=\(kernelSize.text), dilation=\(dilation.text), padding=\(padding.text), "
      + "stride=\(stride.text)"
  }
}

/// What the layers that pad have in common.
public class PaddingModule: Module {
  /// Pairs from the last dimension backwards: left, right, top, bottom.
  public let padding: [Int]
  private let mode: PaddingMode
  fileprivate let value: Double

  fileprivate init(_ padding: [Int], sides: Int, _ mode: PaddingMode, value: Double = 0, _ name: String) {
    check(
      padding.count == 1 || padding.count == sides, name,
      "takes one number or \(sides), found \(describe(padding))")
    self.padding = padding.count == 1 ? Array(repeating: padding[0], count: sides) : padding
    self.mode = mode
    self.value = value
  }

  public override func forward(_ x: Tensor) -> Tensor {
    mode == .zeros ? x.pad(padding, value: value) : x.pad(padding, mode: mode)
  }

  public override var extraDescription: String { describe(padding) }
}

/// Zeros around images.
public final class ZeroPad2d: PaddingModule {
  /// - Parameter padding: One number for all sides, or left, right, top, bottom.
  public init(_ padding: Int...) { super.init(padding, sides: 4, .zeros, "ZeroPad2d") }
}

/// One number around images.
public final class ConstantPad2d: PaddingModule {
  /// - Parameter padding: One number for all sides, or left, right, top, bottom.
  public init(_ padding: Int..., value: Double) {
    super.init(padding, sides: 4, .zeros, value: value, "ConstantPad2d")
  }

  public override var extraDescription: String { "padding=\(describe(padding)), value=\(value)" }
}

/// Images mirrored at their edges, ``PaddingMode/reflect``.
public final class ReflectionPad2d: PaddingModule {
  /// - Parameter padding: One number for all sides, or left, right, top, bottom.
  public init(_ padding: Int...) { super.init(padding, sides: 4, .reflect, "ReflectionPad2d") }
}

/// Images with their edges repeated, ``PaddingMode/replicate``.
public final class ReplicationPad2d: PaddingModule {
  /// - Parameter padding: One number for all sides, or left, right, top, bottom.
  public init(_ padding: Int...) { super.init(padding, sides: 4, .replicate, "ReplicationPad2d") }
}

/// Images continued from their other side, ``PaddingMode/circular``.
public final class CircularPad2d: PaddingModule {
  /// - Parameter padding: One number for all sides, or left, right, top, bottom.
  public init(_ padding: Int...) { super.init(padding, sides: 4, .circular, "CircularPad2d") }
}
