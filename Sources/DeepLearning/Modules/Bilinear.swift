/// A layer of two inputs, called as `layer(x1, x2)`: y[…, k] = Σᵢⱼ x₁[…, i] W[k, i, j] x₂[…, j] + b[k], with x₁ of
/// shape (…, in1), x₂ of shape (…, in2) and y of shape (…, out).
public final class Bilinear: Module {
  /// (out, in1, in2)
  public let weight: Tensor
  /// (out)
  public let bias: Tensor?

  /// W and b start as U(−1/√in1, 1/√in1), as in PyTorch.
  public init(_ in1Features: Int, _ in2Features: Int, _ outFeatures: Int, bias: Bool = true) {
    check(
      in1Features > 0 && in2Features > 0 && outFeatures > 0, "Bilinear",
      "needs at least one feature of each input and one output, found \(in1Features), \(in2Features) and "
        + "\(outFeatures)")
    let bound = 1 / Double(in1Features).squareRoot()
    weight = Parameter(Tensor.empty(outFeatures, in1Features, in2Features))
    Init.uniform_(weight, -bound, bound)
    self.bias = bias ? Parameter(Init.uniform_(Tensor.empty(outFeatures), -bound, bound)) : nil
  }

  public var in1Features: Int { weight.shape[1] }
  public var in2Features: Int { weight.shape[2] }
  public var outFeatures: Int { weight.shape[0] }

  public override func forward(_ x1: Tensor, _ x2: Tensor) -> Tensor { bilinear(x1, x2, weight, bias) }

  public override var extraDescription: String {
    "in1_features=\(in1Features), in2_features=\(in2Features), out_features=\(outFeatures), "
      + "bias=\(bias == nil ? "False" : "True")"
  }
}
