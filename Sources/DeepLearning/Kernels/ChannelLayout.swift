// What a convolution reads whose output channels stand beside each other in the vectors.
//
// Laid with zeros around it, an image has a number for every output and every place of the kernel. It stands where the
// output begins to read, and from there at a distance that only the place of the kernel and the input channel decide. So it is
// with the transpose of a convolution, if its outputs are taken apart by what remains of their numbers when they are divided
// by the stride: those of which the same remains read the same places of the kernel.

/// One dimension of such an image.
struct ReadAxis {
  /// How many numbers of the source there are, zeros before them, and all with the zeros behind.
  let size, before, length: Int
  let phases: [Phase]

  /// Outputs that read the same places of the kernel.
  struct Phase {
    /// `count` outputs, each `step` behind the one before.
    let first, step, count: Int
    /// Where the first begins to read, and how much farther each next.
    let start, pitch: Int
    /// Places of the kernel, and at which distance they read.
    let taps: [(place: Int, distance: Int)]

    /// Neighbouring outputs at which the same taps find numbers; the other taps read the zeros around the image.
    struct Band: Equatable {
      var outputs: Range<Int>
      let taps: Range<Int>
    }

    /// All outputs, and all taps.
    var whole: Band { Band(outputs: 0..<count, taps: taps.indices) }

    /// The outputs, cut where a tap leaves or enters the image, whose numbers stand at `image`.
    func bands(_ image: Range<Int>) -> [Band] {
      var bands: [Band] = []
      for j in 0..<count {
        // Distances rise or fall from tap to tap, and so those that find something are neighbours.
        let finds = { (tap: (place: Int, distance: Int)) in image.contains(start + j * pitch + tap.distance) }
        let first = taps.firstIndex(where: finds) ?? 0
        let range = first..<(taps.lastIndex(where: finds) ?? first - 1) + 1
        if bands.last?.taps == range {
          bands[bands.count - 1].outputs = bands[bands.count - 1].outputs.lowerBound..<j + 1
        } else {
          bands.append(Band(outputs: j..<j + 1, taps: range))
        }
      }
      return bands
    }
  }

  /// Where the image's numbers stand between the zeros.
  var image: Range<Int> { before..<before + size }

  /// Of the inputs of a convolution.
  init(_ axis: SlidingAxis) {
    before = axis.padding
    length = (axis.outputs - 1) * axis.stride + axis.extent
    size = max(0, min(axis.size, length - before))
    phases = [
      Phase(
        first: 0, step: 1, count: axis.outputs, start: 0, pitch: axis.stride,
        taps: (0..<axis.kernel).map { ($0, $0 * axis.dilation) })
    ]
  }

  /// Of the outputs of a convolution, for its transpose: with place r of the kernel, input h reads output
  /// (h + padding − r · dilation) / stride.
  init(transposing axis: SlidingAxis) {
    let reach = (axis.extent - 1) / axis.stride
    before = reach
    length = (axis.size - 1 + axis.padding) / axis.stride + 1 + reach
    size = min(axis.outputs, length - before)
    phases = (0..<min(axis.stride, axis.size)).map { first in
      let remainder = (first + axis.padding) % axis.stride
      let places = (0..<axis.kernel).filter { $0 * axis.dilation % axis.stride == remainder }
      return Phase(
        first: first, step: axis.stride, count: (axis.size - first + axis.stride - 1) / axis.stride,
        start: (first + axis.padding) / axis.stride, pitch: 1,
        taps: places.map { ($0, reach - $0 * axis.dilation / axis.stride) })
    }
  }
}

struct ChannelLayout {
  let rows: ReadAxis
  let columns: ReadAxis
  /// Rows and columns of the source.
  let sourceSize: (rows: Int, columns: Int)
  let phases: [Phase]
  /// Places of the kernel.
  let taps: Int

  /// Outputs that read the same places of the kernel.
  struct Phase {
    let rows: ReadAxis.Phase
    let columns: ReadAxis.Phase
    var outputs: Int { rows.count * columns.count }
    var taps: Int { rows.taps.count * columns.taps.count }
  }

