// The unfolding of an image ("im2col"): a matrix with a column for each position of the kernel and, in that column,
// what the kernel covers there. A convolution is a product with this matrix.

/// A rectangle of output positions.
struct OutputBlock {
  let rows: Range<Int>
  let columns: Range<Int>
  var count: Int { rows.count * columns.count }
}

/// columns[(c, r, s), (i, j)] = x[c, i · stride + r · dilation − padding, j · stride + s · dilation − padding] for the
/// output positions (i, j) of `block`, and 0 outside of x.
func unfold<T: FloatingElement>(
  _ x: UnsafePointer<T>, channels: Int, _ rows: SlidingAxis, _ columns: SlidingAxis, _ block: OutputBlock,
  into out: UnsafeMutablePointer<T>
) {
  var target = out
  let width = block.columns.count
  for c in 0..<channels {
    let plane = x + c * rows.size * columns.size
    for r in 0..<rows.kernel {
      let insideRows = rows.outputs(at: r)
      for s in 0..<columns.kernel {
        let inside = columns.outputs(at: s).clamped(to: block.columns)
        let before = inside.lowerBound - block.columns.lowerBound
        let first = inside.lowerBound * columns.stride + s * columns.dilation - columns.padding
        for i in block.rows {
          if insideRows.contains(i) && !inside.isEmpty {
            let row = plane + (i * rows.stride + r * rows.dilation - rows.padding) * columns.size + first
            for j in 0..<before { target[j] = 0 }
            let place = target + before
            if columns.stride == 1 {
              for j in 0..<inside.count { place[j] = row[j] }
            } else {
              for j in 0..<inside.count { place[j] = row[j &* columns.stride] }
            }
            for j in before + inside.count..<width { target[j] = 0 }
          } else {
            for j in 0..<width { target[j] = 0 }
          }
          target += width
        }
      }
    }
  }
}

/// The transpose of ``unfold(_:channels:_:_:_:into:)``: adds every number of `columns` to the place of x that it came
/// from.
func fold<T: FloatingElement>(
  _ columnMatrix: UnsafePointer<T>, channels: Int, _ rows: SlidingAxis, _ columns: SlidingAxis,
  _ block: OutputBlock, addingTo x: UnsafeMutablePointer<T>
) {
  var source = columnMatrix
  let width = block.columns.count
  for c in 0..<channels {
    let plane = x + c * rows.size * columns.size
    for r in 0..<rows.kernel {
      let insideRows = rows.outputs(at: r)
      for s in 0..<columns.kernel {
        let inside = columns.outputs(at: s).clamped(to: block.columns)
        let before = inside.lowerBound - block.columns.lowerBound
        let first = inside.lowerBound * columns.stride + s * columns.dilation - columns.padding
        for i in block.rows {
          if insideRows.contains(i) && !inside.isEmpty {
            let row = plane + (i * rows.stride + r * rows.dilation - rows.padding) * columns.size + first
            let place = source + before
            if columns.stride == 1 {
              for j in 0..<inside.count { row[j] += place[j] }
            } else {
              for j in 0..<inside.count { row[j &* columns.stride] += place[j] }
            }
          }
          source += width
        }
      }
    }
  }
}
