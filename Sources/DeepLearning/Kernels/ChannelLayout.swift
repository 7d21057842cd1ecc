// What a convolution reads, where the output channels stand beside each other in the vectors.
//
// Laid with zeros around it, an image has a number for every output and every place of the kernel. It stands where the
// output begins to read, and farther by a distance that only the place of the kernel and the input channel decide. So it
// is for the transpose of a convolution too, if its outputs are taken apart by the remainders that their numbers leave
// when they are divided by the stride: those with the same remainder read the same places of the kernel.

/// One dimension of such an image.
struct ReadAxis {
  /// The numbers of the image, the zeros before them, and all with the zeros behind.
  let size, before, length: Int
  let phases: [Phase]

  /// Outputs that read the same places of the kernel.
  struct Phase {
    /// The outputs: `count` of them, each `step` behind the one before.
    let first, step, count: Int
    /// Where the first begins to read, and how much farther each next.
    let start, pitch: Int
    /// Places of the kernel, and how far behind the beginning they read.
    let taps: [(place: Int, distance: Int)]
  }

  /// The inputs of a convolution.
  init(_ axis: SlidingAxis) {
    before = axis.padding
    length = (axis.outputs - 1) * axis.stride + axis.extent
    size = min(axis.size, length - before)
    phases = [
      Phase(
        first: 0, step: 1, count: axis.outputs, start: 0, pitch: axis.stride,
        taps: (0..<axis.kernel).map { ($0, $0 * axis.dilation) })
    ]
  }

  /// The outputs of a convolution, from which gradients go back to input h: place r of the kernel reads output
  /// (h + padding − r · dilation) / stride.
  init(transposing axis: SlidingAxis) {
    let reach = (axis.extent - 1) / axis.stride
    before = reach
    length = (axis.size - 1 + axis.padding) / axis.stride + 1 + reach
    size = min(axis.outputs, length - before)
    phases = (0..<axis.stride).map { remainder in
      let first = (axis.stride - axis.padding % axis.stride + remainder) % axis.stride
      return Phase(
        first: first, step: axis.stride, count: (axis.size - first + axis.stride - 1) / axis.stride,
        start: (first + axis.padding) / axis.stride, pitch: 1,
        taps: (0..<axis.kernel).filter { $0 * axis.dilation % axis.stride == remainder }.map {
          ($0, reach - $0 * axis.dilation / axis.stride)
        })
    }
  }
}

struct ChannelLayout {
  let rows: ReadAxis
  let columns: ReadAxis

  /// From one channel to the next.
  var planeLength: Int { rows.length * columns.length }

  /// Outputs that read the same places of the kernel.
  struct Phase {
    let rows: ReadAxis.Phase
    let columns: ReadAxis.Phase
    var outputs: Int { rows.count * columns.count }
    var taps: Int { rows.taps.count * columns.taps.count }
  }

  var phases: [Phase] {
    rows.phases.flatMap { r in columns.phases.map { Phase(rows: r, columns: $0) } }.filter { $0.outputs > 0 }
  }

  /// Where the outputs of a phase begin to read, image by image. The last is repeated up to a multiple of `step`.
  func starts(_ phase: Phase, images: Int, channels: Int, step: Int) -> [Int] {
    var starts: [Int] = []
    starts.reserveCapacity(images * phase.outputs + step)
    for n in 0..<images {
      for i in 0..<phase.rows.count {
        let row = n * channels * planeLength + (phase.rows.start + i * phase.rows.pitch) * columns.length
        for j in 0..<phase.columns.count { starts.append(row + phase.columns.start + j * phase.columns.pitch) }
      }
    }
    while starts.count % step != 0 { starts.append(starts[starts.count - 1]) }
    return starts
  }

  /// How far behind the beginning each place of the kernel reads in each of `channels`.
  func distances(_ phase: Phase, channels: Int) -> [Int] {
    (0..<channels).flatMap { c in
      phase.rows.taps.flatMap { r in
        phase.columns.taps.map { c * planeLength + r.distance * columns.length + $0.distance }
      }
    }
  }

  /// Copies images of so many channels, each `step` behind the one before, to where there are zeros or other images.
  func lay(
    _ source: UnsafePointer<Float>, images: Int, step: Int, channels: Int, sourceSize: (rows: Int, columns: Int),
    into planes: UnsafeMutablePointer<Float>
  ) {
    for n in 0..<images {
      for c in 0..<channels {
        var row = source + n * step + c * sourceSize.rows * sourceSize.columns
        var target = planes + (n * channels + c) * planeLength + rows.before * columns.length + columns.before
        for _ in 0..<rows.size {
          for j in 0..<columns.size { target[j] = row[j] }
          row += sourceSize.columns
          target += columns.length
        }
      }
    }
  }
}
