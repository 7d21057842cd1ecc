/// A tensor seen as `outer × count × inner`, to be reduced over the middle.
struct FoldPlan {
  let source: Tensor
  let outer: Int
  let count: Int
  let inner: Int

  /// Moves the dimensions `dims` of `x` together, copying only where they are not already adjacent.
  init(_ x: Tensor, over dims: [Int]) {
    let sorted = dims.sorted()
    let isRun = sorted.indices.allSatisfy { sorted[$0] == sorted[0] + $0 }
    if let first = sorted.first, isRun, x.isContiguous {
      source = x
      outer = elementCount(Array(x.shape[..<first]))
      count = elementCount(Array(x.shape[first...sorted[sorted.count - 1]]))
      inner = elementCount(Array(x.shape[(sorted[sorted.count - 1] + 1)...]))
    } else {
      let kept = x.shape.indices.filter { !sorted.contains($0) }
      let order = kept + sorted
      source = contiguous(x.alias(shape: order.map { x.shape[$0] }, strides: order.map { x.strides[$0] }))
      outer = elementCount(kept.map { x.shape[$0] })
      count = elementCount(sorted.map { x.shape[$0] })
      inner = 1
    }
  }
}

extension SIMD16 where Scalar: FloatingElement {
  /// The sum of the sixteen, by halves. The standard library adds one number after the other, each of which has to wait for
  /// the one before.
  @inline(__always)
  fileprivate var total: Scalar {
    let eight = lowHalf + highHalf
    let four = eight.lowHalf + eight.highHalf
    let two = four.lowHalf + four.highHalf
    return two.x + two.y
  }
}

/// The sum of `count` adjacent numbers.
///
/// 64 running sums at once fill the processor's vector units; every 4096 numbers they are folded into a
/// `Double`, so that the rounding error stays that of a short sum however long the row.
func sumOfRow<T: FloatingElement>(_ x: UnsafePointer<T>, count: Int) -> Double {
  var total = 0.0
  var i = 0
  while i + 16 <= count {
    var a = SIMD16<T>(repeating: 0)
    var b = a
    var c = a
    var d = a
    let end = min(count, i + 4096)
    while i + 64 <= end {
      a += sixteen(x + i)
      b += sixteen(x + (i &+ 16))
      c += sixteen(x + (i &+ 32))
      d += sixteen(x + (i &+ 48))
      i &+= 64
    }
    while i + 16 <= end {
      a += sixteen(x + i)
      i &+= 16
    }
    total += Double(((a + b) + (c + d)).total)
  }
  var rest = 0.0
  while i < count {
    rest += Double(x[i])
    i &+= 1
  }
  return total + rest
}

/// Sixteen adjacent numbers.
@inline(__always)
private func sixteen<T: FloatingElement>(_ x: UnsafePointer<T>) -> SIMD16<T> {
  UnsafeRawPointer(x).loadUnaligned(as: SIMD16<T>.self)
}

/// Sixteen numbers from place `i` on; in the place of those beyond `count` stands `filler`.
@inline(__always)
private func sixteen<T: FloatingElement>(
  _ x: UnsafePointer<T>, _ i: Int, of count: Int, filler: T
) -> SIMD16<T> {
  if i + 16 <= count { return sixteen(x + i) }
  var numbers = SIMD16<T>(repeating: filler)
  for k in 0..<count - i { numbers[k] = x[i + k] }
  return numbers
}

/// Σ (x − mean)² over `count` adjacent numbers.
func sumOfSquares<T: FloatingElement>(_ x: UnsafePointer<T>, about mean: T, count: Int) -> Double {
  var total = 0.0
  var i = 0
  while i < count {
    var sum = SIMD16<T>(repeating: 0)
    let end = min(count, i + 4096)
    while i < end {
      let difference = sixteen(x, i, of: end, filler: mean) - mean
      sum += difference * difference
      i &+= 16
    }
    i = end
    total += Double(sum.total)
  }
  return total
}

/// Σ g and Σ g (x − mean) over `count` adjacent numbers, g multiplied by a weight of its own for each if there are any.
func sumsOfRow<T: FloatingElement>(
  _ g: UnsafePointer<T>, _ x: UnsafePointer<T>, mean: T, count: Int, weight: UnsafePointer<T>? = nil
) -> (plain: Double, centered: Double) {
  var total = (plain: 0.0, centered: 0.0)
  var i = 0
  while i < count {
    var plain = SIMD16<T>(repeating: 0)
    var centered = plain
    let end = min(count, i + 4096)
    while i < end {
      var gradient = sixteen(g, i, of: end, filler: 0)
      if let weight { gradient *= sixteen(weight, i, of: end, filler: 0) }
      plain += gradient
      centered += gradient * (sixteen(x, i, of: end, filler: mean) - mean)
      i &+= 16
    }
    i = end
    total.plain += Double(plain.total)
    total.centered += Double(centered.total)
  }
  return total
}

