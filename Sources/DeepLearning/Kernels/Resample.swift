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
}

/// A mixture laid out for loops over numbers of one type.
private struct Taps<T: FloatingElement> {
  let starts: [Int]
  let counts: [Int]
  /// The weights of output o begin at o · width.
  let weights: [T]
  let width: Int

  init(_ mixture: Mixture) {
    starts = mixture.starts
    counts = mixture.weights.map(\.count)
    let width = counts.max() ?? 0
    self.width = width
    weights = mixture.weights.flatMap { row in
      row.map { T($0) } + Array(repeating: 0, count: width - row.count)
    }
  }
}

/// y[i, j] = Σ_a Σ_b rows.weights[i][a] · columns.weights[j][b] · x[rows.starts[i] + a, columns.starts[j] + b] in every
/// plane: rows are mixed into one, whole, and then its numbers.
func resample<T: FloatingElement>(
  _ x: UnsafePointer<T>, planes: Int, _ rows: Mixture, _ columns: Mixture, into y: UnsafeMutablePointer<T>
) {
  let rowTaps = Taps<T>(rows)
  let columnTaps = Taps<T>(columns)
  let width = columns.size
  let perPlane = rows.outputs * columns.outputs
  inParallel(planes, threshold: max(2, parallelThreshold / 4 / max(1, perPlane)), grain: 1) { start, count in
    let scratch = Storage(byteCount: width * MemoryLayout<T>.stride)
    let mixed = scratch.base.assumingMemoryBound(to: T.self)
    for p in start..<start + count {
      let plane = x + p * rows.size * width
      var out = y + p * perPlane
      for i in 0..<rows.outputs {
        let first = plane + rowTaps.starts[i] * width
        let weight = rowTaps.weights[i * rowTaps.width]
        for s in 0..<width { mixed[s] = weight * first[s] }
        for a in 1..<max(1, rowTaps.counts[i]) {
          let weight = rowTaps.weights[i * rowTaps.width + a]
          let row = first + a * width
          for s in 0..<width { mixed[s] += weight * row[s] }
        }
        for j in 0..<columns.outputs {
          var sum: T = 0
          let place = mixed + columnTaps.starts[j]
          for b in 0..<columnTaps.counts[j] {
            sum += columnTaps.weights[j &* columnTaps.width &+ b] * place[b]
          }
          out[j] = sum
        }
        out += columns.outputs
      }
    }
  }
}

/// The transpose of ``resample(_:planes:_:_:into:)``: every output goes back, times its weights, to where it came from.
func resampleTransposed<T: FloatingElement>(
  _ gradient: UnsafePointer<T>, planes: Int, _ rows: Mixture, _ columns: Mixture,
  into x: UnsafeMutablePointer<T>
) {
  let rowTaps = Taps<T>(rows)
  let columnTaps = Taps<T>(columns)
  let width = columns.size
  let perPlane = rows.outputs * columns.outputs
  inParallel(planes, threshold: max(2, parallelThreshold / 4 / max(1, perPlane)), grain: 1) { start, count in
    let scratch = Storage(byteCount: width * MemoryLayout<T>.stride)
    let mixed = scratch.base.assumingMemoryBound(to: T.self)
    for p in start..<start + count {
      let plane = x + p * rows.size * width
      for i in 0..<rows.size * width { plane[i] = 0 }
      var g = gradient + p * perPlane
      for i in 0..<rows.outputs {
        for s in 0..<width { mixed[s] = 0 }
        for j in 0..<columns.outputs {
          let place = mixed + columnTaps.starts[j]
          for b in 0..<columnTaps.counts[j] {
            place[b] += columnTaps.weights[j &* columnTaps.width &+ b] * g[j]
          }
        }
        for a in 0..<rowTaps.counts[i] {
          let weight = rowTaps.weights[i * rowTaps.width + a]
          let row = plane + (rowTaps.starts[i] + a) * width
          for s in 0..<width { row[s] += weight * mixed[s] }
        }
        g += columns.outputs
      }
    }
  }
}
