/// Brings each example to mean 0 and variance 1 over its last dimensions, and then scales by γ and shifts by β, which
/// are learned. It does the same in training and in evaluation. See ``layerNorm(_:_:weight:bias:eps:)``.
public final class LayerNorm: Module {
  /// γ, of shape `normalizedShape`, starts as ones; nil without `elementwiseAffine`.
  public let weight: Tensor?
  /// β, of shape `normalizedShape`, starts as zeros; nil where there is none.
  public let bias: Tensor?
  public let normalizedShape: [Int]
  public let eps: Double

  /// - Parameters:
  ///   - normalizedShape: The sizes of the last dimensions, over which is normalized.
  ///   - eps: Is added to the variance.
  ///   - elementwiseAffine: Whether γ and β are learned. Without them they are 1 and 0.
  ///   - bias: Whether there is a β beside γ.
  public init(
    _ normalizedShape: [Int], eps: Double = 1e-5, elementwiseAffine: Bool = true, bias: Bool = true
  ) {
    check(
      !normalizedShape.isEmpty && normalizedShape.allSatisfy { $0 > 0 }, "LayerNorm",
      "cannot normalize over the shape \(describe(normalizedShape))")
    self.normalizedShape = normalizedShape
    self.eps = eps
    weight = elementwiseAffine ? Parameter(.ones(normalizedShape)) : nil
    self.bias = elementwiseAffine && bias ? Parameter(.zeros(normalizedShape)) : nil
  }

  /// Over the last dimension alone.
  public convenience init(
    _ features: Int, eps: Double = 1e-5, elementwiseAffine: Bool = true, bias: Bool = true
  ) {
    self.init([features], eps: eps, elementwiseAffine: elementwiseAffine, bias: bias)
  }

  public override func forward(_ x: Tensor) -> Tensor {
    layerNorm(x, normalizedShape, weight: weight, bias: bias, eps: eps)
  }

  public override var extraDescription: String {
    "\(describe(normalizedShape)), eps=\(pythonic(eps)), "
      + "elementwise_affine=\(weight == nil ? "False" : "True"), bias=\(bias == nil ? "False" : "True")"
  }
}

/// Brings each example's groups of neighboring channels to mean 0 and variance 1, and then scales each channel by γ
/// and shifts it by β, which are learned. It does the same in training and in evaluation. See
/// ``groupNorm(_:_:weight:bias:eps:)``.
public final class GroupNorm: Module {
  /// γ, (C), starts as ones; nil without `affine`.
  public let weight: Tensor?
  /// β, (C), starts as zeros; nil where there is none.
  public let bias: Tensor?
  public let numGroups: Int
  public let numChannels: Int
  public let eps: Double

  /// - Parameters:
  ///   - numGroups: Into how many groups the channels are divided; 1 takes all of them together.
  ///   - numChannels: C, a multiple of `numGroups`.
  ///   - eps: Is added to the variance.
  ///   - affine: Whether γ and β are learned. Without them they are 1 and 0.
  ///   - bias: Whether there is a β beside γ.
  public init(
    _ numGroups: Int, _ numChannels: Int, eps: Double = 1e-5, affine: Bool = true, bias: Bool = true
  ) {
    check(
      numGroups > 0 && numChannels > 0 && numChannels % numGroups == 0, "GroupNorm",
      "\(numChannels) channels do not divide into \(numGroups) groups")
    self.numGroups = numGroups
    self.numChannels = numChannels
    self.eps = eps
    weight = affine ? Parameter(.ones(numChannels)) : nil
    self.bias = affine && bias ? Parameter(.zeros(numChannels)) : nil
  }

  public override func forward(_ x: Tensor) -> Tensor {
    check(
      x.rank >= 2 && x.shape[1] == numChannels, "GroupNorm",
      "needs input of shape (N, \(numChannels), …), found \(describe(x.shape))")
    return groupNorm(x, numGroups, weight: weight, bias: bias, eps: eps)
  }

  public override var extraDescription: String {
    "\(numGroups), \(numChannels), eps=\(pythonic(eps)), "
      + "affine=\(weight == nil ? "False" : "True"), bias=\(bias == nil ? "False" : "True")"
  }
}

/// A number as Python writes it: 1e-05 where Swift has 1e-5.
func pythonic(_ number: Double) -> String {
  let text = "\(number)"
  guard let exponent = text.firstRange(of: "e-"), text[exponent.upperBound...].count == 1 else { return text }
  return text[..<exponent.upperBound] + "0" + text[exponent.upperBound...]
}
