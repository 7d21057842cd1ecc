/// How each output along one dimension is mixed from adjacent inputs: y[o] = Σ_a weights[o][a] · x[starts[o] + a].
///
/// Averages, enlargements and reductions of images are such mixtures of rows and then of columns.
struct Mixture {
  let size: Int
  var starts: [Int] = []
  var weights: [[Double]] = []

  var outputs: Int { starts.count }

  /// The average over each window, each with its divisor.
  static func average(_ windows: Windows, size: Int, divisors: [Int]) -> Mixture {
    var mixture = Mixture(size: size, starts: windows.starts)
    for o in windows.starts.indices {
      let count = windows.ends[o] - windows.starts[o]
      mixture.weights.append(Array(repeating: 1 / Double(divisors[o]), count: count))
    }
    return mixture
  }

  /// The input nearest to each output, of those not behind it.
  ///
  /// - Parameter scale: Inputs for each output. Single precision, as in PyTorch, so that the same ones are chosen.
  static func nearest(size: Int, outputs: Int, scale: Float) -> Mixture {
    Mixture(
      size: size, starts: (0..<outputs).map { min(size - 1, Int((Float($0) * scale).rounded(.down))) },
      weights: Array(repeating: [1], count: outputs))
  }

  /// The straight line between the two inputs around each output.
  ///
  /// - Parameter position: Where among the inputs an output lies.
  static func linear(size: Int, outputs: Int, position: (Int) -> Double) -> Mixture {
    var mixture = Mixture(size: size)
    for o in 0..<outputs {
      let place = max(0, position(o))
      let first = min(size - 1, Int(place))
      let fraction = place - Double(first)
      mixture.starts.append(first)
      mixture.weights.append(first == size - 1 ? [1] : [1 - fraction, fraction])
    }
    return mixture
  }

  /// The mixture by which gradients go back: x[s] = Σ_o weights[o][s − starts[o]] · y[o]. The outputs that an input is mixed
  /// into are adjacent, since windows neither begin nor end before those in front of them.
  var transposed: Mixture {
    var result = Mixture(
      size: outputs, starts: Array(repeating: 0, count: size), weights: Array(repeating: [], count: size))
    for o in 0..<outputs {
      for (a, weight) in weights[o].enumerated() {
        let s = starts[o] + a
        if result.weights[s].isEmpty { result.starts[s] = o }
        result.weights[s].append(weight)
      }
    }
    return result
  }
}

/// A mixture laid out for loops over numbers of one type.
private struct Taps<T: FloatingElement> {
  let starts: [Int]
  let counts: [Int]
  /// The weights of output o begin at o · width.
  let weights: [T]
  let width: Int
  /// The outputs from the first that is mixed from so many inputs up to the next that is not.
  let whole: Range<Int>

  init(_ mixture: Mixture) {
    starts = mixture.starts
    counts = mixture.weights.map(\.count)
    let width = counts.max() ?? 0
    self.width = width
    let first = counts.firstIndex(of: width) ?? 0
    whole = first..<(counts[first...].firstIndex { $0 != width } ?? counts.count)
    weights = mixture.weights.flatMap { row in (0..<width).map { $0 < row.count ? T(row[$0]) : 0 } }
  }

  /// y[i, :] = Σ_a weights[i][a] · x[starts[i] + a, :] for rows of `length` numbers.
  func mixRows(_ x: UnsafePointer<T>, length: Int, into y: UnsafeMutablePointer<T>) {
    for i in starts.indices {
      let (row, out, weight) = (x + starts[i] * length, y + i * length, i * width)
      if counts[i] == 0 {
        for s in 0..<length { out[s] = 0 }
      } else if counts[i] == 1 {
        let first = weights[weight]
        for s in 0..<length { out[s] = first * row[s] }
      } else {
        let (first, second, next) = (weights[weight], weights[weight + 1], row + length)
        for s in 0..<length { out[s] = first * row[s] + second * next[s] }
      }
      for a in stride(from: 2, to: counts[i], by: 1) {
        let (more, next) = (weights[weight + a], row + a * length)
        for s in 0..<length { out[s] += more * next[s] }
      }
    }
  }

