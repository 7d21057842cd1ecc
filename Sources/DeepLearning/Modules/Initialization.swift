/// How a layer's weights start, after PyTorch's `torch.nn.init`: the same seed gives the same digits.
///
/// "Fan in" is the number of inputs that one unit sums, "fan out" the number of units that read one input.
public enum Init {
  /// By which factor a nonlinearity shrinks its input's standard deviation, inverted.
  public enum Nonlinearity: Sendable {
    case linear, sigmoid, tanh, relu, selu
    case leakyReLU(Double)

    public var gain: Double {
      switch self {
      case .linear, .sigmoid: 1
      case .tanh: 5 / 3
      case .relu: 2.0.squareRoot()
      case .selu: 3 / 4
      case .leakyReLU(let slope): (2 / (1 + slope * slope)).squareRoot()
      }
    }
  }

  public enum Fan: Sendable { case fanIn, fanOut }

  /// Inputs and outputs of a weight (out, in, kernel…).
  static func fans(_ weight: Tensor, _ operation: String) -> (fanIn: Int, fanOut: Int) {
    check(
      weight.rank >= 2, operation,
      "needs a weight of at least two dimensions, found \(describe(weight.shape))")
    let field = elementCount(Array(weight.shape[2...]))
    return (weight.shape[1] * field, weight.shape[0] * field)
  }

  // MARK: - Independent of the layer

  /// U(low, high)
  @discardableResult
  public static func uniform_(
    _ tensor: Tensor, _ low: Double = 0, _ high: Double = 1, generator: Generator = .default
  ) -> Tensor {
    noGrad { tensor.uniform_(low, high, generator: generator) }
  }

  /// N(mean, std²)
  @discardableResult
  public static func normal_(
    _ tensor: Tensor, _ mean: Double = 0, _ std: Double = 1, generator: Generator = .default
  ) -> Tensor {
    noGrad { tensor.normal_(mean, std, generator: generator) }
  }

  /// Every element `value`.
  @discardableResult
  public static func constant_(_ tensor: Tensor, _ value: Double) -> Tensor { noGrad { tensor.fill_(value) } }

  @discardableResult
  public static func zeros_(_ tensor: Tensor) -> Tensor { constant_(tensor, 0) }

  @discardableResult
  public static func ones_(_ tensor: Tensor) -> Tensor { constant_(tensor, 1) }

  /// Ones on the diagonal of a matrix, zeros elsewhere: the layer begins by passing its input on.
  @discardableResult
  public static func eye_(_ matrix: Tensor) -> Tensor {
    check(matrix.rank == 2, "eye_", "needs a matrix, found \(describe(matrix.shape))")
    return noGrad {
      matrix.zero_()
      matrix.diagonal().fill_(1)
      return matrix
    }
  }

  // MARK: - After the layer's size

  /// U(−a, a) with a = gain √(6 / (fan in + fan out))
  @discardableResult
  public static func xavierUniform_(
    _ weight: Tensor, gain: Double = 1, generator: Generator = .default
  ) -> Tensor {
    let (fanIn, fanOut) = fans(weight, "xavierUniform_")
    let std = gain * (2 / Double(fanIn + fanOut)).squareRoot()
    let bound = 3.0.squareRoot() * std
    return uniform_(weight, -bound, bound, generator: generator)
  }

  /// N(0, s²) with s = gain √(2 / (fan in + fan out))
  @discardableResult
  public static func xavierNormal_(
    _ weight: Tensor, gain: Double = 1, generator: Generator = .default
  ) -> Tensor {
    let (fanIn, fanOut) = fans(weight, "xavierNormal_")
    return normal_(weight, 0, gain * (2 / Double(fanIn + fanOut)).squareRoot(), generator: generator)
  }

  /// U(−a, a) with a = gain √(3 / fan)
  @discardableResult
  public static func kaimingUniform_(
    _ weight: Tensor, _ nonlinearity: Nonlinearity = .leakyReLU(0), mode: Fan = .fanIn,
    generator: Generator = .default
  ) -> Tensor {
    let bound = 3.0.squareRoot() * kaimingStd(weight, nonlinearity, mode, "kaimingUniform_")
    return uniform_(weight, -bound, bound, generator: generator)
  }

  /// N(0, s²) with s = gain / √fan
  @discardableResult
  public static func kaimingNormal_(
    _ weight: Tensor, _ nonlinearity: Nonlinearity = .leakyReLU(0), mode: Fan = .fanIn,
    generator: Generator = .default
  ) -> Tensor {
    let std = kaimingStd(weight, nonlinearity, mode, "kaimingNormal_")
    return normal_(weight, 0, std, generator: generator)
  }

  private static func kaimingStd(
    _ weight: Tensor, _ nonlinearity: Nonlinearity, _ mode: Fan, _ operation: String
  ) -> Double {
    let fans = fans(weight, operation)
    return nonlinearity.gain / Double(mode == .fanIn ? fans.fanIn : fans.fanOut).squareRoot()
  }
}
