/// For each output along one dimension, the inputs that it looks at.
struct Windows {
  var starts: [Int] = []
  /// One behind the last.
  var ends: [Int] = []
  /// Inputs from one that is looked at to the next.
  var step = 1

  /// The windows of a sliding kernel; what lies outside of the input is not looked at.
  static func sliding(_ axis: SlidingAxis) -> Windows {
    var windows = Windows(step: axis.dilation)
    for o in 0..<axis.outputs {
      var start = o * axis.stride - axis.padding
      let end = min(start + axis.extent, axis.size)
      if start < 0 { start += (-start + axis.dilation - 1) / axis.dilation * axis.dilation }
      windows.starts.append(start)
      windows.ends.append(end)
    }
    return windows
  }

  /// `outputs` windows of nearly the same size that cover the input: output o looks at ⌊o · size / outputs⌋ up to
  /// ⌈(o + 1) · size / outputs⌉.
  static func adaptive(size: Int, outputs: Int) -> Windows {
    Windows(
      starts: (0..<outputs).map { $0 * size / outputs },
      ends: (0..<outputs).map { (($0 + 1) * size + outputs - 1) / outputs })
  }
}

/// The largest number in each window of each plane, and where in the plane it is. The first of equal ones counts; NaN is
/// larger than everything.
func maxPool<T: FloatingElement>(
  _ x: UnsafePointer<T>, planes: Int, height: Int, width: Int, _ rows: Windows, _ columns: Windows,
  into y: UnsafeMutablePointer<T>, places: UnsafeMutablePointer<Int>
) {
  let perPlane = rows.starts.count * columns.starts.count
  inParallel(planes, threshold: max(2, parallelThreshold / 8 / max(1, perPlane)), grain: 1) { start, count in
    for p in start..<start + count {
      let plane = x + p * height * width
      var o = p * perPlane
      for i in rows.starts.indices {
        for j in columns.starts.indices {
          var best = -T.infinity
          var place = rows.starts[i] * width + columns.starts[j]
          for r in stride(from: rows.starts[i], to: rows.ends[i], by: rows.step) {
            for s in stride(from: columns.starts[j], to: columns.ends[j], by: columns.step) {
              let value = plane[r &* width &+ s]
              if value > best || value != value {
                best = value
                place = r &* width &+ s
              }
            }
          }
          y[o] = best
          places[o] = place
          o += 1
        }
      }
    }
  }
}

/// x[places[o]] += g[o] in every plane; the rest of x becomes 0.
func scatterToPlaces<T: FloatingElement>(
  _ gradient: UnsafePointer<T>, _ places: UnsafePointer<Int>, planes: Int, outputs: Int, inputs: Int,
  into x: UnsafeMutablePointer<T>
) {
  inParallel(planes, threshold: max(2, parallelThreshold / max(1, inputs)), grain: 1) { start, count in
    for p in start..<start + count {
      let plane = x + p * inputs
      for i in 0..<inputs { plane[i] = 0 }
      for o in p * outputs..<(p + 1) * outputs { plane[places[o]] += gradient[o] }
    }
  }
}
