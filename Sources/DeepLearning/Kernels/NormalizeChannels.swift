// Loops of batch normalization: statistics of each channel over all examples, and what is done with them.
//
// A batch is `outer` examples of `channels` runs of `inner` adjacent numbers each. Where a run is a single number
// the channels are columns of a matrix, and whole rows are added instead, which keeps the vector units busy.

/// How a batch with channels lies in memory.
struct ChannelPlan {
  let outer: Int
  let channels: Int
  let inner: Int

  /// Dimension 1 of `shape` holds the channels.
  init(_ shape: [Int]) {
    outer = shape[0]
    channels = shape[1]
    inner = elementCount(Array(shape[2...]))
  }

  /// Numbers of one channel.
  var count: Int { outer * inner }

  /// Calls `body` with ranges of channels, on several cores where that is worth it.
  fileprivate func forChannels(_ body: (Range<Int>) -> Void) {
    let threshold = max(2, parallelThreshold / max(1, count))
    inParallel(channels, threshold: threshold, grain: inner == 1 ? 16 : 1) { start, count in
      body(start..<start + count)
    }
  }

  /// Calls `body` with the place of a stretch of adjacent numbers and its first channel: a row of all channels
  /// where these are columns, otherwise a run of a single one.
  fileprivate func forStretches(_ body: (_ place: Int, _ channel: Int) -> Void) {
    let length = inner == 1 ? channels : inner
    let stretches = inner == 1 ? outer : outer * channels
    inParallel(stretches, threshold: max(2, parallelThreshold / max(1, length)), grain: 1) { start, count in
      for i in start..<start + count { body(i * length, inner == 1 ? 0 : i % channels) }
    }
  }

  /// Rows of a matrix that are summed in single precision before the sums are carried over to double.
  fileprivate static let rowsAtOnce = 64
}

/// How many numbers there were, their mean, and Σ (x − mean)².
struct Moments {
  var count = 0.0
  var mean = 0.0
  var squares = 0.0

  /// The moments of both sets together; squares of large numbers never meet, so that nothing cancels.
  ///
  /// T. F. Chan, G. H. Golub and R. J. LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample
  /// Variances", 1979.
  mutating func merge(count other: Double, mean otherMean: Double, squares otherSquares: Double) {
    let total = count + other
    let difference = otherMean - mean
    mean += difference * (other / total)
    squares += otherSquares + difference * difference * (count * other / total)
    count = total
  }

  /// Takes in adjacent numbers, in pieces that are still in the core's cache when they are read a second time.
  mutating func merge<T: FloatingElement>(_ x: UnsafePointer<T>, count: Int) {
    var start = 0
    while start < count {
      let length = min(4096, count - start)
      let mean = sumOfRow(x + start, count: length) / Double(length)
      let squares = sumOfSquares(x + start, about: T(mean), count: length)
      merge(count: Double(length), mean: mean, squares: squares)
      start += length
    }
  }
}

/// The moments of each channel, in one pass over memory.
func channelMoments<T: FloatingElement>(
  _ x: UnsafePointer<T>, _ p: ChannelPlan, into moments: UnsafeMutablePointer<Moments>
) {
  moments.initialize(repeating: Moments(), count: p.channels)
  p.forChannels { channels in
    if p.inner > 1 {
      for n in 0..<p.outer {
        for c in channels { moments[c].merge(x + (n * p.channels + c) * p.inner, count: p.inner) }
      }
    } else {
      columnMoments(
        x + channels.lowerBound, rows: p.outer, step: p.channels, width: channels.count,
        into: moments + channels.lowerBound)
    }
  }
}

@inline(never)
private func columnMoments<T: FloatingElement>(
  _ x: UnsafePointer<T>, rows: Int, step: Int, width: Int, into moments: UnsafeMutablePointer<Moments>
) {
  let mean = UnsafeMutablePointer<T>.allocate(capacity: 2 * width)
  defer { mean.deallocate() }
  let squares = mean + width
  var start = 0
  while start < rows {
    let count = min(ChannelPlan.rowsAtOnce, rows - start)
    let first = x + start * step
    for i in 0..<width { (mean[i], squares[i]) = (first[i], 0) }
    for r in 1..<count {
      let row = first + r * step
      for i in 0..<width { mean[i] += row[i] }
    }
    let share = 1 / T(count)
    for i in 0..<width { mean[i] *= share }
    for r in 0..<count {
      let row = first + r * step
      for i in 0..<width {
        let difference = row[i] - mean[i]
        squares[i] += difference * difference
      }
    }
    for i in 0..<width {
      moments[i].merge(count: Double(count), mean: Double(mean[i]), squares: Double(squares[i]))
    }
    start += count
  }
}

