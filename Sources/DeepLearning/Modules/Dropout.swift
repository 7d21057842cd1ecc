/// Sets each element to 0 with probability `p` while the module is being trained, and scales the others by
/// 1 / (1 − p); passes everything on unchanged in evaluation. See ``dropout(_:p:training:generator:)``.
public class Dropout: Module {
  public let p: Double
  fileprivate let generator: Generator

  /// - Parameters:
  ///   - p: The probability that an element becomes 0, from 0 to 1.
  ///   - generator: Where the masks come from.
  public init(_ p: Double = 0.5, generator: Generator = .default) {
    check((0...1).contains(p), "Dropout", "\(p) is not a probability")
    self.p = p
    self.generator = generator
  }

  public override func forward(_ x: Tensor) -> Tensor {
    dropout(x, p: p, training: isTraining, generator: generator)
  }

  public override var extraDescription: String { "p=\(p), inplace=False" }
}

/// ``Dropout`` of whole channels of sequences (N, C, L) or (C, L). See ``dropout1d(_:p:training:generator:)``.
public final class Dropout1d: Dropout {
  public override func forward(_ x: Tensor) -> Tensor {
    dropout1d(x, p: p, training: isTraining, generator: generator)
  }
}

/// ``Dropout`` of whole channels of images (N, C, H, W). See ``dropout2d(_:p:training:generator:)``.
public final class Dropout2d: Dropout {
  public override func forward(_ x: Tensor) -> Tensor {
    dropout2d(x, p: p, training: isTraining, generator: generator)
  }
}
