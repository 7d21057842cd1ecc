#if canImport(Glibc)
  import Glibc
#endif

/// Sines and cosines that tell places apart, (length, dim): for place p and i = 0, 1, …
///
///     PE(p, 2i) = sin(p / base^(2i / dim)),  PE(p, 2i + 1) = cos(p / base^(2i / dim))
///
/// The wavelengths grow from 2π to nearly 2π · base. Each pair is a hand of a clock: a step of the place turns it by an
/// angle of its own, so that PE(p + k) is a linear function of PE(p).
public func sinusoidalPositions(
  _ length: Int, _ dim: Int, base: Double = 10_000, dtype: DType = .float32
) -> Tensor {
  check(length >= 0 && dim > 0, "sinusoidalPositions", "cannot make \(length) places of \(dim) features")
  let numbers = (0..<length).flatMap { p in
    (0..<dim).map { j in
      let angle = Double(p) * pow(base, -Double(j - j % 2) / Double(dim))
      return j % 2 == 0 ? sin(angle) : cos(angle)
    }
  }
  return Tensor(numbers, shape: [length, dim], dtype: dtype)
}

/// Adds to each place of a sequence what tells it apart: ``sinusoidalPositions(_:_:base:dtype:)``. Nothing is learned.
/// Sequences are (L, N, d), or (N, L, d) with `batchFirst`, or (L, d); no longer than `maxLength`.
public final class PositionalEncoding: Module {
  /// (maxLength, d)
  public let table: Tensor
  public let dropout: Dropout
  public let batchFirst: Bool

  /// - Parameter dropout: With which probability a number of the sum becomes 0 in training.
  public init(_ dModel: Int, maxLength: Int = 5000, dropout: Double = 0, batchFirst: Bool = false) {
    table = sinusoidalPositions(maxLength, dModel)
    self.dropout = Dropout(dropout)
    self.batchFirst = batchFirst
  }

  public override func forward(_ x: Tensor) -> Tensor {
    dropout(x + places(of: x, in: table, batchFirst: batchFirst, "PositionalEncoding"))
  }
}

/// Adds to each place of a sequence a vector that is learned for that place. They start as N(0, 0.02²). Shapes are those
/// of ``PositionalEncoding``.
public final class LearnedPositions: Module {
  /// (maxLength, d)
  public let weight: Tensor
  public let batchFirst: Bool

  public init(_ dModel: Int, maxLength: Int, batchFirst: Bool = false) {
    check(
      dModel > 0 && maxLength > 0, "LearnedPositions",
      "needs at least one feature and one place, found \(dModel) and \(maxLength)")
    weight = Parameter(Init.normal_(Tensor.zeros(maxLength, dModel), 0, 0.02))
    self.batchFirst = batchFirst
  }

  public override func forward(_ x: Tensor) -> Tensor {
    x + places(of: x, in: weight, batchFirst: batchFirst, "LearnedPositions")
  }

  public override var extraDescription: String { "\(weight.shape[1]), max_length=\(weight.shape[0])" }
}

/// The rows of `table` for the places of x, in a shape that stretches to that of x.
private func places(of x: Tensor, in table: Tensor, batchFirst: Bool, _ operation: String) -> Tensor {
  let dim = x.rank == 3 && batchFirst ? 1 : 0
  check(
    (x.rank == 2 || x.rank == 3) && x.shape[x.rank - 1] == table.shape[1] && x.shape[dim] <= table.shape[0],
    operation,
    "the input \(describe(x.shape)) does not fit: expected \(table.shape[1]) features and at most \(table.shape[0]) "
      + "places along dimension \(dim)")
  let rows = table.narrow(0, 0, x.shape[dim])
  return x.rank == 3 && !batchFirst ? rows.unsqueeze(1) : rows
}