/// y = (x − mean) · scale + shift, each of these one number a channel
func normalizeChannels<T: FloatingElement>(
  _ x: UnsafePointer<T>, _ p: ChannelPlan, mean: [T], scale: [T], shift: [T],
  into y: UnsafeMutablePointer<T>
) {
  mean.withUnsafeBufferPointer { mean in
    scale.withUnsafeBufferPointer { scale in
      shift.withUnsafeBufferPointer { shift in
        p.forStretches { place, channel in
          let (x, y) = (x + place, y + place)
          if p.inner == 1 {
            for i in 0..<p.channels { y[i] = (x[i] - mean[i]) * scale[i] + shift[i] }
          } else {
            let (mean, scale, shift) = (mean[channel], scale[channel], shift[channel])
            for i in 0..<p.inner { y[i] = (x[i] - mean) * scale + shift }
          }
        }
      }
    }
  }
}

/// Σ g and Σ g (x − mean) of each channel, in one pass over memory.
func channelSums<T: FloatingElement>(
  _ g: UnsafePointer<T>, _ x: UnsafePointer<T>, _ p: ChannelPlan, mean: [T]
) -> (plain: [Double], centered: [Double]) {
  var plain = [Double](repeating: 0, count: p.channels)
  var centered = plain
  plain.withUnsafeMutableBufferPointer { plain in
    centered.withUnsafeMutableBufferPointer { centered in
      p.forChannels { channels in
        if p.inner > 1 {
          for n in 0..<p.outer {
            for c in channels {
              let place = (n * p.channels + c) * p.inner
              let sums = sumsOfRow(g + place, x + place, mean: mean[c], count: p.inner)
              plain[c] += sums.plain
              centered[c] += sums.centered
            }
          }
        } else {
          columnSums(g, x, p, channels, mean: mean, plain.baseAddress!, centered.baseAddress!)
        }
      }
    }
  }
  return (plain, centered)
}

@inline(never)
private func columnSums<T: FloatingElement>(
  _ g: UnsafePointer<T>, _ x: UnsafePointer<T>, _ p: ChannelPlan, _ channels: Range<Int>, mean: [T],
  _ plain: UnsafeMutablePointer<Double>, _ centered: UnsafeMutablePointer<Double>
) {
  let width = channels.count
  let sums = UnsafeMutablePointer<T>.allocate(capacity: 3 * width)
  defer { sums.deallocate() }
  let (products, means) = (sums + width, sums + 2 * width)
  for (i, c) in channels.enumerated() { means[i] = mean[c] }
  var start = 0
  while start < p.outer {
    let count = min(ChannelPlan.rowsAtOnce, p.outer - start)
    for i in 0..<width { (sums[i], products[i]) = (0, 0) }
    for r in start..<start + count {
      let place = r * p.channels + channels.lowerBound
      let (g, x) = (g + place, x + place)
      for i in 0..<width { sums[i] += g[i] }
      for i in 0..<width { products[i] += g[i] * (x[i] - means[i]) }
    }
    for (i, c) in channels.enumerated() {
      plain[c] += Double(sums[i])
      centered[c] += Double(products[i])
    }
    start += count
  }
}

/// out = a · g − b · (x − mean) − c, each of these one number a channel
func channelGradient<T: FloatingElement>(
  _ g: UnsafePointer<T>, _ x: UnsafePointer<T>, _ p: ChannelPlan, mean: [T], a: [T], b: [T], c: [T],
  into out: UnsafeMutablePointer<T>
) {
  mean.withUnsafeBufferPointer { mean in
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        c.withUnsafeBufferPointer { c in
          p.forStretches { place, channel in
            let (g, x, out) = (g + place, x + place, out + place)
            if p.inner == 1 {
              for i in 0..<p.channels { out[i] = a[i] * g[i] - b[i] * (x[i] - mean[i]) - c[i] }
            } else {
              let (mean, a, b, c) = (mean[channel], a[channel], b[channel], c[channel])
              for i in 0..<p.inner { out[i] = a * g[i] - b * (x[i] - mean) - c }
            }
          }
        }
      }
    }
  }
}
