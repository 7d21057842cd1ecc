/// A value that several sections share, made when the first of them asks for it: see ``Notebook/once(_:)``.
public final class Once<Value> {
  private let make: () throws -> Value
  private let seed: UInt64
  private var value: Value?

  init(seed: UInt64, _ make: @escaping () throws -> Value) {
    self.seed = seed
    self.make = make
  }

  /// The value; what making it throws is thrown to every section that asks.
  public func callAsFunction() throws -> Value {
    if let value { return value }
    // Making it must not shift the random numbers of the section that happens to ask first.
    let generator = Generator.default.copy()
    defer { Generator.default.resume(from: generator) }
    manualSeed(seed)
    let made = try make()
    value = made
    return made
  }
}

extension Notebook {
  /// Something expensive that several sections need, such as a data set or a trained network.
  ///
  ///     let clothes = notebook.once { try FashionMNIST(train: true) }
  ///     notebook.section("3.4", "From scratch") { page in
  ///       let images = try clothes().images
  ///
  /// It is made when it is first asked for, with random numbers of its own from the run's seed: a section prints
  /// the same whether it is the one that makes it or not.
  public func once<Value>(_ make: @escaping () throws -> Value) -> Once<Value> {
    Once(seed: options.seed, make)
  }
}
