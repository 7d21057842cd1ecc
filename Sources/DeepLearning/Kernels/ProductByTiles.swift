// The product of matrices as networks have them, too small for BLAS at its best.
//
// BLAS copies both matrices into an order of its own before it multiplies. That pays for large ones. In a layer of a
// network one side is often a batch of a few dozen rows, and the copying takes as long as a third of the product. Here a tile
// of 8 × 48 sums stays in registers (RegisterTile.swift) while a row of b and a column of a are read for each step, from
// where they lie:
//
//     c[i, j] += a[i, p] · b[p, j]        i in 8 rows, j in 48 columns, p = 0, 1, ...
//
// Only where the numbers of a row of b are not adjacent, 48 columns at a time are copied first. Each sum is added up in the
// order of p, whatever the tiles and the number of cores.

/// A matrix as steps through memory: element (i, j) is at i · row + j · column.
struct Steps {
  let row, column: Int
}

/// c = a b, or c += a b, for `a` of m×k, `b` of k×n and `c` of m×n elements, on the core that calls.
struct ProductByTiles {
  let m, n, k: Int
  let a, b: Steps
  /// From one row of c to the next.
  let pitch: Int
  let isAdding: Bool

  /// How many steps are taken at a time: the 48 columns of b then fill 96 KB, and stay in the second-level cache.
  private static let depth = 512
  private static let width = 16 * ThreeVectors.vectors

  /// Whether this takes less time than BLAS, on a processor with registers of sixteen numbers. BLAS gains on it by its
  /// copies where `a` is too large to be read again and again, and by kernels that copy nothing where the product is
  /// small, or has only a few rows or columns.
  var isFaster: Bool {
    BLAS.hasWideRegisters && m >= 8 && n >= 16 && m * n * k >= 1 << 19 && m * k <= 1 << 17
  }

  func run(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>) {
    let isDirect = self.b.column == 1
    let panel = Storage(
      byteCount: isDirect && n % 16 == 0 ? 0 : min(k, Self.depth) * Self.width * MemoryLayout<Float>.stride)
    for start in stride(from: 0, to: k, by: Self.depth) {
      let depth = min(Self.depth, k - start)
      let a = a + start * self.a.column
      for j in stride(from: 0, to: n, by: Self.width) {
        let columns = min(Self.width, n - j)
        var rows = Panel(
          first: b + start * self.b.row + j * self.b.column, pitch: self.b.row, depth: depth, columns: columns
        )
        if !isDirect || columns % 16 != 0 {
          rows = rows.copied(step: self.b.column, to: panel.base.assumingMemoryBound(to: Float.self))
        }
        let isAdding = isAdding || start > 0
        switch (columns + 15) / 16 {
        case 1: run(a, rows, into: c + j, isAdding: isAdding, OneVector.self)
        case 2: run(a, rows, into: c + j, isAdding: isAdding, TwoVectors.self)
        default: run(a, rows, into: c + j, isAdding: isAdding, ThreeVectors.self)
        }
      }
    }
  }

  /// All rows of c, in the columns of one panel: eight at a time, then four, two and one.
  private func run<Row: TileRow>(
    _ a: UnsafePointer<Float>, _ b: Panel, into c: UnsafeMutablePointer<Float>, isAdding: Bool, _: Row.Type
  ) {
    var i = 0
    func tiles<let rows: Int>(_ tile: RegisterTile<rows, Row>.Type) {
      while i + rows <= m {
        let (a, c) = (a + i * self.a.row, c + i * pitch)
        if b.columns == 16 * Row.vectors {
          tile.multiply(a, self.a, b, into: c, pitch: pitch, isAdding: isAdding)
        } else {
          tile.multiplyPart(a, self.a, b, into: c, pitch: pitch, isAdding: isAdding)
        }
        i += rows
      }
    }
    tiles(RegisterTile<8, Row>.self)
    tiles(RegisterTile<4, Row>.self)
    tiles(RegisterTile<2, Row>.self)
    tiles(RegisterTile<1, Row>.self)
  }
}

/// Up to 48 adjacent columns of a matrix, of which `depth` rows are multiplied.
struct Panel {
  let first: UnsafePointer<Float>
  /// From one row to the next.
  let pitch: Int
  let depth: Int
  let columns: Int

  /// The same with its rows side by side, filled with zeros up to a multiple of sixteen.
  ///
  /// - Parameter step: From one column to the next where they are now.
  fileprivate func copied(step: Int, to target: UnsafeMutablePointer<Float>) -> Panel {
    let width = (columns + 15) / 16 * 16
    for j in stride(from: 0, to: width, by: 16) {
      let present = min(16, columns - j)
      let source = first + j * step
      var p = 0
      if pitch == 1 && present == 16 {
        while p + 16 <= depth {
          transposeTile(source + p, pitch: step, into: target + (p * width + j), pitch: width)
          p += 16
        }
      }
      while p < depth {
        let (from, to) = (source + p * pitch, target + (p * width + j))
        for i in 0..<present { to[i] = from[i &* step] }
        for i in present..<16 { to[i] = 0 }
        p += 1
      }
    }
    return Panel(first: target, pitch: width, depth: depth, columns: columns)
  }
}

extension RegisterTile {
  /// c[i, j] = Σ_p a[i, p] · b[p, j], or c[i, j] += the sum, for `rows` rows and 16 · `Row.vectors` columns.
  @inline(never)
  fileprivate static func multiply(
    _ a: UnsafePointer<Float>, _ steps: Steps, _ b: Panel, into c: UnsafeMutablePointer<Float>, pitch: Int,
    isAdding: Bool
  ) {
    var sums = InlineArray<rows, Row>(repeating: .zero)
    if isAdding {
      for i in 0..<rows { sums[unchecked: i] = Row { load(c + (i &* pitch &+ $0 &* 16)) } }
    }
    var (a, b, left, bPitch) = (a, b.first, b.depth, b.pitch)
    while left > 0 {
      let row = Row { load(b + $0 &* 16) }
      for i in 0..<rows { sums[unchecked: i].addProduct(Lanes(repeating: a[i &* steps.row]), row) }
      a += steps.column
      b += bPitch
      left &-= 1
    }
    for i in 0..<rows { sums[unchecked: i].forEach { store($1, to: c + (i &* pitch &+ $0 &* 16)) } }
  }

  /// The same where c has fewer columns than the tile.
  @inline(never)
  fileprivate static func multiplyPart(
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
