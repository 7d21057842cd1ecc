/// The weights of a convolution as steps through memory, so that one loop packs them for it and for its transpose.
struct WeightOrder {
  /// Where the weight of output channel 0, input channel 0 and the first place of the kernel stands.
  let start: Int
  /// Steps from one output channel, input channel, row and column of the kernel to the next.
  let output, input, row, column: Int
  /// Steps from one group to the next.
  let group: Int
}

/// y = w ∗ x + bias, or its transpose where the stride is 1: a sum of shifted images (ShiftLayout.swift).
///
/// For a few images at a time, which stay in the cache, for eight output channels at a time, whose weights stay in the
/// nearest cache, and for 48 positions at a time, whose sums stay in registers (RegisterTile.swift), all input channels and
/// places of the kernel are added up. Nothing is read or written for one of them but what is multiplied.
struct ShiftedConvolution {
  private let layout: ShiftLayout
  private let batch: Int
  private let groups: Int
  /// Channels of one group.
  private let inputs: Int
  private let outputs: Int
  private let order: WeightOrder

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

  /// Whether it takes less time than the product with the unfolded image.
  var isFaster: Bool { layout.isFaster(channels: inputs, step: 48) }

  /// Which part of the products is asked for.
  var usefulPart: Double {
    let rows = outputs <= 2 ? outputs : min(rounded(outputs, to: 6), rounded(outputs, to: 8))
    return layout.usefulPart(step: 48) * Double(outputs) / Double(rows)
  }

  func run(
    _ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    into y: UnsafeMutablePointer<Float>
  ) {
    // As few rows as possible stand for channels that do not exist.
    if outputs <= 2 {
      run(x, w, bias: bias, into: y, RegisterTile<1, FourVectors>.self)
    } else if rounded(outputs, to: 6) < rounded(outputs, to: 8) {
      run(x, w, bias: bias, into: y, RegisterTile<6, FourVectors>.self)
    } else {
      run(x, w, bias: bias, into: y, RegisterTile<8, ThreeVectors>.self)
    }
  }

  private func run<let rows: Int, Row: TileRow>(
    _ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    into y: UnsafeMutablePointer<Float>, _ tile: RegisterTile<rows, Row>.Type
  ) {
    // How many images are laid at once changes no sum, and may depend on the number of cores.
    let images = layout.imagesAtOnce(of: batch, positions: 1024, timesMultipleOf: coreCount)
    let parts = (batch + images - 1) / images
    let planeLength = layout.planeLength(images)
    let offsets = layout.offsets(images, channels: inputs)
    let blocks = (outputs + rows - 1) / rows
    let packed = packed(w, rows: rows, blocks: blocks)
    let step = 16 * Row.vectors
    let length = layout.runs(images, step: step).end
    let (inPlane, outPlane) = (
      layout.rows.axis.size * layout.columns.axis.size, layout.rows.axis.outputs * layout.columns.axis.outputs
    )
    offsets.withUnsafeBufferPointer { offsets in
      inParallel(pieces: parts * groups) { pieces in
        let planes = layout.planes(images, channels: inputs)
        let sums = Storage(byteCount: rows * length * MemoryLayout<Float>.stride)
        let image = planes.base.assumingMemoryBound(to: Float.self)
        let sum = sums.base.assumingMemoryBound(to: Float.self)
        while let item = pieces.next() {
          let (part, group) = item.quotientAndRemainder(dividingBy: groups)
          let first = part * images
          let present = min(images, batch - first)
          let runs = layout.runs(present, step: step)
          layout.lay(
            x + (first * groups + group) * inputs * inPlane, images: present, step: groups * inputs * inPlane,
            channels: inputs, into: image, length: planeLength)
          for block in 0..<blocks {
            let weights =
              packed.base.assumingMemoryBound(to: Float.self) + (group * blocks + block) * offsets.count
              * rows
            for run in 0..<runs.count {
              for p in stride(from: run * runs.pitch, to: run * runs.pitch + runs.length, by: step) {
                tile.addShifted(image + p, offsets, weights, into: sum + p, pitch: length)
              }
            }
            for k in block * rows..<min(outputs, (block + 1) * rows) {
              for n in 0..<present {
                take(
                  sum + (k - block * rows) * length + n * layout.imagePitch,
                  bias: bias?[group * outputs + k] ?? 0,
                  into: y + (((first + n) * groups + group) * outputs + k) * outPlane)
              }
            }
          }
        }
      }
    }
  }

  /// The weights in the order in which the tiles read them: for each group and block of output channels, and for each tap,
  /// those of the block's channels. Channels that do not exist have zeros.
  private func packed(_ w: UnsafePointer<Float>, rows: Int, blocks: Int) -> Storage {
    let kernel = (rows: layout.rows.axis.kernel, columns: layout.columns.axis.kernel)
    let count = groups * blocks * rows * inputs * kernel.rows * kernel.columns
    let storage = Storage(byteCount: count * MemoryLayout<Float>.stride)
    var target = storage.base.assumingMemoryBound(to: Float.self)
    for group in 0..<groups {
      for block in 0..<blocks {
        let existing = min(rows, outputs - block * rows)
        for c in 0..<inputs {
          let first =
            w + group * order.group + order.start + block * rows * order.output + c * order.input
          for r in 0..<kernel.rows {
            for s in 0..<kernel.columns {
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
  private func take(_ sums: UnsafePointer<Float>, bias: Float, into y: UnsafeMutablePointer<Float>) {
    var (source, target) = (sums, y)
    for _ in 0..<layout.rows.axis.outputs {
      for j in 0..<layout.columns.axis.outputs { target[j] = source[j] + bias }
      source += layout.columns.pitch
      target += layout.columns.axis.outputs
    }
  }
}

extension SlidingAxis {
  /// The axis of the gradient for x: each input is reached from the outputs whose kernels cover it. Stride 1.
  fileprivate var transposed: SlidingAxis {
    SlidingAxis(
      size: outputs, kernel: kernel, stride: 1, padding: extent - 1 - padding, dilation: dilation,
      outputs: size)
  }
}
