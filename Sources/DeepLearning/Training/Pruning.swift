#if canImport(Glibc)
  import Glibc
#else
  import Foundation
#endif

/// Removes the weights of a model that matter least, those of the smallest magnitude, and keeps them 0.
///
///     let start = model.stateDict().clone()
///     train(model)
///     let pruning = Pruning(model)
///     pruning.prune(to: 0.9)         // nine weights in ten become 0
///     let optimizer = SGD(model.parameters(), lr: 0.1, momentum: 0.9, weightDecay: 1e-4)
///     pruning.hold(in: optimizer)    // and stay 0 while the others learn on
///     try pruning.rewind(to: start)  // from where they once began
///
/// Each weight w has a number m in a mask, 1 or 0, and w ← m w after every step of the optimizer, whatever
/// momentum, decay or a gradient have done to it.
///
/// What is pruned stays pruned: pruning further, to 0.95, chooses among the weights that are left. Doing so in
/// rounds with training in between keeps more of what the network knows than one cut (``sparsities(to:rounds:)``).
///
/// S. Han et al., "Learning both Weights and Connections for Efficient Neural Networks", NIPS 2015.
public final class Pruning {
  /// Among which weights the smallest are looked for.
  public enum Scope: Sendable {
    /// Among all together: layers may lose more or less than their share.
    case global
    /// In every tensor by itself.
    case perLayer
  }

  private let model: Module
  private let weights: [(name: String, tensor: Tensor)]
  private var kept: [Tensor]

  /// Prunes nothing yet.
  ///
  /// - Parameter isPruned: Which parameters may be pruned. By default those of two dimensions and more: weights, not
  ///   biases.
  public init(
    _ model: Module, where isPruned: (_ name: String, _ parameter: Tensor) -> Bool = { $1.rank >= 2 }
  ) {
    self.model = model
    weights = model.namedParameters().filter { isPruned($0.name, $0.tensor) }
    check(!weights.isEmpty, "Pruning", "the model has no parameter to prune")
    kept = weights.map { .ones($0.tensor.shape, dtype: $0.tensor.dtype) }
  }

  /// The mask of each parameter that is pruned, by the parameter's name: 1 where a weight is left, 0 elsewhere.
  public var masks: [(name: String, mask: Tensor)] { zip(weights, kept).map { ($0.name, $1) } }

  /// The part of the weights that are pruned, from 0 to 1.
  public var sparsity: Double {
    1 - Double(keptCount) / Double(weights.reduce(0) { $0 + $1.tensor.count })
  }

  /// How many weights are left.
  public var keptCount: Int { kept.reduce(0) { $0 + Int($1.to(.int64).sum().item()) } }

  /// Prunes until the part `sparsity` of the weights is 0, those of the smallest magnitude, and sets them to 0.
  ///
  /// Of n weights round(`sparsity` n) are 0 then, or more where more had been pruned before.
  ///
  /// - Parameter scope: Whether n counts the weights of all layers or, for each, its own.
  public func prune(to sparsity: Double, scope: Scope = .global) {
    check((0...1).contains(sparsity), "prune", "the sparsity \(sparsity) is not between 0 and 1")
    let all = Array(weights.indices)
    noGrad {
      for group in scope == .global ? [all] : all.map({ [$0] }) { prune(group, to: sparsity) }
      apply()
    }
  }

  private func prune(_ group: [Int], to sparsity: Double) {
    // Pruned weights come first, whatever they are by now.
    let sizes = cat(
      group.map { weights[$0].tensor.abs().maskedFill(kept[$0] .== 0, -1).flatten().to(.float64) })
    let count = max(
      Int((sparsity * Double(sizes.count)).rounded()), Int((sizes .< 0).to(.int64).sum().item()))
    let smallest = sizes.topK(count, largest: false).indices
    let mask = Tensor.ones([sizes.count], dtype: .float64).scatter(0, smallest, 0.0)
    var start = 0
    for i in group {
      kept[i].copy_(mask.narrow(0, start, kept[i].count).reshape(kept[i].shape))
      start += kept[i].count
    }
  }

  /// w ← m w. For loops without an optimizer; ``hold(in:)`` sees to it otherwise.
  public func apply() {
    noGrad { for (weight, mask) in zip(weights, kept) { weight.tensor.mul_(mask) } }
  }

  /// Has the masks applied after every step of `optimizer` from now on.
  public func hold(in optimizer: Optimizer) { optimizer.registerStepPostHook { self.apply() } }

  /// Gives the weights that are left, and all other parameters and buffers, the values in `state`: those of the
  /// model's own start, or of another one for comparison. Pruned weights stay 0.
  ///
  /// - Throws: ``StateDictError`` where the state does not fit the model.
  public func rewind(to state: StateDict) throws(StateDictError) {
    try model.loadStateDict(state)
    apply()
  }

  /// Sparsities for pruning in rounds, in each of which the same part of the weights left is pruned:
  /// 1 − (1 − s)^(i/n) for i = 1 ... n, the last of which is s.
  public static func sparsities(to sparsity: Double, rounds: Int) -> [Double] {
    check((0..<1).contains(sparsity), "sparsities", "the sparsity \(sparsity) is not at least 0 and below 1")
    check(rounds >= 1, "sparsities", "needs at least one round, not \(rounds)")
    return (1..<rounds).map { 1 - pow(1 - sparsity, Double($0) / Double(rounds)) } + [sparsity]
  }
}