  /// y[:, j] = Σ_b weights[j][b] · x[:, starts[j] + b] for rows of `length` numbers.
  ///
  /// One number after the other: to gather numbers for a vector takes longer. What nearly all outputs have in common is
  /// decided before the loop over them.
  func mixColumns(_ x: UnsafePointer<T>, rows: Int, length: Int, into y: UnsafeMutablePointer<T>) {
    let outputs = starts.count
    starts.withUnsafeBufferPointer { starts in
      weights.withUnsafeBufferPointer { weights in
        for r in 0..<rows {
          let (row, out) = (x + r * length, y + r * outputs)
          for j in 0..<whole.lowerBound { out[j] = sum(row + starts[j], weights, j, counts[j]) }
          switch width {
          case 1: for j in whole { out[j] = weights[j] * row[starts[j]] }
          case 2: for j in whole { out[j] = pair(row + starts[j], weights, 2 &* j) }
          default:
            for j in whole {
              var sum = pair(row + starts[j], weights, j &* width)
              for b in 2..<width { sum += weights[j &* width &+ b] * row[starts[j] &+ b] }
              out[j] = sum
            }
          }
          for j in whole.upperBound..<outputs { out[j] = sum(row + starts[j], weights, j, counts[j]) }
        }
      }
    }
  }

  @inline(__always)
  private func pair(_ x: UnsafePointer<T>, _ weights: UnsafeBufferPointer<T>, _ first: Int) -> T {
    weights[first] * x[0] + weights[first &+ 1] * x[1]
  }

  @inline(__always)
  private func sum(_ x: UnsafePointer<T>, _ weights: UnsafeBufferPointer<T>, _ output: Int, _ count: Int) -> T
  {
    var sum: T = 0
    for b in 0..<count { sum += weights[output &* width &+ b] * x[b] }
    return sum
  }
}

/// y[i, j] = Σ_a Σ_b rows.weights[i][a] · columns.weights[j][b] · x[rows.starts[i] + a, columns.starts[j] + b] in every
/// plane: rows are mixed first where that leaves fewer numbers, else columns.
func resample<T: FloatingElement>(
  _ x: UnsafePointer<T>, planes: Int, _ rows: Mixture, _ columns: Mixture, into y: UnsafeMutablePointer<T>
) {
  let (rowTaps, columnTaps) = (Taps<T>(rows), Taps<T>(columns))
  let (plane, outPlane) = (rows.size * columns.size, rows.outputs * columns.outputs)
  let between = min(rows.outputs * columns.size, rows.size * columns.outputs)
  // A few small planes at a time: to read at once what has just been written is to wait until it has arrived in the cache.
  let together = max(1, 4096 / max(1, between))
  inParallel(planes, threshold: max(2, parallelThreshold / 4 / max(1, max(plane, outPlane))), grain: 1) {
    start, count in
    let storage = Storage(byteCount: together * between * MemoryLayout<T>.stride)
    let mixed = storage.base.assumingMemoryBound(to: T.self)
    for first in stride(from: start, to: start + count, by: together) {
      let some = first..<min(start + count, first + together)
      if rows.outputs * columns.size <= rows.size * columns.outputs {
        for p in some {
          rowTaps.mixRows(x + p * plane, length: columns.size, into: mixed + (p - first) * between)
        }
        columnTaps.mixColumns(
          mixed, rows: some.count * rows.outputs, length: columns.size, into: y + first * outPlane)
      } else {
        columnTaps.mixColumns(
          x + first * plane, rows: some.count * rows.size, length: columns.size, into: mixed)
        for p in some {
          rowTaps.mixRows(
            mixed + (p - first) * between, length: columns.outputs, into: y + p * outPlane)
        }
      }
    }
  }
}
