/// One recorded operation.
///
/// A node knows where its inputs came from and how to turn the gradient of its output into gradients of
/// its inputs. It does not hold its output: a tensor points to the node that made it, the node points to
/// the nodes (or leaves) of its inputs, and so the graph lives exactly as long as a result that needs it.
final class Node {
  /// Where one input came from.
  enum Edge {
    /// The operation that made it.
    case operation(Node)
    /// A leaf, which collects the gradient.
    case leaf(Tensor)
    /// It takes no gradient.
    case constant

    init(_ input: Tensor) {
      if let node = input.node {
        self = .operation(node)
      } else {
        self = input.isTracked ? .leaf(input) : .constant
      }
    }

    var node: Node? { if case .operation(let node) = self { node } else { nil } }
    var leaf: Tensor? { if case .leaf(let leaf) = self { leaf } else { nil } }
  }

  /// Gradient of the loss with respect to the output, and the output itself where the formula reads it,
  /// to the gradients with respect to the inputs; nil for an input that takes none.
  typealias Backward = (_ gradient: Tensor, _ output: Tensor) -> [Tensor?]

  let name: StaticString
  private(set) var edges: [Edge]
  private(set) var backward: Backward?
  /// The output's memory, kept only if the derivative is written in terms of the output.
  private(set) var output: Saved?
  /// One more than the deepest input's. Walking the graph by falling depth meets every consumer of a
  /// value before the operation that made the value: a topological order.
  let depth: Int
  /// The output's.
  let shape: [Int]
  let dtype: DType

  /// What the running backward pass has collected for the output.
  var gradient: Tensor?
  /// The backward pass that last visited this node.
  var visit = 0
  var hooks: [(Tensor) -> Tensor?] = []

  init(
    _ name: StaticString, inputs: [Tensor], output: Tensor, readsOutput: Bool, backward: @escaping Backward
  ) {
    self.name = name
    var depth = 0
    edges = inputs.map { input in
      if let node = input.node { depth = max(depth, node.depth) }
      return Edge(input)
    }
    self.depth = depth + 1
    (shape, dtype) = (output.shape, output.dtype)
    self.backward = backward
    if readsOutput { self.output = Saved(output.alias()) }
  }

  var isFreed: Bool { backward == nil }

  /// Lets go of everything that the derivative needed.
  func free() {
    backward = nil
    output = nil
    edges = []
  }

  /// What a node leaves behind: the only references through which its death could reach further nodes.
  struct Remains {
    let edges: [Edge]
    let backward: Backward?
  }

  // A chain of a million nodes would release itself recursively, node by node, and overflow the stack.
  // Instead the dying node, if it leads to others, puts its references in a list that the outermost death on this thread
  // empties.
  deinit {
    guard backward != nil, edges.contains(where: { $0.node != nil }) else { return }
    let thread = ThreadState.current
    thread.graveyard.append(Remains(edges: edges, backward: backward))
    backward = nil
    edges = []
    guard !thread.isBurying else { return }
    thread.isBurying = true
    while let last = thread.graveyard.popLast() { withExtendedLifetime(last) {} }
    thread.isBurying = false
  }
}

/// A tensor that a derivative will need again, and the state it was in.
struct Saved {
  private let saved: Tensor
  private let version: Int

  init(_ tensor: Tensor) {
    saved = tensor
    version = tensor.storage.version
  }

  var tensor: Tensor {
    check(
      saved.storage.version == version, "backward",
      "a tensor of shape \(describe(saved.shape)) that the gradient needs was changed in place after it was used: "
        + "it is at version \(saved.storage.version), and version \(version) was expected")
    return saved
  }
}

/// Enters an operation in the graph if any of its inputs asks for it.
///
/// - Parameters:
///   - name: The operation, as PyTorch calls it.
///   - output: Its value.
///   - inputs: What it was computed from, in the order in which `backward` returns their gradients.
///   - readsOutput: Whether the derivative is written in terms of the output; it is then handed back.
///   - backward: The derivative.
@inline(__always)
func record(
  _ name: StaticString, _ output: Tensor, _ inputs: Tensor..., readsOutput: Bool = false,
  backward: @escaping Node.Backward
) -> Tensor {
  record(name, output, inputs, readsOutput: readsOutput, backward: backward)
}

func record(
  _ name: StaticString, _ output: Tensor, _ inputs: [Tensor], readsOutput: Bool = false,
  backward: @escaping Node.Backward
) -> Tensor {
  guard inputs.contains(where: \.isTracked), isGradEnabled else { return output }
  output.isTracked = true
  output.node = Node(name, inputs: inputs, output: output, readsOutput: readsOutput, backward: backward)
  return output
}
