// The pooling of nearly every network, the largest of 2 × 2 numbers side by side: y[i, j] of x[2 i, 2 j], x[2 i, 2 j + 1],
// x[2 i + 1, 2 j] and x[2 i + 1, 2 j + 1]; or of 1 × 2 numbers, as in sequences. Each row of windows is one loop without branches, which the compiler turns into
// vector code. Which of its numbers was the largest is not kept for the derivative but found again: that takes less time
// than to write and read it.

/// The largest of `rows` × 2 numbers, read from left to right and from top to bottom, and which of them it is: the first of
/// equal ones, the last of several NaN.
struct PairWindow<T: FloatingElement, let rows: Int> {
  fileprivate var largest: T
  fileprivate var place: Int32 = 0

  /// Of the lower row where there is one.
  @inline(__always)
  fileprivate init(_ upper: UnsafePointer<T>, _ lower: UnsafePointer<T>) {
    largest = upper[0]
    compare(upper[1], 1)
    if rows == 2 {
      compare(lower[0], 2)
      compare(lower[1], 3)
    }
  }

  @inline(__always)
  private mutating func compare(_ value: T, _ index: Int32) {
    // At most one of the two holds, and `!=` computes both where `||` would jump.
    let wins = (value > largest) != (value != value)
    largest = wins ? value : largest
    place = wins ? index : place
  }
}

func maxPoolByTwo<T: FloatingElement, let windowRows: Int>(
  _ x: UnsafePointer<T>, planes: Int, height: Int, width: Int, into y: UnsafeMutablePointer<T>,
  _: PairWindow<T, windowRows>.Type
) {
  let (rows, columns) = (height / windowRows, width / 2)
  inParallel(planes, threshold: max(2, parallelThreshold / max(1, height * width)), grain: 1) {
    start, count in
    for row in start * rows..<(start + count) * rows {
      let (plane, i) = row.quotientAndRemainder(dividingBy: rows)
      let upper = x + (plane * height + windowRows * i) * width
      let lower = upper + width
      let out = y + row * columns
      for j in 0..<columns { out[j] = PairWindow<T, windowRows>(upper + 2 &* j, lower + 2 &* j).largest }
    }
  }
}

/// The gradient for x, given that for y: each goes to where its window's largest number is, the rest of x has 0.
func maxPoolByTwoGradient<T: FloatingElement, let windowRows: Int>(
  _ x: UnsafePointer<T>, _ gradient: UnsafePointer<T>, planes: Int, height: Int, width: Int,
  into result: UnsafeMutablePointer<T>, _: PairWindow<T, windowRows>.Type
) {
  let (rows, columns) = (height / windowRows, width / 2)
  inParallel(planes, threshold: max(2, parallelThreshold / max(1, height * width)), grain: 1) {
    start, count in
    for row in start * rows..<(start + count) * rows {
      let (plane, i) = row.quotientAndRemainder(dividingBy: rows)
      let upper = x + (plane * height + windowRows * i) * width
      let lower = upper + width
      let g = gradient + row * columns
      // One row of x at a time: with both in the loop it does not become vector code.
      for r in 0..<windowRows {
        let target = result + (plane * height + windowRows * i + r) * width
        let left = Int32(2 * r)
        for j in 0..<columns {
          let (place, value) = (
            PairWindow<T, windowRows>(upper + 2 &* j, lower + 2 &* j).place, g[j]
          )
          target[2 &* j] = place == left ? value : 0
          target[2 &* j &+ 1] = place == left &+ 1 ? value : 0
        }
        if width % 2 == 1 { target[width - 1] = 0 }
      }
      if height % windowRows == 1 && i == rows - 1 {
        let last = result + (plane * height + height - 1) * width
        for s in 0..<width { last[s] = 0 }
      }
    }
  }
}
