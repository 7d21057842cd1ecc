// Convolution with stride 1, and both of its derivatives, without any unfolding.
//
// Lay the rows of an image one after another, with zeros between them where it is padded. Then what place (r, s) of the
// kernel covers lies the same distance behind what its first place covers, whichever the output: r rows and s numbers. So
// the outputs of a channel are a sum of images, one for each input channel and place of the kernel, each shifted by its
// distance and multiplied by its weight. The sums stay in registers (RegisterTile.swift), and the image in the cache.
//
// Between the rows the sums are of no use; the wider the image, the fewer they are.

/// How the images of a convolution with stride 1 lie in memory.
struct ShiftLayout {
  let rows: SlidingAxis
  let columns: SlidingAxis
  /// From one row to the next. The zeros to the right of one row are those to the left of the next.
  let pitch: Int
  /// From the first output to the last, those between the rows included.
  let positions: Int
  /// From one channel to the next: the largest shift and any tile's last positions lie within.
  let planeLength: Int

  /// nil where a convolution is no sum of shifted images.
  init?(_ rows: SlidingAxis, _ columns: SlidingAxis) {
    guard rows.stride == 1 && columns.stride == 1 && rows.padding >= 0 && columns.padding >= 0 else { return nil }
    self.rows = rows
    self.columns = columns
    let behind = columns.outputs + columns.extent - 1 - columns.padding - columns.size
    pitch = columns.size + max(columns.padding, behind)
    positions = (rows.outputs - 1) * pitch + columns.outputs
    let shifted = positions + 63 + (rows.extent - 1) * pitch + columns.extent - 1
    planeLength = Self.rounded(max(shifted, (rows.padding + rows.size + 1) * pitch), to: 16)
  }

  /// Which part of the sums, taken in steps of `step`, are outputs.
  func usefulPart(step: Int) -> Double {
    Double(rows.outputs * columns.outputs) / Double(max(1, Self.rounded(positions, to: step)))
  }

  static func rounded(_ count: Int, to step: Int) -> Int { (count + step - 1) / step * step }

  /// The shift of each place of the kernel in each of `channels`.
  func offsets(channels: Int) -> [Int] {
    var offsets: [Int] = []
    offsets.reserveCapacity(channels * rows.kernel * columns.kernel)
    for c in 0..<channels {
      for r in 0..<rows.kernel {
        for s in 0..<columns.kernel {
          offsets.append(c * planeLength + r * rows.dilation * pitch + s * columns.dilation)
        }
      }
    }
    return offsets
  }

  /// Copies an image to where there were zeros, or another image.
  func lay<T: FloatingElement>(
    _ image: UnsafePointer<T>, channels: Int, into planes: UnsafeMutablePointer<T>
  ) {
    for c in 0..<channels {
      var source = image + c * rows.size * columns.size
      var target = planes + c * planeLength + rows.padding * pitch + columns.padding
      for _ in 0..<rows.size {
        for i in 0..<columns.size { target[i] = source[i] }
        source += columns.size
        target += pitch
      }
    }
  }
}

/// Memory that begins as zeros.
private func zeros<T: FloatingElement>(_ count: Int, _: T.Type) -> Storage {
  let storage = Storage(byteCount: count * MemoryLayout<T>.stride)
  storage.base.initializeMemory(as: UInt8.self, repeating: 0, count: count * MemoryLayout<T>.stride)
  return storage
}

/// The weights of a convolution as steps through memory, so that one loop packs them for it and for its transpose.
struct WeightOrder {
  /// Where the weight of output channel 0, input channel 0 and the first place of the kernel stands.
  let start: Int
  /// Steps from one output channel, input channel, row and column of the kernel to the next.
  let output, input, row, column: Int
  /// Steps from one group to the next.
  let group: Int
}

/// y = w ∗ x + bias, or its transpose: for every image and group a sum of shifted images.
struct ShiftedConvolution {
  let layout: ShiftLayout
  let batch: Int
  let groups: Int
  /// Channels of one group.
  let inputs: Int
  let outputs: Int
  let order: WeightOrder

  init?(_ shape: ConvolutionShape) {
    guard let layout = ShiftLayout(shape.rows, shape.columns) else { return nil }
    self.layout = layout
    (batch, groups, inputs, outputs) = (shape.batch, shape.groups, shape.inPerGroup, shape.outPerGroup)
    let taps = shape.taps
    order = WeightOrder(
      start: 0, output: inputs * taps, input: taps, row: shape.columns.kernel, column: 1,
      group: outputs * inputs * taps)
  }

  /// The convolution that gives the gradient for x: of the gradient for y, with the kernels turned around and inputs and
  /// outputs exchanged.
  init?(transposing shape: ConvolutionShape) {
    guard shape.rows.stride == 1 && shape.columns.stride == 1,
      let layout = ShiftLayout(shape.rows.transposed, shape.columns.transposed)
    else { return nil }
    self.layout = layout
    (batch, groups, inputs, outputs) = (shape.batch, shape.groups, shape.outPerGroup, shape.inPerGroup)
    let taps = shape.taps
    order = WeightOrder(
      start: taps - 1, output: taps, input: outputs * taps, row: -shape.columns.kernel, column: -1,
      group: inputs * outputs * taps)
  }

