extension Diagram {
  /// Lays a graph out from left to right in four steps: a column for each node, points where a long arrow
  /// crosses a column, an order in each column with few crossings, and heights near those of the neighbors.
  init(layingOut given: [Figure.Node], edges arrows: [Figure.Edge]) {
    var indexOf: [String: Int] = [:]
    for (index, node) in given.enumerated() { indexOf[node.id] = index }
    for edge in arrows {
      for end in [edge.from, edge.to] where indexOf[end] == nil {
        problem = .mismatch(expected: "edges between known nodes", found: "an edge at \"\(end)\"")
        return
      }
    }
    let links = arrows.map { (from: indexOf[$0.from]!, to: indexOf[$0.to]!) }
    guard !given.isEmpty, indexOf.count == given.count else {
      problem =
        given.isEmpty ? .empty : .mismatch(expected: "a different id for each node", found: "one twice")
      return
    }
    guard var column = Self.columns(count: given.count, links: links) else {
      problem = .mismatch(expected: "a graph without cycles", found: "a cycle")
      return
    }

    // A long arrow gets a point in every column it crosses, which keeps it clear of the nodes there.
    var paths: [[Int]] = []
    for link in links {
      var path = [link.from]
      for crossed in (column[link.from] + 1)..<max(column[link.from] + 1, column[link.to]) {
        path.append(column.count)
        column.append(crossed)
      }
      paths.append(path + [link.to])
    }
    var neighbors = [[Int]](repeating: [], count: column.count)
    for path in paths {
      for (a, b) in zip(path, path.dropFirst()) {
        neighbors[a].append(b)
        neighbors[b].append(a)
      }
    }

    let sizes = column.indices.map { index in
      index < given.count ? Self.size(of: given[index]) : PixelSize(width: 0, height: 14)
    }
    let y = Self.heights(column: column, neighbors: neighbors, sizes: sizes)

    let columnCount = (column.max() ?? 0) + 1
    var x = [Double](repeating: 0, count: columnCount)
    var right = 0.0
    for index in 0..<columnCount {
      let width = column.indices.filter { column[$0] == index }.map { sizes[$0].width }.max() ?? 0
      x[index] = right + width / 2
      right += width + 54
    }

    func center(_ index: Int) -> Point { Point(x: x[column[index]], y: y[index]) }
    nodes = given.enumerated().map { index, node in
      PlacedNode(
        label: node.label, center: center(index), size: sizes[index], shape: node.shape, color: node.color)
    }
    var count: [[Int]: Int] = [:]
    for path in paths { count[[path[0], path[path.count - 1]], default: 0] += 1 }
    var seen: [[Int]: Int] = [:]
    edges = zip(arrows, paths).map { edge, path in
      // Parallel arrows, as of b in b + b, run side by side.
      let ends = [path[0], path[path.count - 1]]
      let lane = 10 * (Double(seen[ends, default: 0]) - Double(count[ends]! - 1) / 2)
      seen[ends, default: 0] += 1
      var route = path.map { Point(x: center($0).x, y: center($0).y - lane) }
      route[0] = Self.border(of: given[path[0]].shape, at: route[0], size: sizes[path[0]], towards: route[1])
      let last = path[path.count - 1]
      let end = route.count - 1
      route[end] = Self.border(
        of: given[last].shape, at: route[end], size: sizes[last], towards: route[end - 1])
      return PlacedEdge(route: route, label: edge.label, color: edge.color, width: 1.3, hasHead: true)
    }
  }

  /// The longest path to each node, with sources moved right to just before what they feed; nil for a cycle.
  private static func columns(count: Int, links: [(from: Int, to: Int)]) -> [Int]? {
    var column = [Int](repeating: 0, count: count)
    var waiting = [Int](repeating: 0, count: count)
    var outgoing = [[Int]](repeating: [], count: count)
    for link in links {
      waiting[link.to] += 1
      outgoing[link.from].append(link.to)
    }
    let sources = (0..<count).filter { waiting[$0] == 0 }
    var ready = sources
    var done = 0
    while let node = ready.popLast() {
      done += 1
      for next in outgoing[node] {
        column[next] = max(column[next], column[node] + 1)
        waiting[next] -= 1
        if waiting[next] == 0 { ready.append(next) }
      }
    }
    guard done == count else { return nil }
    for source in sources {
      if let first = outgoing[source].map({ column[$0] }).min() { column[source] = first - 1 }
    }
    return column
  }

  /// Heights such that nothing overlaps within a column and arrows run as level as that allows.
  private static func heights(column: [Int], neighbors: [[Int]], sizes: [PixelSize]) -> [Double] {
    let columnCount = (column.max() ?? 0) + 1
    var members = (0..<columnCount).map { index in column.indices.filter { column[$0] == index } }
    var y = [Double](repeating: 0, count: column.count)
    for group in members { stack(group, at: group.map { _ in 0 }, sizes: sizes, into: &y) }
    for sweep in 0..<24 {
      let order = sweep % 2 == 0 ? Array(0..<columnCount) : Array((0..<columnCount).reversed())
      for index in order {
        func wish(_ node: Int) -> Double {
          let places = neighbors[node].map { y[$0] }
          return places.isEmpty ? y[node] : places.reduce(0, +) / Double(places.count)
        }
        let wishes = members[index].map { (node: $0, y: wish($0)) }
        // Ties keep the order in which the nodes were given, the first on top.
        let sorted = wishes.enumerated()
          .sorted { a, b in a.element.y != b.element.y ? a.element.y > b.element.y : a.offset < b.offset }
          .map(\.element)
        members[index] = sorted.map(\.node)
        stack(members[index], at: sorted.map(\.y), sizes: sizes, into: &y)
      }
    }
    return y
  }

  /// Places a column's nodes from top to bottom: each where it wishes or just below the one above, then the
  /// whole column shifted to where its nodes wish to be on average.
  private static func stack(_ group: [Int], at wishes: [Double], sizes: [PixelSize], into y: inout [Double]) {
    let gap = 20.0
    var ceiling = Double.infinity
    var shift = 0.0
    for (node, wish) in zip(group, wishes) {
      let half = sizes[node].height / 2
      y[node] = min(wish, ceiling - half)
      ceiling = y[node] - half - gap
      shift += wish - y[node]
    }
    for node in group { y[node] += shift / Double(group.count) }
  }

  private static func size(of node: Figure.Node) -> PixelSize {
    let lines = Double(node.label.split(separator: "\n", omittingEmptySubsequences: false).count)
    let width = textWidth(node.label) * fontSize + 18
    let height = lines * fontSize * 1.3 + 14
    switch node.shape {
    case .box: return PixelSize(width: max(width, 36), height: height)
    case .circle:
      let diameter = max(34, width, height)
      return PixelSize(width: diameter, height: diameter)
    }
  }

  /// Where the line from a node's center to `target` leaves the node.
  private static func border(
    of shape: Figure.Node.Shape, at center: Point, size: PixelSize, towards target: Point
  ) -> Point {
    let (dx, dy) = (target.x - center.x, target.y - center.y)
    let length = (dx * dx + dy * dy).squareRoot()
    guard length > 0 else { return center }
    let share: Double
    switch shape {
    case .circle: share = size.width / 2 / length
    case .box: share = min(size.width / 2 / max(abs(dx), 1e-9), size.height / 2 / max(abs(dy), 1e-9))
    }
    return Point(x: center.x + dx * share, y: center.y + dy * share)
  }
}
