/// y = w ∗ x + bias, or its transpose, with the output channels beside each other in the vectors (ChannelLayout.swift).
///
/// Each number that is read is multiplied by the weights of up to 64 output channels. A few outputs at a time have their sums in
/// registers (RegisterTile.swift). Unlike the images of ShiftLayout.swift these have nothing between their rows, and any
/// stride will do; but the sums come out channel by channel for each position, and have to be turned.
struct ChannelConvolution {
  private let layout: ChannelLayout
  private let batch: Int
  private let groups: Int
  /// Channels of one group.
  private let inputs: Int
  private let outputs: Int
  private let order: WeightOrder
  private let outSize: (rows: Int, columns: Int)

  init(_ shape: ConvolutionShape) {
    layout = ChannelLayout(shape)
    (batch, groups, inputs, outputs) = (shape.batch, shape.groups, shape.inPerGroup, shape.outPerGroup)
    let taps = shape.taps
    order = WeightOrder(
      start: 0, output: inputs * taps, input: taps, row: shape.columns.kernel, column: 1,
      group: outputs * inputs * taps)
    outSize = (shape.rows.outputs, shape.columns.outputs)
  }

  /// The convolution's transpose, which gives the gradient for x.
  init(transposing shape: ConvolutionShape) {
    layout = ChannelLayout(transposing: shape)
    (batch, groups, inputs, outputs) = (shape.batch, shape.groups, shape.outPerGroup, shape.inPerGroup)
    let taps = shape.taps
    order = WeightOrder(
      start: 0, output: taps, input: outputs * taps, row: shape.columns.kernel, column: 1,
      group: inputs * outputs * taps)
    outSize = (shape.rows.size, shape.columns.size)
  }

  /// Whether it takes less time than the product with the unfolded image.
  var isFaster: Bool {
    layout.isSuitable(channels: inputs + outputs) && ChannelLayout.fill(for: outputs) >= 0.5
  }

  /// Which part of the time goes into products that are asked for. To turn the sums takes as long as some 15 places of the
  /// kernel more.
  var usefulPart: Double {
    let depth = Double(layout.taps * inputs)
    return ChannelLayout.fill(for: outputs) * depth / (depth + 15)
  }

  func run(
    _ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    into y: UnsafeMutablePointer<Float>
  ) {
    switch ChannelLayout.vectors(for: outputs) {
    case 1: run(x, w, bias: bias, into: y, RegisterTile<10, OneVector>.self)
    case 2: run(x, w, bias: bias, into: y, RegisterTile<8, TwoVectors>.self)
    case 3: run(x, w, bias: bias, into: y, RegisterTile<8, ThreeVectors>.self)
    default: run(x, w, bias: bias, into: y, RegisterTile<6, FourVectors>.self)
    }
  }

  /// What belongs to one phase: where its outputs and their taps read, and the weights.
  private struct Pass {
    let phase: ChannelLayout.Phase
    let starts, distances: [Int]
    let weights: Storage
  }

  private func run<let rows: Int, Row: TileRow>(
    _ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    into y: UnsafeMutablePointer<Float>, _ tile: RegisterTile<rows, Row>.Type
  ) {
    let lanes = 16 * Row.vectors
    let blocks = (outputs + lanes - 1) / lanes
    let mostOutputs = layout.phases.reduce(1) { max($0, $1.outputs) }
    // How many images are laid at once changes no sum, and may depend on the number of cores.
    let images = ChannelLayout.imagesAtOnce(of: (batch + coreCount - 1) / coreCount, outputs: mostOutputs)
    let parts = (batch + images - 1) / images
    let passes = layout.phases.map {
      Pass(
        phase: $0, starts: layout.starts($0, images: images, channels: inputs, step: rows),
        distances: layout.distances($0, channels: inputs),
        weights: packed(w, $0, lanes: lanes, blocks: blocks))
    }
    let (inPlane, outPlane) = (
      layout.sourceSize.rows * layout.sourceSize.columns, outSize.rows * outSize.columns
    )
    inParallel(pieces: parts * groups * blocks) { pieces in
      let planes = zeros(images * inputs * layout.planeLength)
      let biases = zeros(blocks * lanes)
      let sums = Storage(
        byteCount: rounded(images * mostOutputs, to: rows) * lanes * MemoryLayout<Float>.stride)
      let scratch = Storage(byteCount: mostOutputs * lanes * MemoryLayout<Float>.stride)
      let image = planes.base.assumingMemoryBound(to: Float.self)
      let first = biases.base.assumingMemoryBound(to: Float.self)
      let sum = sums.base.assumingMemoryBound(to: Float.self)
      var laid = -1
      while let piece = pieces.next() {
        let (item, block) = piece.quotientAndRemainder(dividingBy: blocks)
        let (part, group) = item.quotientAndRemainder(dividingBy: groups)
        let firstImage = part * images
        let present = min(images, batch - firstImage)
        if item != laid {
          laid = item
          if let bias { for k in 0..<outputs { first[k] = bias[group * outputs + k] } }
          layout.lay(
            x + (firstImage * groups + group) * inputs * inPlane, images: present,
            step: groups * inputs * inPlane,
            channels: inputs, into: image)
        }
        for pass in passes {
          add(
            pass, image, group * blocks + block, bias: first + block * lanes, into: sum,
            positions: present * pass.phase.outputs, tile)
          for n in 0..<present {
            take(
              sum + n * pass.phase.outputs * lanes, pitch: lanes, pass.phase,
              channels: min(lanes, outputs - block * lanes),
              into: y + (((firstImage + n) * groups + group) * outputs + block * lanes) * outPlane,
              by: scratch.base.assumingMemoryBound(to: Float.self))
          }
        }
      }
    }
  }

