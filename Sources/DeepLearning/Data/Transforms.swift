/// What is done to an image or a label on its way out of a data set.
///
///     let set = try FashionMNIST(
///       train: true,
///       transform: Compose([Normalize(mean: [0.2860], std: [0.3530]), Lambda { $0.flatten() }]),
///       targetTransform: Lambda { oneHot($0, classes: 10) })
///
/// A transform that needs chance draws it from `Generator.default`. Inside a ``DataLoader`` that is a
/// generator of the epoch's own, so that what is drawn depends on the loader's seed alone: not on what the
/// program draws meanwhile, and not on which thread makes the batch.
public protocol Transform {
  func callAsFunction(_ x: Tensor) -> Tensor
}

/// Transforms one after another.
public struct Compose: Transform, CustomStringConvertible {
  public let transforms: [any Transform]

  public init(_ transforms: [any Transform]) { self.transforms = transforms }

  public func callAsFunction(_ x: Tensor) -> Tensor { transforms.reduce(x) { $1($0) } }

  public var description: String {
    "Compose(\n" + transforms.map { "    \($0)\n" }.joined() + ")"
  }
}

/// Any function as a transform: `Lambda { $0.flatten() }`.
public struct Lambda: Transform, CustomStringConvertible {
  private let function: (Tensor) -> Tensor

  public init(_ function: @escaping (Tensor) -> Tensor) { self.function = function }

  public func callAsFunction(_ x: Tensor) -> Tensor { function(x) }

  public var description: String { "Lambda()" }
}

/// Bytes 0 ... 255, as an `int64` tensor, to `float32` in [0, 1]: x / 255.
///
/// The images of the data sets here come as `float32` in [0, 1] already, and pass unchanged: a program that
/// names this transform because PyTorch's needs it does no harm.
public struct ToTensor: Transform, CustomStringConvertible {
  public init() {}

  public func callAsFunction(_ x: Tensor) -> Tensor {
    x.dtype == .int64 ? x.to(.float32) / 255 : x
  }

  public var description: String { "ToTensor()" }
}

/// Shifts and scales each channel c of an image (..., C, H, W): y[c] = (x[c] − mean[c]) / std[c].
///
/// With the mean and the standard deviation of the training images the result has mean 0 and standard
/// deviation 1.
public struct Normalize: Transform, CustomStringConvertible {
  public let mean: [Double]
  public let std: [Double]
  private let meanTensor: Tensor
  private let stdTensor: Tensor

  /// - Parameters:
  ///   - mean: One number for each channel, or one for all.
  ///   - std: As many; none may be 0.
  public init(mean: [Double], std: [Double]) {
    check(
      mean.count == std.count && !mean.isEmpty, "Normalize",
      "needs as many means as standard deviations, found \(mean.count) and \(std.count)")
    check(!std.contains(0), "Normalize", "a standard deviation is 0, and nothing can be divided by it")
    self.mean = mean
    self.std = std
    meanTensor = Tensor(mean, shape: [mean.count, 1, 1], dtype: .float32)
    stdTensor = Tensor(std, shape: [std.count, 1, 1], dtype: .float32)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    check(
      x.rank >= 3 && (mean.count == 1 || x.shape[x.rank - 3] == mean.count), "Normalize",
      "\(mean.count) channels do not fit an image of shape \(describe(x.shape))")
    return (x - meanTensor) / stdTensor
  }

  public var description: String { "Normalize(mean=\(mean), std=\(std))" }
}