  init(_ shape: ConvolutionShape) {
    self.init(
      ReadAxis(shape.rows), ReadAxis(shape.columns), of: (shape.rows.size, shape.columns.size),
      taps: shape.taps)
  }

  init(transposing shape: ConvolutionShape) {
    self.init(
      ReadAxis(transposing: shape.rows), ReadAxis(transposing: shape.columns),
      of: (shape.rows.outputs, shape.columns.outputs), taps: shape.taps)
  }

  private init(_ rows: ReadAxis, _ columns: ReadAxis, of sourceSize: (rows: Int, columns: Int), taps: Int) {
    (self.rows, self.columns, self.sourceSize, self.taps) = (rows, columns, sourceSize, taps)
    phases = rows.phases.flatMap { r in columns.phases.map { Phase(rows: r, columns: $0) } }
  }

  /// Whether it may be worth while to lay images and to turn sums of so many channels together: where more is to do than to
  /// multiply each number once, and where an image has at most 16 MB, since anything more is far from any cache.
  func isSuitable(channels: Int) -> Bool { taps > 1 && channels * planeLength <= 1 << 22 }

  /// From one channel to the next.
  var planeLength: Int { rows.length * columns.length }

  /// Outputs of a phase at which the same places of the kernel find numbers; the other places read zeros there, and may be
  /// left out.
  struct Region {
    let rows, columns: ReadAxis.Phase.Band
    var outputs: Int { rows.outputs.count * columns.outputs.count }
    var taps: Int { rows.taps.count * columns.taps.count }

    /// What so many images cost, in thirds of a tap of a tile's row; a tile costs about one besides its taps.
    func cost(images: Int, tileRows: Int) -> Int { rounded(images * outputs, to: tileRows) * (3 * taps + 1) }
  }

  /// How many images to lay at once, and the regions of each phase.
  struct Plan {
    let images: Int
    let regions: [[Region]]
    let cost: Int
  }

  /// The borders of images as regions of their own, above and below or on all sides, where that leaves out more than is
  /// lost with tiles that are not full. Of at most so many images as few as give the tiles something to do, or a few more
  /// that fill them better.
  func plan(images most: Int, tileRows: Int) -> Plan {
    let outputs = phases.reduce(1) { max($0, $1.outputs) }
    let least = ChannelLayout.imagesAtOnce(of: most, outputs: outputs)
    let more = min(most, least + tileRows - 1, 512 / outputs)
    let rows = phases.map { $0.rows.bands(self.rows.image) }
    let columns = phases.map { $0.columns.bands(self.columns.image) }
    let mayCutRows = rows.contains { $0.count > 1 }
    // Each number of a column stands in a line of the cache of its own, unless the rows of the image are as short as those.
    let mayCutColumns = self.columns.length <= 16 && columns.contains { $0.count > 1 }
    var plans: [Plan] = []
    for cutsRows in mayCutRows ? [false, true] : [false] {
      for cutsColumns in mayCutColumns ? [false, true] : [false] {
        let regions = phases.indices.map { i in
          (cutsRows ? rows[i] : [phases[i].rows.whole]).flatMap { r in
            (cutsColumns ? columns[i] : [phases[i].columns.whole]).map { Region(rows: r, columns: $0) }
          }
        }
        for images in least...max(least, more) {
          let cost = regions.joined().reduce(0) { $0 + $1.cost(images: images, tileRows: tileRows) }
          plans.append(Plan(images: images, regions: regions, cost: cost))
        }
      }
    }
    return plans.min { $0.cost * $1.images < $1.cost * $0.images }!
  }

  /// The tiles' rows for a region, image by image: where each output reads, and where it stands among the `outputs` of
  /// an image. Filled up to a multiple of `tileRows` with some whose sums go behind all others.
  func tileRows(
    _ region: Region, of phase: Phase, images: Int, channels: Int, outputs: (rows: Int, columns: Int),
    lanes: Int, tileRows: Int
  ) -> [OuterProductRow] {
    let (r, c) = (phase.rows, phase.columns)
    var places: [OuterProductRow] = []
    places.reserveCapacity(rounded(images * region.outputs, to: tileRows))
    for n in 0..<images {
      for i in region.rows.outputs {
        let row = (n * channels * rows.length + r.start + i * r.pitch) * columns.length
        let target = (n * outputs.rows + r.first + i * r.step) * outputs.columns
        for j in region.columns.outputs {
          places.append(
            OuterProductRow(
              start: row + c.start + j * c.pitch, sums: (target + c.first + j * c.step) * lanes))
        }
      }
    }
    places.fillTiles(of: tileRows, behind: images * outputs.rows * outputs.columns, lanes: lanes)
    return places
  }

