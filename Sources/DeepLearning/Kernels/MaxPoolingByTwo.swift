// The pooling of nearly every network, the largest of 2 × 2 numbers side by side: y[i, j] of x[2 i, 2 j], x[2 i, 2 j + 1],
// x[2 i + 1, 2 j] and x[2 i + 1, 2 j + 1]. Eight windows are looked at together, as vectors. Which of its numbers was the
// largest is not kept for the derivative but found again: that takes less time than to write and read it.

/// Two rows of eight windows: the numbers at each of the four places.
private struct EightWindows<T: FloatingElement> {
  let a, b, c, d: SIMD8<T>

  @inline(__always)
  init(_ upper: UnsafePointer<T>, _ lower: UnsafePointer<T>) {
    let (above, below) = (lanes(upper), lanes(lower))
    (a, b, c, d) = (above.evenHalf, above.oddHalf, below.evenHalf, below.oddHalf)
  }

  /// Where `value` takes the place of `best`: it is larger, or not a number.
  @inline(__always)
  private func wins(_ value: SIMD8<T>, over best: SIMD8<T>) -> SIMDMask<SIMD8<T>.MaskStorage> {
    (value .> best) .| (value .!= value)
  }

  @inline(__always)
  var largest: SIMD8<T> {
    var best = a
    best.replace(with: b, where: wins(b, over: best))
    best.replace(with: c, where: wins(c, over: best))
    best.replace(with: d, where: wins(d, over: best))
    return best
  }

  /// Writes each gradient to where its window's largest number is, and 0 to the other three places.
  @inline(__always)
  func hand(_ gradient: SIMD8<T>, to upper: UnsafeMutablePointer<T>, _ lower: UnsafeMutablePointer<T>) {
    let zero = SIMD8<T>(repeating: 0)
    var best = a
    let bWins = wins(b, over: best)
    best.replace(with: b, where: bWins)
    let cWins = wins(c, over: best)
    best.replace(with: c, where: cWins)
    let dWins = wins(d, over: best)
    let isBelow = cWins .| dWins
    let above = gradient.replacing(with: zero, where: isBelow)
    let below = zero.replacing(with: gradient, where: isBelow)
    store(
      interleaved(above.replacing(with: zero, where: bWins), zero.replacing(with: above, where: bWins)), to: upper)
    store(
      interleaved(below.replacing(with: zero, where: dWins), zero.replacing(with: below, where: dWins)), to: lower)
  }

  @inline(__always)
  private func interleaved(_ even: SIMD8<T>, _ odd: SIMD8<T>) -> SIMD16<T> {
    var both = SIMD16<T>()
    both.evenHalf = even
    both.oddHalf = odd
    return both
  }
}

@inline(__always)
private func eight<T: FloatingElement>(_ place: UnsafePointer<T>) -> SIMD8<T> {
  UnsafeRawPointer(place).loadUnaligned(as: SIMD8<T>.self)
}

@inline(__always)
private func store<T: FloatingElement>(_ numbers: SIMD8<T>, to place: UnsafeMutablePointer<T>) {
  UnsafeMutableRawPointer(place).storeBytes(of: numbers, as: SIMD8<T>.self)
}

/// Calls `body` with the first of eight windows until `count` are done. The last eight overlap those before where `count` is
/// no multiple: a window is then done twice, with the same result.
@inline(__always)
private func forEachEight(of count: Int, _ body: (Int) -> Void) {
  var j = 0
  while j + 8 < count {
    body(j)
    j &+= 8
  }
  body(count - 8)
}

func maxPoolByTwo<T: FloatingElement>(
  _ x: UnsafePointer<T>, planes: Int, height: Int, width: Int, into y: UnsafeMutablePointer<T>
) {
  let (rows, columns) = (height / 2, width / 2)
  inParallel(planes, threshold: max(2, parallelThreshold / max(1, height * width)), grain: 1) { start, count in
    let narrow = NarrowRows<T>()
    for row in start * rows..<(start + count) * rows {
      let (plane, i) = row.quotientAndRemainder(dividingBy: rows)
      let upper = x + (plane * height + 2 * i) * width
      let out = y + row * columns
      if columns >= 8 {
        forEachEight(of: columns) { j in
          store(EightWindows(upper + 2 * j, upper + width + 2 * j).largest, to: out + j)
        }
      } else {
        narrow.read(upper, upper + width, count: 2 * columns)
        store(EightWindows(narrow.upper, narrow.lower).largest, to: narrow.outputs)
        out.update(from: narrow.outputs, count: columns)
      }
    }
  }
}

/// The gradient for x, given that for y.
func maxPoolByTwoGradient<T: FloatingElement>(
  _ x: UnsafePointer<T>, _ gradient: UnsafePointer<T>, planes: Int, height: Int, width: Int,
  into result: UnsafeMutablePointer<T>
) {
  let (rows, columns) = (height / 2, width / 2)
  inParallel(planes, threshold: max(2, parallelThreshold / max(1, height * width)), grain: 1) { start, count in
    let narrow = NarrowRows<T>()
    for row in start * rows..<(start + count) * rows {
      let (plane, i) = row.quotientAndRemainder(dividingBy: rows)
      let upper = x + (plane * height + 2 * i) * width
      let target = result + (plane * height + 2 * i) * width
      let g = gradient + row * columns
      if columns >= 8 {
        forEachEight(of: columns) { j in
          EightWindows(upper + 2 * j, upper + width + 2 * j)
            .hand(eight(g + j), to: target + 2 * j, target + width + 2 * j)
        }
      } else {
        narrow.read(upper, upper + width, count: 2 * columns)
        narrow.outputs.update(from: g, count: columns)
        EightWindows(narrow.upper, narrow.lower).hand(eight(narrow.outputs), to: narrow.upper, narrow.lower)
        target.update(from: narrow.upper, count: 2 * columns)
        (target + width).update(from: narrow.lower, count: 2 * columns)
      }
      // What no window looks at: the last of an odd number of columns, and of rows.
      if width % 2 == 1 { (target[width - 1], target[2 * width - 1]) = (0, 0) }
      if height % 2 == 1 && i == rows - 1 {
        for s in 0..<width { target[2 * width + s] = 0 }
      }
    }
  }
}

/// Room for two rows of fewer than eight windows, which are widened to eight there.
private struct NarrowRows<T: FloatingElement> {
  private let storage = Storage(byteCount: 40 * MemoryLayout<T>.stride)

  init() { upper.update(repeating: 0, count: 40) }

  var upper: UnsafeMutablePointer<T> { storage.base.assumingMemoryBound(to: T.self) }
  var lower: UnsafeMutablePointer<T> { upper + 16 }
  var outputs: UnsafeMutablePointer<T> { upper + 32 }

  @inline(__always)
  func read(_ first: UnsafePointer<T>, _ second: UnsafePointer<T>, count: Int) {
    upper.update(from: first, count: count)
    lower.update(from: second, count: count)
  }
}
