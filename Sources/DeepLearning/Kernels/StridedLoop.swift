/// Walks up to four operands of one shape in step, each with strides of its own:
///
///     for (offsets, count, steps) in Rows(shape, [out.strides, x.strides]) { ... }
///
/// Dimensions that are adjacent in memory for every operand are merged first, so that contiguous data is
/// one long row whatever its shape. Operands not in use have zeros.
///
/// Nothing here is inlined: it has a dozen callers, and a call for each row costs nothing beside the row.
struct Rows: Sequence, IteratorProtocol {
  /// Where each operand's first element is, how many elements follow, and how far each operand moves from one
  /// to the next.
  typealias Row = (offsets: SIMD4<Int>, count: Int, steps: SIMD4<Int>)

  private var sizes: [Int] = []
  private var steps: [SIMD4<Int>] = []
  private var position: [Int]
  private var offsets = SIMD4<Int>.zero
  private var rowCount = 1
  private var rowSteps = SIMD4<Int>(repeating: 1)
  private var isDone = false

  @inline(never)
  init(_ shape: [Int], _ operands: [[Int]]) {
    for d in 0..<shape.count where shape[d] != 1 {
      if shape[d] == 0 { isDone = true }
      var step = SIMD4<Int>.zero
      for (i, strides) in operands.enumerated() { step[i] = strides[d] }
      if let last = steps.last, last == step &* SIMD4(repeating: shape[d]) {
        sizes[sizes.count - 1] *= shape[d]
        steps[steps.count - 1] = step
      } else {
        sizes.append(shape[d])
        steps.append(step)
      }
    }
    if let count = sizes.popLast(), let step = steps.popLast() { (rowCount, rowSteps) = (count, step) }
    position = [Int](repeating: 0, count: sizes.count)
  }

  @inline(never)
  mutating func next() -> Row? {
    if isDone { return nil }
    let row = (offsets, rowCount, rowSteps)
    // Advance like an odometer: the last outer dimension turns fastest.
    var d = sizes.count - 1
    while d >= 0 {
      position[d] += 1
      offsets &+= steps[d]
      if position[d] < sizes[d] { break }
      offsets &-= steps[d] &* SIMD4(repeating: sizes[d])
      position[d] = 0
      d -= 1
    }
    isDone = d < 0
    return row
  }
  /// The rows from number `start` on.
  private func from(_ start: Int) -> Rows {
    var rows = self
    var rest = start
    for d in sizes.indices.reversed() {
      rows.position[d] = rest % sizes[d]
      rows.offsets &+= steps[d] &* SIMD4(repeating: rows.position[d])
      rest /= sizes[d]
    }
    return rows
  }

  /// Calls `body` with every row or, where one row is all there is, with pieces of it, on several cores if the work
  /// is worth it. The first operand is the one that is written.
  @inline(never)
  func forEachInParallel(_ body: (SIMD4<Int>, Int, SIMD4<Int>) -> Void) {
    if isDone { return }
    let count = sizes.reduce(1, *)
    if count == 1 {
      inParallel(rowCount) { start, length in
        body(offsets &+ rowSteps &* SIMD4(repeating: start), length, rowSteps)
      }
    } else {
      inParallel(count, threshold: Swift.max(2, parallelThreshold / Swift.max(1, rowCount)), grain: 1) {
        start, length in
        var rows = from(start)
        for _ in 0..<length {
          guard let row = rows.next() else { return }
          body(row.offsets, row.count, row.steps)
        }
      }
    }
  }
}