  /// What the outputs of a region read in each of `channels`, and where the weights for it stand among those of the phase.
  /// One step for each channel and tap.
  func fill(
    _ steps: UnsafeMutablePointer<OuterProductStep>, _ region: Region, of phase: Phase, channels: Int,
    lanes: Int
  ) {
    let (r, c) = (phase.rows.taps, phase.columns.taps)
    var next = steps
    for channel in 0..<channels {
      for i in region.rows.taps {
        for j in region.columns.taps {
          next.initialize(
            to: OuterProductStep(
              distance: channel * planeLength + r[i].distance * columns.length + c[j].distance,
              vectors: ((channel * r.count + i) * c.count + j) * lanes))
          next += 1
        }
      }
    }
  }

  /// Copies images of so many channels, each `step` behind the one before, to where there are zeros or other images.
  func lay(
    _ source: UnsafePointer<Float>, images: Int, step: Int, channels: Int,
    into planes: UnsafeMutablePointer<Float>
  ) {
    for n in 0..<images {
      for c in 0..<channels {
        var row = source + n * step + c * sourceSize.rows * sourceSize.columns
        var target =
          planes + (n * channels + c) * planeLength + rows.before * columns.length + columns.before
        for _ in 0..<rows.size {
          copyRow(row, columns.size, to: target)
          row += sourceSize.columns
          target += columns.length
        }
      }
    }
  }

  /// The rows of small images are so short that a call of the system's would take longer than the copying. Two vectors
  /// that overlap copy any row between one of them and both.
  @inline(__always)
  private func copyRow(_ x: UnsafePointer<Float>, _ count: Int, to y: UnsafeMutablePointer<Float>) {
    switch count {
    case 4...8: copyEnds(x, count, to: y, SIMD4<Float>.self)
    case 9...16: copyEnds(x, count, to: y, SIMD8<Float>.self)
    default: y.update(from: x, count: count)
    }
  }

  @inline(__always)
  private func copyEnds<V: SIMD>(
    _ x: UnsafePointer<Float>, _ count: Int, to y: UnsafeMutablePointer<Float>, _: V.Type
  ) where V.Scalar == Float {
    let last = count - V.scalarCount
    let first = UnsafeRawPointer(x).loadUnaligned(as: V.self)
    let second = UnsafeRawPointer(x + last).loadUnaligned(as: V.self)
    UnsafeMutableRawPointer(y).storeBytes(of: first, as: V.self)
    UnsafeMutableRawPointer(y + last).storeBytes(of: second, as: V.self)
  }

  /// Cuts what goes through a tile into equal pieces so small that they stay in the nearest cache until the next tile reads
  /// them again.
  static func pieceLength(_ count: Int) -> Int {
    let pieces = max(1, (count + 111) / 112)
    return max(1, (count + pieces - 1) / pieces)
  }

  /// How many images to lay at once: as few as give the tiles something to do.
  static func imagesAtOnce(of most: Int, outputs: Int) -> Int {
    max(1, min(most, (192 + outputs - 1) / max(1, outputs)))
  }

  /// How many vectors of output channels stand beside each other: as many, up to four, as leave the fewest lanes empty.
  static func vectors(for channels: Int) -> Int {
    let needed = (channels + 15) / 16
    return (1...4).min { (rounded(needed, to: $0), -$0) < (rounded(needed, to: $1), -$1) }!
  }

  /// Which part of the lanes channels stand in.
  static func fill(for channels: Int) -> Double {
    Double(channels) / Double(16 * rounded((channels + 15) / 16, to: vectors(for: channels)))
  }
}
