// What the tiles of a product read: eight rows of a and 48 columns of b, where they lie or in a copy.

/// Rows of a matrix, eight by eight.
struct Strips {
  let first: UnsafePointer<Float>
  /// From one strip of eight rows to the next.
  let pitch: Int
  let steps: StripSteps

  init(first: UnsafePointer<Float>, pitch: Int, steps: Steps) {
    (self.first, self.pitch, self.steps) = (first, pitch, StripSteps(steps))
  }

  @inline(__always)
  func row(_ i: Int) -> UnsafePointer<Float> { first + (i / 8 * pitch + i % 8 * steps.row) }

  /// The same rows of a matrix whose columns are adjacent in memory, with the eight numbers of a column side by side and
  /// the columns of a strip one after the other.
  func copied(rows: Int, depth: Int, to target: UnsafeMutablePointer<Float>) -> Strips {
    for p in 0..<depth {
      let (from, to) = (first + p &* steps.column, target + p &* 8)
      var i = 0
      while i &+ 8 <= rows {
        let eight = UnsafeRawPointer(from + i).loadUnaligned(as: SIMD8<Float>.self)
        UnsafeMutableRawPointer(to + i &* depth).storeBytes(of: eight, as: SIMD8<Float>.self)
        i &+= 8
      }
      for j in 0..<rows &- i { to[i &* depth &+ j] = from[i &+ j] }
    }
    return Strips(first: target, pitch: 8 * depth, steps: Steps(row: 1, column: 8))
  }
}

/// Steps within a strip, one of which is 1: either the numbers of a column or those of a row are adjacent.
struct StripSteps {
  let row, column: Int
  /// Where the rows begin, counted from the first. As numbers of their own, because multiples of one number the compiler would
  /// compute from each other, anew in every step.
  let starts: InlineArray<8, Int>

  init(_ steps: Steps) {
    (row, column) = (steps.row, steps.column)
    starts = InlineArray { $0 * steps.row }
  }
}

/// Up to 48 adjacent columns of a matrix, of which `depth` rows are multiplied.
struct Panel {
  let first: UnsafePointer<Float>
  /// From one row to the next.
  let pitch: Int
  let depth: Int
  let columns: Int

  /// The most columns that one has.
  static let width = 16 * ThreeVectors.vectors

  /// The same with its rows side by side, filled with zeros up to a multiple of sixteen.
  ///
  /// - Parameter step: From one column to the next where they are now.
  func copied(step: Int, to target: UnsafeMutablePointer<Float>) -> Panel {
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
