/// Stochastic weight averaging: a second model whose parameters are the mean of those that a first one has had.
///
///     let averaged = AveragedModel(Classifier())    // of the same layers as `model`
///     for epoch in 0..<epochs {
///       train(model)
///       if epoch >= epochs * 3 / 4 { averaged.updateParameters(from: model) }
///     }
///     averaged.eval()(x)
///
/// θ̄ ← θ̄ + (θ − θ̄) / (n + 1), where n sets of parameters have been averaged already.
///
/// Steps at a constant learning rate wander about a good place; their mean lies nearer to its middle. Buffers are
/// the first model's last ones: running statistics of batch normalization do not belong to the averaged weights,
/// and are to be computed anew by running some batches in training mode.
///
/// P. Izmailov et al., "Averaging Weights Leads to Wider Optima and Better Generalization", UAI 2018.
public final class AveragedModel: Module {
  public let module: Module
  private let averagedCount = Buffer(Tensor(0))

  /// - Parameter module: What is to hold the averages; its own first values do not count.
  public init(_ module: Module) { self.module = module }

  public override var propertyNames: [String: String] { ["averagedCount": "n_averaged"] }

  /// n, how many sets of parameters have been averaged.
  public var count: Int { Int(averagedCount.item()) }

  public override func forward(_ x: Tensor) -> Tensor { module(x) }

  /// Adds the parameters that `model` has now to the average.
  public func updateParameters(from model: Module) {
    let (own, other) = (module.namedParameters(), model.namedParameters())
    check(
      own.map(\.name) == other.map(\.name)
        && zip(own, other).allSatisfy { $0.tensor.shape == $1.tensor.shape },
      "AveragedModel", "the two models differ in their parameters")
    noGrad {
      for (average, new) in zip(own, other) {
        average.tensor.add_((new.tensor - average.tensor) / Double(count + 1))
      }
      for (own, other) in zip(module.buffers(), model.buffers()) { own.copy_(other) }
      averagedCount.add_(1)
    }
  }
}
