// The nonlinearities as modules, for use in a `Sequential`.

/// max(x, 0)
public final class ReLU: Module {
  public override func forward(_ x: Tensor) -> Tensor { x.relu() }
}

/// x where x > 0, else `slope` · x
public final class LeakyReLU: Module {
  public let slope: Double
  public init(_ slope: Double = 0.01) { self.slope = slope }
  public override func forward(_ x: Tensor) -> Tensor { x.leakyReLU(slope) }
  public override var extraDescription: String { "negative_slope=\(slope)" }
}

/// x where x > 0, else a · x with a slope a that is learned, one or one for each channel; it starts at 0.25
public final class PReLU: Module {
  public let weight: Tensor
  public init(_ count: Int = 1, initial: Double = 0.25) { weight = Parameter(.full([count], initial)) }
  public override func forward(_ x: Tensor) -> Tensor { x.prelu(weight) }
  public override var extraDescription: String { "num_parameters=\(weight.count)" }
}

/// x where x > 0, else α (eˣ − 1)
public final class ELU: Module {
  public let alpha: Double
  public init(_ alpha: Double = 1) { self.alpha = alpha }
  public override func forward(_ x: Tensor) -> Tensor { x.elu(alpha: alpha) }
  public override var extraDescription: String { "alpha=\(alpha)" }
}

/// 1 / (1 + e⁻ˣ)
public final class Sigmoid: Module {
  public override func forward(_ x: Tensor) -> Tensor { x.sigmoid() }
}

/// (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ)
public final class Tanh: Module {
  public override func forward(_ x: Tensor) -> Tensor { x.tanh() }
}

/// x Φ(x)
public final class GELU: Module {
  public override func forward(_ x: Tensor) -> Tensor { x.gelu() }
  public override var extraDescription: String { "approximate='none'" }
}

/// x σ(x)
public final class SiLU: Module {
  public override func forward(_ x: Tensor) -> Tensor { x.silu() }
}

/// ln(1 + eˣ)
public final class Softplus: Module {
  public override func forward(_ x: Tensor) -> Tensor { x.softplus() }
  public override var extraDescription: String { "beta=1.0, threshold=20.0" }
}

/// ln σ(x)
public final class LogSigmoid: Module {
  public override func forward(_ x: Tensor) -> Tensor { x.logSigmoid() }
}

/// The largest of each `pieces` neighboring features
public final class Maxout: Module {
  public let pieces: Int
  public init(_ pieces: Int) { self.pieces = pieces }
  public override func forward(_ x: Tensor) -> Tensor { x.maxout(pieces: pieces) }
  public override var extraDescription: String { "pieces=\(pieces)" }
}

/// e^xᵢ / Σ e^xⱼ along `dim`
public final class Softmax: Module {
  public let dim: Int
  public init(dim: Int) { self.dim = dim }
  public override func forward(_ x: Tensor) -> Tensor { x.softmax(dim: dim) }
  public override var extraDescription: String { "dim=\(dim)" }
}

/// xᵢ − ln Σ e^xⱼ along `dim`
public final class LogSoftmax: Module {
  public let dim: Int
  public init(dim: Int) { self.dim = dim }
  public override func forward(_ x: Tensor) -> Tensor { x.logSoftmax(dim: dim) }
  public override var extraDescription: String { "dim=\(dim)" }
}