  var isFaster: Bool { layout.usefulPart(step: 48) > forcedLimit }

  func run<T: FloatingElement>(
    _ x: UnsafePointer<T>, _ w: UnsafePointer<T>, bias: UnsafePointer<T>?, into y: UnsafeMutablePointer<T>
  ) {
    // As few rows as possible stand for channels that do not exist.
    if outputs <= 2 {
      run(x, w, bias: bias, into: y, RegisterTile<1, FourVectors<T>>.self)
    } else if (outputs + 5) / 6 * 6 < (outputs + 7) / 8 * 8 {
      run(x, w, bias: bias, into: y, RegisterTile<6, FourVectors<T>>.self)
    } else {
      run(x, w, bias: bias, into: y, RegisterTile<8, ThreeVectors<T>>.self)
    }
  }

  private func run<let rows: Int, Row: TileRow>(
    _ x: UnsafePointer<Row.Element>, _ w: UnsafePointer<Row.Element>, bias: UnsafePointer<Row.Element>?,
    into y: UnsafeMutablePointer<Row.Element>, _ tile: RegisterTile<rows, Row>.Type
  ) {
    typealias T = Row.Element
    let offsets = layout.offsets(channels: inputs)
    let blocks = (outputs + rows - 1) / rows
    let packed = packed(w, rows: rows, blocks: blocks)
    let packedWeights = packed.base.assumingMemoryBound(to: T.self)
    let step = 16 * Row.vectors
    let length = ShiftLayout.rounded(layout.positions, to: step)
    let (inPlane, outPlane) = (
      layout.rows.size * layout.columns.size, layout.rows.outputs * layout.columns.outputs
    )
    let multiplications = offsets.count * blocks * rows * length
    let enough = max(2, (1 << 18) / multiplications)
    offsets.withUnsafeBufferPointer { offsets in
      // An item is a block of one image's and group's output channels. One core's items follow each other, so that it
      // lays an image once for all of its blocks.
      inParallel(batch * groups * blocks, threshold: enough, grain: 1) { start, count in
        let planes = zeros(inputs * layout.planeLength, T.self)
        let sums = Storage(byteCount: rows * length * MemoryLayout<T>.stride)
        let image = planes.base.assumingMemoryBound(to: T.self)
        let sum = sums.base.assumingMemoryBound(to: T.self)
        for item in start..<start + count {
          let (part, block) = item.quotientAndRemainder(dividingBy: blocks)  // part = image · groups + group
          let group = part % groups
          if item == start || block == 0 {
            layout.lay(x + part * inputs * inPlane, channels: inputs, into: image)
          }
          let weights = packedWeights + (group * blocks + block) * offsets.count * rows
          for p in stride(from: 0, to: length, by: step) {
            tile.addShifted(image + p, offsets, weights, into: sum + p, pitch: length)
          }
          for k in block * rows..<min(outputs, (block + 1) * rows) {
            take(
              sum + (k - block * rows) * length, bias: bias?[group * outputs + k] ?? 0,
              into: y + (part * outputs + k) * outPlane)
          }
        }
      }
    }
  }

  /// The weights in the order in which the tiles read them: for each group and block of output channels, and for each tap,
  /// those of the block's channels. Channels that do not exist have zeros.
  private func packed<T: FloatingElement>(_ w: UnsafePointer<T>, rows: Int, blocks: Int) -> Storage {
    let taps = layout.rows.kernel * layout.columns.kernel
    let storage = Storage(
      byteCount: groups * blocks * rows * inputs * taps * MemoryLayout<T>.stride)
    var target = storage.base.assumingMemoryBound(to: T.self)
    for group in 0..<groups {
      for block in 0..<blocks {
        let existing = min(rows, outputs - block * rows)
        for c in 0..<inputs {
          let first =
            w + group * order.group + order.start + block * rows * order.output + c * order.input
          for r in 0..<layout.rows.kernel {
            for s in 0..<layout.columns.kernel {
              let place = first + r * order.row + s * order.column
              for k in 0..<existing { target[k] = place[k &* order.output] }
              for k in existing..<rows { target[k] = 0 }
              target += rows
            }
          }
        }
      }
    }
    return storage
  }

  /// The sums of the rows without those between them.
  private func take<T: FloatingElement>(
    _ sums: UnsafePointer<T>, bias: T, into y: UnsafeMutablePointer<T>
  ) {
    var (source, target) = (sums, y)
    for _ in 0..<layout.rows.outputs {
      for j in 0..<layout.columns.outputs { target[j] = source[j] + bias }
      source += layout.pitch
      target += layout.columns.outputs
    }
  }
}

extension SlidingAxis {
  /// The axis of the gradient for x: each input is reached from the outputs whose kernels cover it. Stride 1.
  fileprivate var transposed: SlidingAxis {
    SlidingAxis(
      size: outputs, kernel: kernel, stride: 1, padding: extent - 1 - padding, dilation: dilation, outputs: size)
  }
}

