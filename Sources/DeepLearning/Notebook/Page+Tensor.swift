extension Tensor: Showable {
  /// A tensor of one element and no dimensions as a number, a larger one as PyTorch prints it.
  ///
  /// With `digits`, vectors and matrices are written with that many decimals instead of PyTorch's four.
  public func shown(digits: Int?) -> String {
    let values = detach()
    if rank == 0 {
      switch dtype {
      case .float32, .float64: return values.item().shown(digits: digits)
      case .int64: return Int(values.item()).shown(digits: nil)
      case .bool: return (values.item() != 0).shown(digits: nil)
      }
    }
    guard digits != nil, rank <= 2, dtype == .float32 || dtype == .float64 else { return values.description }
    let elements = values.toArray(of: Double.self)
    if rank == 1 { return elements.shown(digits: digits) }
    let rows = (0..<shape[0]).map { Array(elements[$0 * shape[1]..<($0 + 1) * shape[1]]) }
    return rows.shown(digits: digits)
  }

  /// The shape, and the element type where it is not the usual one.
  public var shownNote: String? {
    let type = dtype == .float32 ? "" : " \(dtype.rawValue)"
    return rank == 0 ? nil : describe(shape) + type
  }
}

extension Tensor: Measurable {
  public var measuredShape: [Int] { shape }
  public var measuredElements: [Double] { detach().toArray(of: Double.self) }
}
