/// Modules one after another: each one's output is the next one's input.
public final class Sequential: Module, ExpressibleByArrayLiteral {
  public let layers: [Module]

  public init(_ layers: [Module]) { self.layers = layers }
  public convenience init(_ layers: Module...) { self.init(layers) }
  public convenience init(arrayLiteral layers: Module...) { self.init(layers) }

  public subscript(_ i: Int) -> Module { layers[i] }
  public var count: Int { layers.count }

  public override func forward(_ x: Tensor) -> Tensor { layers.reduce(x) { $1($0) } }

  /// The layers' names are their positions.
  public override func namedChildren() -> [(name: String, module: Module)] {
    layers.enumerated().map { ("\($0)", $1) }
  }
}

/// Merges dimensions `start ... end` into one; by default all but the batch.
public final class Flatten: Module {
  public let start: Int
  public let end: Int

  public init(_ start: Int = 1, _ end: Int = -1) {
    self.start = start
    self.end = end
  }

  public override func forward(_ x: Tensor) -> Tensor { x.flatten(start, end) }
  public override var extraDescription: String { "start_dim=\(start), end_dim=\(end)" }
}

/// Gives back its input.
public final class Identity: Module {
  public override func forward(_ x: Tensor) -> Tensor { x }
}
