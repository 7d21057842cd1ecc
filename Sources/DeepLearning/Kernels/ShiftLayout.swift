// How images lie in memory so that a convolution needs no unfolding.
//
// Lay the rows of an image one after another, with zeros between them where it is padded. Then what place (r, s) of the
// kernel covers lies the same distance behind what its first place covers, whichever the output: r rows and s numbers. So
// the outputs of a channel are a sum of images, one for each input channel and place of the kernel, each shifted by its
// distance and multiplied by its weight.
//
// Images of a batch stand below one another as if they were one, since small ones would not fill the vectors. Where the
// stride is 2, rows and columns with even and with odd numbers are laid apart, and each of the four images is as above.
// Between the rows the sums are of no use; the wider the image, the fewer they are.

/// One dimension of such images.
struct ShiftAxis {
  let axis: SlidingAxis
  /// From one row, or image, to the next. The zeros behind one are those before the next.
  let pitch: Int
  /// What remains of an input's place when it is divided by the stride, for those that the kernel reads.
  let phases: [Int]
  /// How many places of one phase the outputs read.
  private let span: Int

  /// nil where padding that no kernel needs would let outputs overlap.
  init?(_ axis: SlidingAxis) {
    self.axis = axis
    span = axis.outputs + (axis.extent - 1) / axis.stride
    let behind = span - axis.padding - axis.size
    if axis.stride == 1 {
      guard (0..<axis.extent).contains(axis.padding) && (0..<axis.extent).contains(behind) else { return nil }
      pitch = span - min(axis.padding, behind)
    } else {
      pitch = span
    }
    let all = (0..<axis.kernel).map { $0 * axis.dilation % axis.stride }
    phases = (0..<axis.stride).filter(all.contains)
  }

  /// Which of the phases place `r` of the kernel reads, and how many places behind the output's number.
  func shift(at r: Int) -> (phase: Int, distance: Int) {
    let place = r * axis.dilation
    return (phases.firstIndex(of: place % axis.stride)!, place / axis.stride)
  }

  /// The places of a phase that hold a number of the image.
  @inline(__always)
  func places(of phase: Int) -> Range<Int> {
    let first = (max(0, axis.padding - phase) + axis.stride - 1) / axis.stride
    let end = min(span, (axis.padding + axis.size - phase + axis.stride - 1) / axis.stride)
    return first..<max(first, end)
  }

  /// The number of the image that is at a place of a phase.
  @inline(__always)
  func input(at place: Int, of phase: Int) -> Int { place * axis.stride + phase - axis.padding }
}

struct ShiftLayout {
  let rows: ShiftAxis
  let columns: ShiftAxis
  /// From one image to the next below it.
  let imagePitch: Int

  /// nil where a convolution is no sum of shifted images.
  init?(_ rows: SlidingAxis, _ columns: SlidingAxis) {
    guard let rows = ShiftAxis(rows), let columns = ShiftAxis(columns) else { return nil }
    self.rows = rows
    self.columns = columns
    imagePitch = rows.pitch * columns.pitch
  }

  /// From the first output of so many images to the last, those between the rows included.
  func positions(_ images: Int) -> Int {
    (images - 1) * imagePitch + (rows.axis.outputs - 1) * columns.pitch + columns.axis.outputs
  }

  /// Positions to go through in steps: `count` times `length`, each `pitch` behind the one before.
  struct Runs {
    let count: Int
    let length: Int
    let pitch: Int
    /// Behind the last position.
    var end: Int { (count - 1) * pitch + length }
  }

  /// All positions of so many images at once, or image by image where that passes over more of what is between them.
  func runs(_ images: Int, step: Int) -> Runs {
    let one = rounded(positions(1), to: step)
    return one <= imagePitch
      ? Runs(count: images, length: one, pitch: imagePitch)
      : Runs(count: 1, length: rounded(positions(images), to: step), pitch: 0)
  }

  /// Which part of the positions are outputs, and not between the rows, at so many positions a step.
  func usefulPart(step: Int) -> Double {
    let all = min(imagePitch, rounded(positions(1), to: step))
    return Double(rows.axis.outputs * columns.axis.outputs) / Double(all)
  }

  /// Whether sums of shifted images take less time than the product with the unfolded image. A kernel of one number needs
  /// no unfolding; an image of more than 16 MB is far from any cache; and half of the sums should be of use.
  func isFaster(channels: Int, step: Int) -> Bool {
    rows.axis.kernel * columns.axis.kernel > 1 && channels * planeLength(1) <= 1 << 22
      && usefulPart(step: step) > 0.5
  }

  /// From one phase or channel to the next: the largest shift and any tile's last positions lie within.
  func planeLength(_ images: Int) -> Int {
    let distance = rows.shift(at: rows.axis.kernel - 1).distance * columns.pitch + columns.axis.extent
    let laid = (images + 1) * imagePitch + rows.axis.padding * columns.pitch + columns.pitch
    return rounded(max(positions(images) + 64 + distance, laid), to: 16)
  }

  /// Memory for so many images, with zeros where none of their numbers will be.
  func planes(_ images: Int, channels: Int) -> Storage {
    zeros(channels * rows.phases.count * columns.phases.count * planeLength(images))
  }

  /// How many images of a batch to lay at once: about as many as have `positions`, and the same number each time.
  func imagesAtOnce(of batch: Int, positions: Int, timesMultipleOf step: Int = 1) -> Int {
    let times = rounded(max(1, (batch * imagePitch + positions - 1) / positions), to: step)
    return (batch + times - 1) / times
  }

  /// The shift of each place of the kernel in each of `channels`.
  func offsets(_ images: Int, channels: Int) -> [Int] {
    let length = planeLength(images)
    var offsets: [Int] = []
    offsets.reserveCapacity(channels * rows.axis.kernel * columns.axis.kernel)
    for c in 0..<channels {
      for r in 0..<rows.axis.kernel {
        let down = rows.shift(at: r)
        for s in 0..<columns.axis.kernel {
          let across = columns.shift(at: s)
          let plane = (c * rows.phases.count + down.phase) * columns.phases.count + across.phase
          offsets.append(plane * length + down.distance * columns.pitch + across.distance)
        }
      }
    }
    return offsets
  }

  /// Copies `images` images, each `step` behind the one before, to where there were zeros or other images.
  func lay(
    _ source: UnsafePointer<Float>, images: Int, step: Int, channels: Int,
    into planes: UnsafeMutablePointer<Float>,
    length: Int
  ) {
    var plane = planes
    for c in 0..<channels {
      for p in rows.phases {
        for q in columns.phases {
          let (down, across) = (rows.places(of: p), columns.places(of: q))
          for n in 0..<images {
            let image = source + n * step + c * rows.axis.size * columns.axis.size
            for i in down {
              let row =
                image + rows.input(at: i, of: p) * columns.axis.size
                + columns.input(at: across.lowerBound, of: q)
              let target = plane + n * imagePitch + i * columns.pitch + across.lowerBound
              if columns.axis.stride == 1 {
                for j in 0..<across.count { target[j] = row[j] }
              } else {
                for j in 0..<across.count { target[j] = row[j &* columns.axis.stride] }
              }
            }
          }
          plane += length
        }
      }
    }
  }
}

func rounded(_ count: Int, to step: Int) -> Int { (count + step - 1) / step * step }

/// Memory that begins as zeros.
func zeros(_ count: Int) -> Storage {
  let storage = Storage(byteCount: count * MemoryLayout<Float>.stride)
  storage.base.initializeMemory(as: Float.self, repeating: 0, count: count)
  return storage
}
