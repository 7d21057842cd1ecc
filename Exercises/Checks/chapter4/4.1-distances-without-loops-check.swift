import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    try compare(trial, Tensor([[0.0, 0.0], [3.0, 4.0]]), Tensor([[1.0, 0.0], [0.0, 2.0]]))
    try compare(trial, Tensor([[0.0, 0.0], [3.0, 4.0], [1.0, 1.0]]), Tensor([[0.0, 4.0], [1.0, 0.5]]))
    // Points close together and far away.
    try compare(
      trial, Tensor([[1000.1, 999.7], [1000.4, 999.9]]), Tensor([[1000.3, 999.7], [999.9, 1000.2]]))
    // All sizes different, so that nothing fits that should not; then all the same, where everything does.
    try compare(trial, Tensor.randn(4, 3), Tensor.randn(5, 3))
    try compare(trial, Tensor.randn(3, 3), Tensor.randn(3, 3))
    try gradient(trial, Tensor([[0.0, 0.0], [3.0, 4.0]]), Tensor([[1.0, 0.0], [0.0, 2.0]]))
  }

  private static func compare(_ trial: Trial, _ a: Tensor, _ b: Tensor) throws {
    let (rows, columns) = (points(a), points(b))
    let table = rows.map { row in columns.map { squaredDistance(row, $0) } }
    let expected = Tensor(table)
    let differences = a.unsqueeze(1) - b
    let squares = differences.square()
    let expansion =
      a.square().sum(dim: 1, keepDim: true) + b.square().sum(dim: 1) - 2 * a.matmul(b.T)
    var mistakes = [
      Mistake("These are distances. The squared ones are asked for: no root.", gives: expected.sqrt()),
      Mistake(
        "The differences of the coordinates still have to be squared.", gives: differences.sum(dim: 2)),
      Mistake("The differences are to be squared, not made positive.", gives: differences.abs().sum(dim: 2)),
      Mistake("The squares of a pair's coordinates are summed, not averaged.", gives: squares.mean(dim: 2)),
      Mistake("The squares of a pair's coordinates still have to be summed: dim 2.", gives: squares),
      Mistake(
        "The sum runs over the points of b, not over the coordinates: dim 2.", gives: squares.sum(dim: 1)),
      Mistake(
        "The sum runs over the points of a, not over the coordinates: dim 2.", gives: squares.sum(dim: 0)),
      Mistake(
        "|a|² + |b|² − 2ab is the difference of large numbers, and far from the origin nothing but rounding "
          + "is left of it. Subtract first, and square then.", gives: expansion),
    ]
    if a.size(0) == b.size(0) {
      mistakes.append(
        Mistake(
          "Row 0 is compared with row 0, row 1 with row 1. Every row of a is to meet every row of b: a "
            + "needs a dimension of 1 between N and D.", gives: (a - b).square().sum(dim: 1)))
    }
    try trial.compare(
      "the squared distances", try squaredDistances(a, b), with: expected, given: ["a": a, "b": b],
      mistakes: mistakes)

    let best = table.map { row in row.indices.min { row[$0] < row[$1] }! }
    let ofEachColumn = columns.map { column in
      rows.indices.min { squaredDistance(rows[$0], column) < squaredDistance(rows[$1], column) }!
    }
    let worst = table.map { row in row.indices.max { row[$0] < row[$1] }! }
    var wrongWays = [
      Mistake("These are the farthest points.", gives: Tensor(worst.map { columns[$0] })),
      Mistake(
        "These are the positions of the nearest points. An index of positions, b[…], picks the rows.",
        gives: Tensor(best)),
      Mistake(
        "This is the nearest row of a to each row of b. Along a row of the table j changes: dim 1.",
        gives: Tensor(ofEachColumn.map { rows[$0] })),
    ]
    if ofEachColumn.allSatisfy(columns.indices.contains) {
      wrongWays.append(
        Mistake(
          "The smallest of each column is not the smallest of each row. Along a row j changes: dim 1.",
          gives: Tensor(ofEachColumn.map { columns[$0] })))
    }
    try trial.compare(
      "the nearest points", try nearest(a, b), with: Tensor(best.map { columns[$0] }),
      given: ["a": a, "b": b, "squared distances": expected], mistakes: wrongWays)
  }

  /// ∂(Σ dᵢⱼ)/∂aᵢ = 2 Σⱼ (aᵢ − bⱼ)
  private static func gradient(_ trial: Trial, _ a: Tensor, _ b: Tensor) throws {
    let leaf = a.clone().requiresGrad_()
    let table = try squaredDistances(leaf, b)
    try trial.require(
      table.requiresGrad, "the history of the table", given: ["a": a, "b": b],
      expected: "a tensor that remembers how it came from a", got: "one without a history",
      meaning:
        "Numbers have been taken out of the tensors on the way, as item() and toArray() do, and made into a "
        + "new one. Compute with the tensors themselves.")
    table.sum().backward()
    try trial.compare(
      "the gradient of the table's sum by a", leaf.grad!, with: 2 * (a.unsqueeze(1) - b).sum(dim: 1),
      given: ["a": a, "b": b])
  }

  private static func points(_ tensor: Tensor) -> [[Double]] {
    (0..<tensor.size(0)).map { tensor[$0].toArray(of: Double.self) }
  }

  private static func squaredDistance(_ p: [Double], _ q: [Double]) -> Double {
    zip(p, q).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }
}
