/// Modules one after another: each one's output is the next one's input.
///
///     let model = Sequential(Flatten(), Linear(784, 128), ReLU(), Linear(128, 10))
///     let head = model[-1]
///     let body = model[..<3]
public final class Sequential: Module, ExpressibleByArrayLiteral {
  public private(set) var layers: [Module]

  public init(_ layers: [Module]) { self.layers = layers }
  public convenience init(_ layers: Module...) { self.init(layers) }
  public convenience init(arrayLiteral layers: Module...) { self.init(layers) }

  public var count: Int { layers.count }

  /// Layer `i`; a negative one counts from the end.
  public subscript(_ i: Int) -> Module {
    get { layers[place(i)] }
    set { layers[place(i)] = newValue }
  }

  private func place(_ i: Int) -> Int {
    let place = i < 0 ? i + count : i
    check(layers.indices.contains(place), "Sequential", "there is no layer \(i) among \(count)")
    return place
  }

  /// Some of the layers, shared with this model, as a model of their own. As in the slices of a tensor, negative
  /// bounds count from the end, `model[..<(-1)]`, and those beyond the ends are cut off.
  public subscript(_ range: some RangeExpression<Int> & TensorIndex) -> Sequential {
    guard case .span(let from, let to, _) = range.operation else {
      fail("Sequential", "\(range) is not a range of layers")
    }
    func bound(_ i: Int) -> Int { min(max(i < 0 ? i + count : i, 0), count) }
    let start = from.map(bound) ?? 0
    return Sequential(Array(layers[start..<max(start, to.map(bound) ?? count)]))
  }

  /// Adds a layer after the last.
  @discardableResult
  public func append(_ layer: Module) -> Self {
    layers.append(layer)
    return self
  }

  public override func forward(_ x: Tensor) -> Tensor { layers.reduce(x) { $1($0) } }

  /// The layers' names are their positions.
  public override func namedChildren() -> [(name: String, module: Module)] {
    layers.enumerated().map { ("\($0)", $1) }
  }
}

/// Merges dimensions `startDim ... endDim` into one; by default all but the batch.
public final class Flatten: Module {
  public let startDim: Int
  public let endDim: Int

  public init(_ startDim: Int = 1, _ endDim: Int = -1) {
    self.startDim = startDim
    self.endDim = endDim
  }

  public override func forward(_ x: Tensor) -> Tensor { x.flatten(startDim, endDim) }
  public override var extraDescription: String { "start_dim=\(startDim), end_dim=\(endDim)" }
}

/// Gives back its input.
public final class Identity: Module {
  public override func forward(_ x: Tensor) -> Tensor { x }
}
