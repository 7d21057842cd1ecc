import CSystem

extension RegisterTile {
  /// c[i, j] = Σ_p a[i, p] · b[p, j], or c[i, j] += the sum, for `rows` rows and 16 · `Row.vectors` columns.
  @inline(never)
  static func multiply(
    _ a: UnsafePointer<Float>, _ steps: Steps, _ b: Panel, into c: UnsafeMutablePointer<Float>, pitch: Int,
    isAdding: Bool
  ) {
    multiply(a, steps, b, into: c, pitch: pitch, isAdding: isAdding) { _ in }
  }

  /// The same, writing the rows of b side by side to `copy`.
  @inline(never)
  static func multiply(
    _ a: UnsafePointer<Float>, _ steps: Steps, _ b: Panel, copying copy: UnsafeMutablePointer<Float>,
    into c: UnsafeMutablePointer<Float>, pitch: Int, isAdding: Bool
  ) {
    // The processor foresees steps through memory, but not from one page to another.
    var (ahead, place) = (b.first + 8 &* b.pitch, copy)
    multiply(a, steps, b, into: c, pitch: pitch, isAdding: isAdding) { row in
      row.forEach { i, lanes in
        prefetch(ahead + i &* 16)
        store(lanes, to: place + i &* 16)
      }
      ahead += b.pitch
      place += 16 &* Row.vectors
    }
  }

  @inline(__always)
  private static func multiply(
    _ a: UnsafePointer<Float>, _ steps: Steps, _ b: Panel, into c: UnsafeMutablePointer<Float>, pitch: Int,
    isAdding: Bool, _ use: (Row) -> Void
  ) {
    var sums = InlineArray<rows, Row>(repeating: .zero)
    if isAdding {
      for i in 0..<rows { sums[unchecked: i] = Row { load(c + (i &* pitch &+ $0 &* 16)) } }
    }
    var (a, b, left, bPitch) = (a, b.first, b.depth, b.pitch)
    while left > 0 {
      let row = Row { load(b + $0 &* 16) }
      use(row)
      for i in 0..<rows { sums[unchecked: i].addProduct(Lanes(repeating: a[i &* steps.row]), row) }
      a += steps.column
      b += bPitch
      left &-= 1
    }
    for i in 0..<rows { sums[unchecked: i].forEach { store($1, to: c + (i &* pitch &+ $0 &* 16)) } }
  }

  /// The same where c has fewer columns than the tile.
  @inline(never)
  static func multiplyPart(
    _ a: UnsafePointer<Float>, _ steps: Steps, _ b: Panel, into c: UnsafeMutablePointer<Float>, pitch: Int,
    isAdding: Bool
  ) {
    let width = 16 * Row.vectors
    withUnsafeTemporaryAllocation(of: Float.self, capacity: rows * width) { sums in
      let sums = sums.baseAddress!
      multiply(a, steps, b, into: sums, pitch: width, isAdding: false)
      for i in 0..<rows {
        for j in 0..<b.columns {
          let sum = sums[i &* width &+ j]
          c[i &* pitch &+ j] = isAdding ? c[i &* pitch &+ j] + sum : sum
        }
      }
    }
  }
}
