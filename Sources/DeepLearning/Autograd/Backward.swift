import Synchronization

extension Tensor {
  /// Computes the gradient of this tensor with respect to every leaf it was made from, and adds it to
  /// the leaf's ``grad``.
  ///
  /// - Parameters:
  ///   - gradient: ∂L/∂(this tensor), of the same shape. May be left out where this is the loss itself,
  ///     a single number: ∂L/∂L = 1.
  ///   - retainGraph: Whether the graph is kept for a further pass. Otherwise it is freed on the way.
  ///   - createGraph: Whether the gradients are themselves recorded, for gradients of gradients.
  public func backward(_ gradient: Tensor? = nil, retainGraph: Bool? = nil, createGraph: Bool = false) {
    let start = seed(gradient, for: "backward")
    BackwardPass(retainGraph: retainGraph ?? createGraph, createGraph: createGraph, wanted: [])
      .run(from: [(self, start)])
  }

  fileprivate func seed(_ gradient: Tensor?, for operation: String) -> Tensor {
    check(
      requiresGrad, operation,
      "this tensor was not computed from any tensor with requiresGrad, so it has no gradient")
    guard let gradient else {
      check(
        count == 1, operation,
        "only a single number has a gradient without being told of one, and this tensor has shape \(describe(shape)); "
          + "reduce it to a loss, or pass the gradient of the loss with respect to it")
      return Tensor.ones(like: self)
    }
    check(
      gradient.shape == shape, operation,
      "the gradient has shape \(describe(gradient.shape)), the tensor \(describe(shape)); they must be the same"
    )
    return gradient.to(dtype)
  }

  /// Adds to ``grad``. A gradient whose memory is nobody else's (`isOwned`) is kept as it is; any other is
  /// copied, because gradients are clipped in place.
  fileprivate func accumulateGrad(_ gradient: Tensor, isOwned: Bool, createGraph: Bool) {
    if let sum = grad {
      grad = sum + gradient
    } else if createGraph || (isOwned && gradient.isContiguous) {
      grad = gradient
    } else {
      grad = gradient.clone()
    }
  }

  /// Calls `hook` with this tensor's gradient whenever a backward pass has computed it, once it is complete.
  /// What the hook returns, if anything, takes the gradient's place.
  public func registerHook(_ hook: @escaping (Tensor) -> Tensor?) {
    check(requiresGrad, "registerHook", "this tensor takes no gradient")
    if let node { node.hooks.append(hook) } else { leafHooks.append(hook) }
  }

  /// Makes backward keep the gradient of an intermediate result in ``grad``, as it does for leaves.
  public func retainGrad() {
    guard node != nil else { return }
    registerHook { [weak self] gradient in
      self?.grad = gradient
      return nil
    }
  }
}

/// The gradients of `outputs` with respect to `inputs`, returned instead of accumulated.
///
/// - Parameters:
///   - gradients: ∂L/∂(each output); may be left out for outputs that are single numbers.
///   - createGraph: Whether the results are recorded, so that they can be differentiated again.
/// - Returns: One gradient for each input; nil for an input that no output depends on.
public func grad(
  _ outputs: [Tensor], _ inputs: [Tensor], gradients: [Tensor]? = nil, retainGraph: Bool? = nil,
  createGraph: Bool = false
) -> [Tensor?] {
  check(
    gradients == nil || gradients?.count == outputs.count, "grad",
    "\(gradients?.count ?? 0) gradients for \(outputs.count) outputs")
  let starts = outputs.enumerated().map { i, output in (output, output.seed(gradients?[i], for: "grad")) }
  let pass = BackwardPass(retainGraph: retainGraph ?? createGraph, createGraph: createGraph, wanted: inputs)
  pass.run(from: starts)
  return pass.results
}

/// The gradient of one number with respect to one tensor.
public func grad(_ output: Tensor, _ input: Tensor, createGraph: Bool = false) -> Tensor? {
  grad([output], [input], createGraph: createGraph)[0]
}

/// What the hooks, one after the other, make of a gradient.
private func passed(_ gradient: Tensor, through hooks: [(Tensor) -> Tensor?]) -> Tensor {
  var gradient = gradient
  for hook in hooks {
    guard let replacement = hook(gradient) else { continue }
    check(
      replacement.shape == gradient.shape, "hook",
      "the gradient has shape \(describe(gradient.shape)), what the hook returned \(describe(replacement.shape)); "
        + "they must be the same")
    gradient = replacement.to(gradient.dtype)
  }
  return gradient
}

/// One walk through the graph, from results back to leaves. Section 3.6 quotes its loop.
private final class BackwardPass {
  private let retainGraph: Bool
  private let createGraph: Bool
  private let wanted: [Tensor]
  private(set) var results: [Tensor?]
  /// Leaves with hooks, and what has come in for them: a hook is to see the sum over all uses.
  private var waiting: [(leaf: Tensor, gradient: Tensor)] = []
  private static let passCount = Atomic(0)

