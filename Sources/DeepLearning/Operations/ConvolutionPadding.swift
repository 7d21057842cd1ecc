/// What is put around the input of a convolution: a number of zeros on each side, `1`; one for height and one for
/// width, `[1, 2]`; or `.same` or `.valid`.
public protocol ConvolutionPadding: Sendable {
  var setting: PaddingSetting { get }
}

/// The kinds of padding that a convolution knows.
public enum PaddingSetting: Sendable {
  /// The same number before and behind, for each dimension; one number for all.
  case amounts([Int])
  /// As much as makes the output as large as the input; stride 1 only. Of an odd number the larger half is behind.
  case likeInput
  /// None.
  case none
}

extension Int: ConvolutionPadding {
  public var setting: PaddingSetting { .amounts([self]) }
}

extension Array: ConvolutionPadding where Element == Int {
  public var setting: PaddingSetting { .amounts(self) }
}

extension PaddingSetting: ConvolutionPadding {
  public var setting: PaddingSetting { self }
}

extension ConvolutionPadding where Self == PaddingSetting {
  /// As much as makes the output as large as the input; stride 1 only.
  public static var same: PaddingSetting { .likeInput }
  /// None.
  public static var valid: PaddingSetting { .none }
}

extension PaddingSetting {
  /// How much is added before and behind an input along dimension `d` of `rank`.
  package func amounts(
    _ d: Int, of rank: Int, kernel: Int, stride: Int, dilation: Int, _ operation: String
  ) -> (before: Int, behind: Int) {
    switch self {
    case .none: return (0, 0)
    case .likeInput:
      check(stride == 1, operation, "padding .same needs stride 1, found \(stride)")
      let total = (kernel - 1) * dilation
      return (total / 2, total - total / 2)
    case .amounts(let numbers):
      check(
        numbers.count == 1 || numbers.count == rank, operation,
        "padding takes one number or \(rank), found \(describe(numbers))")
      let amount = numbers.count == 1 ? numbers[0] : numbers[d]
      check(amount >= 0, operation, "padding must not be negative, found \(amount)")
      return (amount, amount)
    }
  }
}