/// The largest of `count` adjacent numbers, −∞ if there are none. NaN may or may not be passed over.
///
/// Searched among whole numbers in the same order: the compiler makes vector code of a maximum of integers, but
/// not of floating-point numbers, whose NaN it would have to mind.
func largestOfRow<T: FloatingElement>(_ x: UnsafePointer<T>, count: Int) -> T {
  var largest = (-T.infinity).orderKey
  for i in 0..<count {
    let key = x[i].orderKey
    largest = key > largest ? key : largest
  }
  return T(orderKey: largest)
}

/// out[o, i] = scale · Σ_c x[o, c, i]
func reduceSum<T: FloatingElement>(_ r: FoldPlan, into out: UnsafeMutablePointer<T>, scale: T) {
  let x = UnsafePointer(r.source.pointer(T.self))
  if r.inner == 1 {
    if r.outer == 1 && r.count >= parallelThreshold {
      // One long sum: each core takes a piece of fixed size, so that the result does not depend on how
      // many cores there are.
      let piece = 65_536
      let pieces = (r.count + piece - 1) / piece
      let partial = UnsafeMutablePointer<Double>.allocate(capacity: pieces)
      defer { partial.deallocate() }
      inParallel(pieces, threshold: 2, grain: 1) { start, count in
        for p in start..<start + count {
          partial[p] = sumOfRow(x + p * piece, count: min(piece, r.count - p * piece))
        }
      }
      var total = 0.0
      for p in 0..<pieces { total += partial[p] }
      out[0] = T(total) * scale
      return
    }
    inParallel(r.outer, threshold: max(2, parallelThreshold / max(1, r.count)), grain: 1) { start, count in
      for o in start..<start + count {
        out[o] = T(sumOfRow(x + o * r.count, count: r.count)) * scale
      }
    }
    return
  }
  inParallel(r.inner, threshold: max(32, parallelThreshold / max(1, r.outer * r.count))) { start, width in
    for o in 0..<r.outer {
      let first = o * r.count * r.inner + start
      sumOfRows(
        x + first, count: r.count, step: r.inner, into: out + o * r.inner + start, width, scale: scale)
    }
  }
}

/// out[i] = scale · Σ_c x[c, i] for rows x[c, :] that begin `step` apart.
///
/// Adding whole rows keeps both memory access and vector units straight. Blocks of rows are summed apart and then
/// together, for accuracy.
@inline(never)
private func sumOfRows<T: FloatingElement>(
  _ x: UnsafePointer<T>, count: Int, step: Int, into out: UnsafeMutablePointer<T>, _ width: Int, scale: T
) {
  let block = 64
  let scratch = UnsafeMutablePointer<T>.allocate(capacity: width)
  defer { scratch.deallocate() }
  for i in 0..<width { out[i] = 0 }
  var c = 0
  while c < count {
    let end = min(count, c + block)
    let first = x + c * step
    for i in 0..<width { scratch[i] = first[i] }
    c += 1
    while c < end {
      let row = x + c * step
      for i in 0..<width { scratch[i] += row[i] }
      c += 1
    }
    for i in 0..<width { out[i] += scratch[i] }
  }
  if scale != 1 { for i in 0..<width { out[i] *= scale } }
}

/// out[o, i] = fold of x[o, :, i] from `start` on, in order.
@inline(__always)
func reduceFold<T: TensorElement, R: TensorElement>(
  _ r: FoldPlan, into out: UnsafeMutablePointer<R>, from start: R, _ combine: (R, T) -> R
) {
  let x = r.source.pointer(T.self)
  for o in 0..<r.outer {
    let target = out + o * r.inner
    for i in 0..<r.inner { target[i] = start }
    for c in 0..<r.count {
      let row = x + (o * r.count + c) * r.inner
      for i in 0..<r.inner { target[i] = combine(target[i], row[i]) }
    }
  }
}

/// The position along the middle, and the value there, of the first element that `isBetter` than all
/// before it. NaN beats everything, as in PyTorch.
@inline(__always)
func reduceBest<T: TensorElement & Comparable>(
  _ r: FoldPlan, values: UnsafeMutablePointer<T>, indices: UnsafeMutablePointer<Int>,
  _ isBetter: (T, T) -> Bool
) {
  let x = r.source.pointer(T.self)
  for o in 0..<r.outer {
    for i in 0..<r.inner {
      let column = x + o * r.count * r.inner + i
      var best = column[0]
      var index = 0
      var c = 1
      while c < r.count && best == best {
        let value = column[c &* r.inner]
        if isBetter(value, best) || value != value {
          best = value
          index = c
        }
        c &+= 1
      }
      values[o * r.inner + i] = best
      indices[o * r.inner + i] = index
    }
  }
}