  init(retainGraph: Bool, createGraph: Bool, wanted: [Tensor]) {
    self.retainGraph = retainGraph
    self.createGraph = createGraph
    self.wanted = wanted
    results = Array(repeating: nil, count: wanted.count)
  }

  func run(from starts: [(Tensor, Tensor)]) {
    withGrad(enabled: createGraph) {
      for (tensor, gradient) in starts { deliver(gradient, isOwned: false, to: Node.Edge(tensor)) }
      // excerpt: deepest-first
      var order = reachable(from: starts.compactMap(\.0.node))
      // Deepest last: the next node to handle is always at the end, and is let go as it is taken.
      order.sort { $0.depth < $1.depth }
      while let node = order.popLast() { process(node) }
      // end of excerpt
      for (leaf, gradient) in waiting {
        settle(passed(gradient, through: leaf.leafHooks), isOwned: false, leaf: leaf)
      }
    }
  }

  /// Every node from which the results were computed.
  private func reachable(from roots: [Node]) -> [Node] {
    let visit = Self.passCount.add(1, ordering: .relaxed).newValue
    var found: [Node] = []
    var pending = roots
    while let node = pending.popLast() {
      guard node.visit != visit else { continue }
      node.visit = visit
      found.append(node)
      for edge in node.edges { if let next = edge.node, next.visit != visit { pending.append(next) } }
    }
    return found
  }

  private func process(_ node: Node) {
    guard let collected = node.gradient else { return }
    node.gradient = nil
    let gradient = passed(collected, through: node.hooks)
    for (i, input) in wanted.enumerated() where input.node === node { results[i] = gradient }
    guard let backward = node.backward else {
      fail(
        "backward",
        "this part of the graph (\(node.name)) was freed by an earlier pass; call that one with retainGraph: true"
      )
    }
    let inputGradients = backward(gradient, output(of: node) ?? gradient)
    let edges = node.edges
    if !retainGraph { node.free() }
    for (i, edge) in edges.enumerated() {
      let shape: [Int]
      let dtype: DType
      switch edge {
      case .operation(let node): (shape, dtype) = (node.shape, node.dtype)
      case .leaf(let leaf): (shape, dtype) = (leaf.shape, leaf.dtype)
      case .constant: continue
      }
      guard let inputGradient = inputGradients[i] else { continue }
      let isShared =
        inputGradient === gradient
        || inputGradients.indices.contains { $0 != i && inputGradients[$0] === inputGradient }
      let result = summed(inputGradient, to: shape).to(dtype)
      deliver(result, isOwned: !isShared && result.ownsStorage, to: edge)
    }
  }

  /// The output that a derivative reads. For gradients of gradients it takes its place in the graph again;
  /// the node itself cannot hold it so, because the two would keep each other alive.
  private func output(of node: Node) -> Tensor? {
    guard let output = node.output?.tensor, createGraph else { return node.output?.tensor }
    let attached = output.alias()
    attached.node = node
    attached.isTracked = true
    return attached
  }

  private func deliver(_ gradient: Tensor, isOwned: Bool, to edge: Node.Edge) {
    switch edge {
    case .operation(let node):
      node.gradient = node.gradient.map { $0 + gradient } ?? gradient
    case .leaf(let leaf) where leaf.leafHooks.isEmpty:
      settle(gradient, isOwned: isOwned, leaf: leaf)
    case .leaf(let leaf):
      if let i = waiting.firstIndex(where: { $0.leaf === leaf }) {
        waiting[i].gradient = waiting[i].gradient + gradient
      } else {
        waiting.append((leaf, gradient))
      }
    case .constant: break
    }
  }

  /// Brings the gradient of a leaf to its destination.
  private func settle(_ gradient: Tensor, isOwned: Bool, leaf: Tensor) {
    if wanted.isEmpty {
      leaf.accumulateGrad(gradient, isOwned: isOwned, createGraph: createGraph)
    } else {
      for (i, input) in wanted.enumerated() where input === leaf {
        results[i] = results[i].map { $0 + gradient } ?? gradient
      }
    }
  }
}

/// Undoes broadcasting: sums the gradient over the dimensions along which the input was stretched.
func summed(_ gradient: Tensor, to shape: [Int]) -> Tensor {
  if gradient.shape == shape { return gradient }
  let extra = gradient.rank - shape.count
  var stretched = Array(0..<extra)
  for d in 0..<shape.count where shape[d] == 1 && gradient.shape[extra + d] != 1 {
    stretched.append(extra + d)
  }
  let sum = stretched.isEmpty ? gradient : gradient.sum(dims: stretched, keepDim: true)
  return sum.reshape(shape)
}
