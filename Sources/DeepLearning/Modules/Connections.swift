// Ways around a layer: blocks whose input reaches their output without passing through anything.

/// y = x + f(x): the body f learns what is to be changed about its input, and the gradient reaches x undiminished,
/// ∂y/∂x = 1 + f′(x).
///
///     let block = Residual(Sequential(Linear(64, 64), ReLU(), Linear(64, 64)))
///
/// K. He, X. Zhang, S. Ren and J. Sun, "Deep Residual Learning for Image Recognition", CVPR 2016.
public final class Residual: Module {
  public let body: Module
  /// What brings x into the shape of f(x), where that is another one; nil passes x on as it is.
  public let shortcut: Module?

  /// - Parameter shortcut: For a body that changes the shape: what is applied to x before it is added.
  public init(_ body: Module, shortcut: Module? = nil) {
    self.body = body
    self.shortcut = shortcut
  }

  public override func forward(_ x: Tensor) -> Tensor {
    let change = body(x)
    let kept = shortcut?(x) ?? x
    check(
      change.shape == kept.shape, "Residual",
      "the body's result \(describe(change.shape)) cannot be added to the input \(describe(kept.shape)); "
        + "a shortcut must give it the same shape")
    return kept + change
  }
}

/// Layers each of which sees the input and the results of all layers before it, joined along the features
/// (dimension 1): x₁ = f₁(x), x₂ = f₂([x, x₁]), x₃ = f₃([x, x₁, x₂]), … The block gives back all of them,
/// [x, x₁, x₂, x₃, …].
///
///     let block = DenseBlock(64, growth: 16, layers: 4) { Sequential(Linear($0, $1), ReLU()) }
///
/// G. Huang, Z. Liu, L. van der Maaten and K. Weinberger, "Densely Connected Convolutional Networks", CVPR 2017.
public final class DenseBlock: Module {
  public let layers: [Module]

  public init(_ layers: [Module]) { self.layers = layers }

  /// Layers that add `growth` features each to the `inFeatures` of the input.
  ///
  /// - Parameter makeLayer: Makes a layer, given the numbers of features that it sees and that it adds.
  public convenience init(
    _ inFeatures: Int, growth: Int, layers: Int, _ makeLayer: (_ inFeatures: Int, _ growth: Int) -> Module
  ) {
    self.init((0..<layers).map { makeLayer(inFeatures + $0 * growth, growth) })
  }

  public override func forward(_ x: Tensor) -> Tensor {
    layers.reduce(x) { known, layer in cat([known, layer(known)], dim: 1) }
  }
}

/// y = t ⊙ h(x) + (1 − t) ⊙ x with a gate t = σ(W x + b) for each feature: the layer learns where to transform its input
/// and where to carry it over.
///
/// R. K. Srivastava, K. Greff and J. Schmidhuber, "Training Very Deep Networks", NIPS 2015.
public final class Highway: Module {
  /// h, which keeps the number of features.
  public let body: Module
  public let gate: Linear

  /// - Parameters:
  ///   - features: Number of features of the input and the output.
  ///   - gateBias: Where b starts. Below 0 the gates begin nearly closed, and the block nearly as the identity.
  ///   - body: h; a linear layer and a ReLU if left out.
  public init(_ features: Int, gateBias: Double = -2, body: Module? = nil) {
    self.body = body ?? Sequential(Linear(features, features), ReLU())
    gate = Linear(features, features)
    Init.constant_(gate.bias!, gateBias)
  }

  public override func forward(_ x: Tensor) -> Tensor {
    let change = body(x)
    check(
      change.shape == x.shape, "Highway",
      "the body turns \(describe(x.shape)) into \(describe(change.shape)); it must keep the shape")
    return x + gate(x).sigmoid() * (change - x)
  }
}
