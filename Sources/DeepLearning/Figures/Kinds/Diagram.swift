extension Figure {
  /// A node of a diagram.
  public struct Node: Sendable {
    public enum Shape: Sendable { case box, circle }

    public var id: String
    /// May have several lines.
    public var label: String
    public var shape: Shape
    public var color: FigureColor

    public init(_ id: String, label: String? = nil, shape: Shape = .box, color: FigureColor = .blue) {
      (self.id, self.label, self.shape, self.color) = (id, label ?? id, shape, color)
    }
  }

  /// An arrow of a diagram, from node to node.
  public struct Edge: Sendable {
    public var from: String
    public var to: String
    public var label: String
    public var color: FigureColor

    public init(_ from: String, _ to: String, label: String = "", color: FigureColor = .gray) {
      (self.from, self.to, self.label, self.color) = (from, to, label, color)
    }
  }

  /// A directed graph without cycles, laid out from left to right: every arrow points right.
  public func graph(nodes: [Node], edges: [Edge]) -> Figure {
    adding(Diagram(layingOut: nodes, edges: edges))
  }

  /// The units of a feed-forward network in columns, with every connection.
  ///
  /// - Parameters:
  ///   - layers: units per layer; of more than ten, the first and last are drawn with dots between.
  ///   - names: what stands under each layer.
  ///   - unitLabels: for each layer, what stands in its units.
  ///   - weights: for each layer but the first, its matrix (out, in): the connection's color shows the
  ///     sign, its width the size.
  public func network(
    layers: [Int], names: [String] = [], unitLabels: [[String]] = [], weights: [[[Double]]] = []
  ) -> Figure {
    adding(Diagram(networkOf: layers, names: names, unitLabels: unitLabels, weights: weights))
  }
}

/// Nodes and arrows with places, in pixels of the picture as it would like to be; y grows upwards.
struct Diagram: Layer {
  struct PlacedNode {
    var label: String
    var center: Point
    var size: PixelSize
    var shape: Figure.Node.Shape
    var color: FigureColor
    /// Text alone, without an outline.
    var isPlain = false
  }

  struct PlacedEdge {
    /// From node to node, through the points that lead around others.
    var route: [Point]
    var label: String
    var color: FigureColor
    var width: Double
    var hasHead: Bool
  }

  var nodes: [PlacedNode] = []
  var edges: [PlacedEdge] = []
  var problem: LayerProblem?
  var name: String { "diagram" }
  var summary: String {
    let labels = nodes.map { $0.label.split(separator: "\n").joined(separator: " ") }.filter { !$0.isEmpty }
    let noun = (edges.contains { $0.hasHead } ? "arrow" : "line") + (edges.count == 1 ? "" : "s")
    let joined = edges.isEmpty ? "" : ", joined by \(edges.count) \(noun)"
    return "diagram of \(labels.joined(separator: ", "))\(joined)"
  }

  static let fontSize = 13.0

  private var box: (low: Point, high: Point) {
    let x =
      finiteRange(nodes.flatMap { [$0.center.x - $0.size.width / 2, $0.center.x + $0.size.width / 2] })
      ?? 0...1
    let y =
      finiteRange(nodes.flatMap { [$0.center.y - $0.size.height / 2, $0.center.y + $0.size.height / 2] })
      ?? 0...1
    return (Point(x: x.lowerBound - 6, y: y.lowerBound - 6), Point(x: x.upperBound + 6, y: y.upperBound + 6))
  }
  var extent: Extent { Extent(points: [box.low, box.high], kind: .frame) }
  var naturalSize: PixelSize? {
    PixelSize(width: max(box.high.x - box.low.x + 30, 320), height: box.high.y - box.low.y + 60)
  }

  func draw(in panel: inout Panel) {
    panel.clearAxes()
    let (low, high) = box
    let scale = min(
      1, (panel.size.width - 30) / (high.x - low.x), (panel.size.height - 60) / (high.y - low.y))

    for edge in edges {
      let stroke = "lw \(gnuplotNumber(edge.width)) lc rgb \(edge.color.quoted)"
      for (index, (from, to)) in zip(edge.route, edge.route.dropFirst()).enumerated() {
        let isLast = index == edge.route.count - 2
        let head = edge.hasHead && isLast ? "head filled size \(gnuplotNumber(9)),20 fixed" : "nohead"
        panel.set("arrow from \(place(from)) to \(place(to)) \(head) back \(stroke)")
      }
      if !edge.label.isEmpty, let from = edge.route.first, let to = edge.route.last {
        panel.text(
          edge.label, x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 + 8, color: edge.color.darker,
          size: Self.fontSize * scale)
      }
    }
    for node in nodes {
      if panel.isText && node.shape == .circle {
        panel.text("(\(node.label))", x: node.center.x, y: node.center.y)
        continue
      }
      if !node.isPlain {
        let fill =
          "fc rgb \(node.color.tint(0.14).quoted) fs solid 1 border lc rgb \(node.color.quoted) lw 1.4"
        switch node.shape {
        case .circle:
          panel.set(
            "object circle at \(place(node.center)) size \(gnuplotNumber(node.size.width / 2)) front \(fill)")
        case .box:
          let size = "\(gnuplotNumber(node.size.width)),\(gnuplotNumber(node.size.height))"
          panel.set("object rectangle center \(place(node.center)) size \(size) front \(fill)")
        }
      }
      // The lines of a label stand around its place; gnuplot centers only the first of them.
      let lines = node.label.split(separator: "\n", omittingEmptySubsequences: false)
      for (index, line) in lines.enumerated() where !line.isEmpty {
        let shift = (Double(lines.count - 1) / 2 - Double(index)) * Self.fontSize * 1.3
        panel.text(String(line), x: node.center.x, y: node.center.y + shift, size: Self.fontSize * scale)
      }
    }
  }

  private func place(_ point: Point) -> String { "\(gnuplotNumber(point.x)),\(gnuplotNumber(point.y))" }
}
