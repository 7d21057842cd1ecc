/// A fully connected layer: y = x Wᵀ + b, with x of shape (…, in) and y of shape (…, out).
///
/// Section 4.3 takes a network apart in which it stands.
public final class Linear: Module {
  /// (out, in)
  public let weight: Tensor
  /// (out)
  public let bias: Tensor?

  /// W and b start as U(−1/√in, 1/√in), as in PyTorch.
  public init(_ inFeatures: Int, _ outFeatures: Int, bias: Bool = true) {
    check(
      inFeatures > 0 && outFeatures > 0, "Linear",
      "needs at least one input and one output, found \(inFeatures) and \(outFeatures)")
    weight = Parameter(Tensor.empty(outFeatures, inFeatures))
    Init.kaimingUniform_(weight, .leakyReLU(5.0.squareRoot()))
    let bound = 1 / Double(inFeatures).squareRoot()
    self.bias = bias ? Parameter(Init.uniform_(Tensor.empty(outFeatures), -bound, bound)) : nil
  }

  public var inFeatures: Int { weight.shape[1] }
  public var outFeatures: Int { weight.shape[0] }

  // excerpt: linear-forward
  public override func forward(_ x: Tensor) -> Tensor { linear(x, weight, bias) }
  // end of excerpt

  public override var extraDescription: String {
    "in_features=\(inFeatures), out_features=\(outFeatures), bias=\(bias == nil ? "False" : "True")"
  }
}
