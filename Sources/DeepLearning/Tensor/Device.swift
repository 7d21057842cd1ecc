/// Where a tensor lives and its operations run. This library computes on the processor and knows no other place:
/// the type is here so that a program which begins as PyTorch's do reads the same.
///
///     let device = Device.cpu
///     print("Using \(device) device")  // Using cpu device
///     let model = Classifier().to(device)
public enum Device: Hashable, Sendable, CustomStringConvertible {
  case cpu

  public var description: String { "cpu" }
}

extension Tensor {
  /// Where the elements are: always in the processor's memory.
  public var device: Device { .cpu }

  /// The tensor on `device`: itself, for it is there already.
  public func to(_ device: Device) -> Tensor { self }
}
