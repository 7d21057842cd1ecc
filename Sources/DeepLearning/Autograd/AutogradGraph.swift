/// The recorded graph behind a result, for looking at.
public struct AutogradGraph: Sendable {
  public struct Node: Sendable {
    /// The operation ("Mul"), or the name and shape of a leaf.
    public let label: String
    /// Whether this is a tensor that collects a gradient rather than an operation.
    public let isLeaf: Bool
    /// The longest way from a leaf, 0 for leaves: a column to draw the node in.
    public let depth: Int
  }

  public let nodes: [Node]
  /// Pairs of positions in ``nodes``, in the direction of the computation: from input to result.
  public let edges: [(from: Int, to: Int)]

  /// Walks the graph of `result`. Leaves listed in `names` carry their name.
  public init(of result: Tensor, names: KeyValuePairs<String, Tensor> = [:]) {
    var nodes: [Node] = []
    var edges: [(from: Int, to: Int)] = []
    var known: [ObjectIdentifier: Int] = [:]

    func enter(_ object: AnyObject, _ node: @autoclosure () -> Node) -> (position: Int, isNew: Bool) {
      if let position = known[ObjectIdentifier(object)] { return (position, false) }
      known[ObjectIdentifier(object)] = nodes.count
      nodes.append(node())
      return (nodes.count - 1, true)
    }
    func leafNode(_ leaf: Tensor) -> Node {
      let name = names.first { $0.value === leaf }?.key
      let label = name ?? "leaf"
      return Node(label: leaf.rank == 0 ? label : "\(label) \(describe(leaf.shape))", isLeaf: true, depth: 0)
    }

    guard let root = result.node else {
      self.nodes = [leafNode(result)]
      self.edges = []
      return
    }
    var pending = [root]
    _ = enter(root, Node(label: Self.label(root.name), isLeaf: false, depth: root.depth))
    while let node = pending.popLast() {
      let to = known[ObjectIdentifier(node)]!
      for edge in node.edges {
        if let next = edge.node {
          let (from, isNew) = enter(
            next, Node(label: Self.label(next.name), isLeaf: false, depth: next.depth))
          edges.append((from, to))
          if isNew { pending.append(next) }
        } else if let leaf = edge.leaf {
          edges.append((enter(leaf, leafNode(leaf)).position, to))
        }
      }
    }
    self.nodes = nodes
    self.edges = edges
  }

  /// "MulBackward0" is the node of "Mul".
  private static func label(_ name: StaticString) -> String {
    let text = "\(name)"
    return text.range(of: "Backward").map { String(text[..<$0.lowerBound]) } ?? text
  }

  /// The graph in Graphviz's language: `dot -Tsvg graph.dot`.
  public var dot: String {
    var lines = ["digraph autograd {", "  rankdir=LR;", "  node [fontname=\"sans-serif\"];"]
    for (i, node) in nodes.enumerated() {
      let style = node.isLeaf ? "shape=box, style=filled, fillcolor=\"#dbe9f6\"" : "shape=ellipse"
      lines.append("  n\(i) [label=\"\(Self.escaped(node.label))\", \(style)];")
    }
    for edge in edges { lines.append("  n\(edge.from) -> n\(edge.to);") }
    return (lines + ["}", ""]).joined(separator: "\n")
  }

  private static func escaped(_ text: String) -> String {
    text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
  }
}

extension StringProtocol {
  /// The first place where `part` stands. (Foundation has this; the engine does without it.)
  fileprivate func range(of part: String) -> Range<Index>? {
    indices.first { self[$0...].hasPrefix(part) }.map { $0..<index($0, offsetBy: part.count) }
  }
}
