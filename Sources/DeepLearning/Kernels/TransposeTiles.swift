// The transpose of a matrix of Float, sixteen by sixteen numbers at a time and those in registers.

extension SIMD16 {
  /// a₀ b₀ a₁ b₁ …
  @inline(__always)
  fileprivate init(alternating a: SIMD8<Scalar>, _ b: SIMD8<Scalar>) {
    self.init()
    evenHalf = a
    oddHalf = b
  }
}

/// y[j, i] = x[i, j] for 16 rows and columns; the rows of both begin a pitch apart.
///
/// Written as eight bits, row and column of a number change places when the bits are rotated by four. To let the numbers of
/// rows i and i + 8 alternate rotates them by one.
@inline(never)
func transposeTile(
  _ x: UnsafePointer<Float>, pitch: Int, into y: UnsafeMutablePointer<Float>, pitch outPitch: Int
) {
  var tile = InlineArray<16, Lanes> { load(x + $0 &* pitch) }
  for _ in 0..<4 {
    let old = tile
    for i in 0..<8 {
      let (a, b) = (old[unchecked: i], old[unchecked: i + 8])
      tile[unchecked: 2 * i] = Lanes(alternating: a.lowHalf, b.lowHalf)
      tile[unchecked: 2 * i + 1] = Lanes(alternating: a.highHalf, b.highHalf)
    }
  }
  for j in 0..<16 { store(tile[unchecked: j], to: y + j &* outPitch) }
}

/// y[j, i] = x[i, j] for matrices whose rows begin a pitch apart.
func transposeTiles(
  _ x: UnsafePointer<Float>, rows: Int, columns: Int, pitch: Int, into y: UnsafeMutablePointer<Float>,
  pitch outPitch: Int
) {
  let (wholeRows, wholeColumns) = (rows & ~15, columns & ~15)
  for j in stride(from: 0, to: wholeColumns, by: 16) {
    for i in stride(from: 0, to: wholeRows, by: 16) {
      transposeTile(x + (i &* pitch &+ j), pitch: pitch, into: y + (j &* outPitch &+ i), pitch: outPitch)
    }
  }
  for j in 0..<columns {
    for i in (j < wholeColumns ? wholeRows : 0)..<rows { y[j &* outPitch &+ i] = x[i &* pitch &+ j] }
  }
}
