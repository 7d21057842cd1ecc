import CSystem

extension RegisterTile {
  /// c[i, j] = Σ_p a[i, p] · b[p, j], or c[i, j] += the sum, for `rows` rows and 16 · `Row.vectors` columns.
  @inline(never)
  static func multiply(
    _ a: UnsafePointer<Float>, _ steps: StripSteps, _ b: Panel, into c: UnsafeMutablePointer<Float>,
    pitch: Int, isAdding: Bool
  ) {
    multiply(a, steps, b, into: c, pitch: pitch, isAdding: isAdding) { _ in }
  }

  /// The same, writing the rows of b side by side to `copy`.
  @inline(never)
  static func multiply(
    _ a: UnsafePointer<Float>, _ steps: StripSteps, _ b: Panel, copying copy: UnsafeMutablePointer<Float>,
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
    _ a: UnsafePointer<Float>, _ steps: StripSteps, _ b: Panel, into c: UnsafeMutablePointer<Float>,
    pitch: Int, isAdding: Bool, _ use: (Row) -> Void
  ) {
    var sums = InlineArray<rows, Row>(repeating: .zero)
    if isAdding {
      for i in 0..<rows { sums[unchecked: i] = Row { load(c + (i &* pitch &+ $0 &* 16)) } }
    }
    var (place, left) = (b.first, b.depth)
    let bPitch = b.pitch
    @inline(__always)
    func add(_ number: (Int) -> Float) {
      let row = Row { load(place + $0 &* 16) }
      use(row)
      for i in 0..<rows { sums[unchecked: i].addProduct(Lanes(repeating: number(i)), row) }
      place += bPitch
    }
    // Four steps at a time, and no address that has to be computed for a single number: where another thread shares the
    // core, it is instructions that there is not enough room for. The 24 products of a step need 11 reads, and nearly
    // nothing else.
    if steps.row == 1 {
      let column = steps.column
      var numbers = a
      while left >= 4 {
        add { numbers[$0] }
        add { (numbers + column)[$0] }
        add { (numbers + 2 &* column)[$0] }
        add { (numbers + 3 &* column)[$0] }
        numbers += 4 &* column
        left &-= 4
      }
      while left > 0 {
        add { numbers[$0] }
        numbers += column
        left &-= 1
      }
    } else {
      let numbers = InlineArray<rows, UnsafePointer<Float>> { a + steps.starts[$0] }
      var p = 0
      while left >= 4 {
        add { numbers[unchecked: $0][p] }
        add { numbers[unchecked: $0][p &+ 1] }
        add { numbers[unchecked: $0][p &+ 2] }
        add { numbers[unchecked: $0][p &+ 3] }
        p &+= 4
        left &-= 4
      }
      while left > 0 {
        add { numbers[unchecked: $0][p] }
        p &+= 1
        left &-= 1
      }
    }
    for i in 0..<rows { sums[unchecked: i].forEach { store($1, to: c + (i &* pitch &+ $0 &* 16)) } }
  }

  /// The same where c has fewer columns than the tile.
  @inline(never)
  static func multiplyPart(
    _ a: UnsafePointer<Float>, _ steps: StripSteps, _ b: Panel, into c: UnsafeMutablePointer<Float>,
    pitch: Int, isAdding: Bool
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