  /// The sums of a phase for one block of output channels.
  private func add<let rows: Int, Row: TileRow>(
    _ pass: Pass, _ image: UnsafePointer<Float>, _ block: Int, bias: UnsafePointer<Float>,
    into sums: UnsafeMutablePointer<Float>, positions: Int, _ tile: RegisterTile<rows, Row>.Type
  ) {
    let lanes = 16 * Row.vectors
    let taps = pass.distances.count
    let length = ChannelLayout.pieceLength(taps)
    let weights = pass.weights.base.assumingMemoryBound(to: Float.self) + block * taps * lanes
    pass.distances.withUnsafeBufferPointer { distances in
      pass.starts.withUnsafeBufferPointer { starts in
        // Once where there are no taps at all: then the bias is everything.
        for t in stride(from: 0, to: max(1, taps), by: length) {
          let some = distances[t..<min(taps, t + length)]
          for p in stride(from: 0, to: positions, by: rows) {
            let target = sums + p * lanes
            tile.addOuterProducts(
              image, starts.baseAddress! + p, some, weights + t * lanes,
              startingFrom: t == 0 ? bias : UnsafePointer(target), pitch: t == 0 ? 0 : lanes, into: target)
          }
        }
      }
    }
  }

  /// The weights in the order in which the tiles read them: for each group and block of output channels, and for each tap,
  /// those of the block's channels. Channels that do not exist have zeros.
  private func packed(_ w: UnsafePointer<Float>, _ phase: ChannelLayout.Phase, lanes: Int, blocks: Int)
    -> Storage
  {
    let length = phase.taps * lanes
    let storage = Storage(byteCount: groups * blocks * inputs * length * MemoryLayout<Float>.stride)
    let packed = storage.base.assumingMemoryBound(to: Float.self)
    inParallel(
      groups * blocks * inputs, threshold: max(2, parallelThreshold / 4 / max(1, length)), grain: 1
    ) { start, count in
      var target = packed + start * length
      for item in start..<start + count {
        let (part, c) = item.quotientAndRemainder(dividingBy: inputs)
        let (group, block) = part.quotientAndRemainder(dividingBy: blocks)
        let existing = min(lanes, outputs - block * lanes)
        let first = w + group * order.group + block * lanes * order.output + c * order.input
        for r in phase.rows.taps {
          for s in phase.columns.taps {
            let place = first + r.place * order.row + s.place
            for k in 0..<existing { target[k] = place[k &* order.output] }
            for k in existing..<lanes { target[k] = 0 }
            target += lanes
          }
        }
      }
    }
    return storage
  }

  /// The sums of a phase for one image, to their channels and there between those of the other phases.
  private func take(
    _ sums: UnsafePointer<Float>, pitch: Int, _ phase: ChannelLayout.Phase, channels: Int,
    into y: UnsafeMutablePointer<Float>, by scratch: UnsafeMutablePointer<Float>
  ) {
    let count = phase.outputs
    let isWhole = count == outSize.rows * outSize.columns
    transposeTiles(
      sums, rows: count, columns: channels, pitch: pitch, into: isWhole ? y : scratch, pitch: count)
    if isWhole { return }
    var source = scratch
    for k in 0..<channels {
      for i in 0..<phase.rows.count {
        let row = k * outSize.rows + phase.rows.first + i * phase.rows.step
        let target = y + row * outSize.columns + phase.columns.first
        for j in 0..<phase.columns.count { target[j &* phase.columns.step] = source[j] }
        source += phase.columns.count
      }
    }
  }
}