/// The gradient for w: each weight's is the product, summed over all positions, of its output channel's gradient with its
/// input channel shifted as far as its place in the kernel.
struct ShiftedWeightGradient {
  let layout: ShiftLayout
  let shape: ConvolutionShape

  /// nil where it is no such sum, or where there are too many weights to keep 16 partial sums for each in the cache.
  init?(_ shape: ConvolutionShape) {
    guard shape.outChannels * shape.inPerGroup * shape.taps <= 1 << 13,
      let layout = ShiftLayout(shape.rows, shape.columns)
    else { return nil }
    self.layout = layout
    self.shape = shape
  }

  var isFaster: Bool { layout.usefulPart(step: 16) > forcedLimit }

  func run<T: FloatingElement>(
    _ x: UnsafePointer<T>, _ gradient: UnsafePointer<T>, into w: UnsafeMutablePointer<T>
  ) {
    let outputs = shape.outPerGroup
    if outputs <= 2 {
      run(x, gradient, into: w, RegisterTile<1, FourVectors<T>>.self)
    } else if (outputs + 5) / 6 * 6 < (outputs + 7) / 8 * 8 {
      run(x, gradient, into: w, RegisterTile<6, FourVectors<T>>.self)
    } else {
      run(x, gradient, into: w, RegisterTile<8, ThreeVectors<T>>.self)
    }
  }

  private func run<let rows: Int, Row: TileRow>(
    _ x: UnsafePointer<Row.Element>, _ gradient: UnsafePointer<Row.Element>,
    into w: UnsafeMutablePointer<Row.Element>, _ tile: RegisterTile<rows, Row>.Type
  ) {
    typealias T = Row.Element
    let (inputs, outputs) = (shape.inPerGroup, shape.outPerGroup)
    var offsets = layout.offsets(channels: inputs)
    let taps = offsets.count
    // The last taps that do not exist read what the last one reads.
    while offsets.count % Row.vectors != 0 { offsets.append(offsets[taps - 1]) }
    let tapBlocks = offsets.count / Row.vectors
    let blocks = (outputs + rows - 1) / rows
    let length = ShiftLayout.rounded(layout.positions, to: 16)
    let tileLength = rows * Row.vectors * 16
    let partLength = shape.groups * blocks * tapBlocks * tileLength
    // Parts of the batch are summed apart and then together. How many there are does not depend on the number of cores,
    // and neither does the result.
    let parts = min(shape.batch, 4)
    let storage = zeros(parts * partLength, T.self)
    let sums = storage.base.assumingMemoryBound(to: T.self)
    offsets.withUnsafeBufferPointer { offsets in
      inParallel(parts, threshold: 2, grain: 1) { start, count in
        let planes = zeros(inputs * layout.planeLength, T.self)
        let gradientPlanes = zeros(blocks * rows * length, T.self)
        let image = planes.base.assumingMemoryBound(to: T.self)
        let g = gradientPlanes.base.assumingMemoryBound(to: T.self)
        for part in start..<start + count {
          for n in part * shape.batch / parts..<(part + 1) * shape.batch / parts {
            for group in 0..<shape.groups {
              layout.lay(
                x + (n * shape.groups + group) * inputs * shape.inPlane, channels: inputs, into: image)
              layOutputs(
                gradient + (n * shape.groups + group) * outputs * shape.outPlane, into: g, length: length)
              var target = sums + part * partLength + group * blocks * tapBlocks * tileLength
              for block in 0..<blocks {
                for t in 0..<tapBlocks {
                  tile.addCorrelation(
                    g + block * rows * length, pitch: length, image, offsets.baseAddress! + t * Row.vectors,
                    positions: length, to: target)
                  target += tileLength
                }
              }
            }
          }
        }
      }
    }
    inParallel(shape.outChannels, threshold: max(2, (1 << 12) / taps), grain: 1) { start, count in
      for channel in start..<start + count {
        let (group, k) = channel.quotientAndRemainder(dividingBy: outputs)
        let (block, row) = k.quotientAndRemainder(dividingBy: rows)
        for t in 0..<taps {
          let (tapBlock, column) = t.quotientAndRemainder(dividingBy: Row.vectors)
          let tile = (group * blocks + block) * tapBlocks + tapBlock
          let first = sums + tile * tileLength + (row * Row.vectors + column) * 16
          var total = lanes(first)
          for part in 1..<parts { total += lanes(first + part * partLength) }
          w[channel * taps + t] = sum(of: total)
        }
      }
    }
  }

  /// Lays the gradients of one image's outputs in rows of the layout's pitch; between them there are zeros.
  private func layOutputs<T: FloatingElement>(
    _ gradient: UnsafePointer<T>, into planes: UnsafeMutablePointer<T>, length: Int
  ) {
    var source = gradient
    for k in 0..<shape.outPerGroup {
      var target = planes + k * length
      for _ in 0..<layout.rows.outputs {
        for j in 0..<layout.columns.outputs { target[j] = source[j] }
        source += layout.columns.outputs
        target += layout.pitch
      }
    }
  }
}

nonisolated(unsafe) package var forcedLimit = 0.5
