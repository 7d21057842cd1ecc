/// y = w ∗ x + bias, or its transpose, with the output channels beside each other in the vectors (ChannelLayout.swift).
///
/// Each number that is read is multiplied by the weights of up to 64 output channels. A few outputs at a time have their sums in
/// registers (RegisterTile.swift). Unlike the images of ShiftLayout.swift these have nothing between their rows, and any
/// stride will do; but the sums come out channel by channel for each position, and have to be turned. What would only be
/// multiplied by the zeros around an image is left out: in images of 7 × 7 that is a fifth of all.
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

  /// What the tiles do for the outputs of one phase.
  private struct Pass {
    /// Of all input channels.
    let taps: Int
    let rows: [OuterProductRow]
    let steps: Storage
    let parts: [Part]

    /// A piece of the sums of a region.
    struct Part {
      /// Which of the pieces, counted in the weights.
      let piece: Int
      /// Whether it is the region's first, which begins with the bias.
      let isFirst: Bool
      let steps: Range<Int>
      let firstRow: Int
      /// Outputs of an image.
      let outputs: Int
    }
  }

  private func pass<let rows: Int, Row: TileRow>(
    _ phase: ChannelLayout.Phase, _ regions: [ChannelLayout.Region], images: Int,
    _: RegisterTile<rows, Row>.Type
  ) -> Pass {
    let lanes = 16 * Row.vectors
    let count = regions.reduce(0) { $0 + inputs * $1.taps }
    let storage = Storage(byteCount: count * MemoryLayout<OuterProductStep>.stride)
    let steps = storage.base.assumingMemoryBound(to: OuterProductStep.self)
    let length = ChannelLayout.pieceLength(inputs * phase.taps) * lanes
    var (places, parts, end): ([OuterProductRow], [Pass.Part], Int) = ([], [], 0)
    for region in regions {
      let firstRow = places.count
      places += layout.tileRows(
        region, of: phase, images: images, channels: inputs, outputs: outSize, lanes: lanes, tileRows: rows)
      let begin = end
      end += inputs * region.taps
      layout.fill(steps + begin, region, of: phase, channels: inputs, lanes: lanes)
      var first = begin
      // A piece even where there are no taps at all: then the bias is everything.
      repeat {
        let piece = first < end ? Int(steps[first].vectors) / length : 0
        var next = first
        while next < end && steps[next].vectors < (piece + 1) * length { next += 1 }
        parts.append(
          Pass.Part(
            piece: piece, isFirst: first == begin, steps: first..<next, firstRow: firstRow,
            outputs: region.outputs))
        first = next
      } while first < end
    }
    // Those of the same piece one after the other, because its weights stay in the nearest cache.
    parts.sort { ($0.piece, $0.firstRow) < ($1.piece, $1.firstRow) }
    return Pass(taps: inputs * phase.taps, rows: places, steps: storage, parts: parts)
  }

  private func run<let rows: Int, Row: TileRow>(
    _ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    into y: UnsafeMutablePointer<Float>, _ tile: RegisterTile<rows, Row>.Type
  ) {
    let lanes = 16 * Row.vectors
    let blocks = (outputs + lanes - 1) / lanes
    // How many images are laid at once changes no sum, and may depend on the number of cores.
    let plan = layout.plan(images: (batch + coreCount - 1) / coreCount, tileRows: rows)
    let images = plan.images
    let parts = (batch + images - 1) / images
    let passes = zip(layout.phases, plan.regions).map { pass($0, $1, images: images, tile) }
    let weights = layout.phases.map { packed(w, $0, lanes: lanes) }
    let (inPlane, outPlane) = (
      layout.sourceSize.rows * layout.sourceSize.columns, outSize.rows * outSize.columns
    )
    inParallel(pieces: parts * groups * blocks) { pieces in
      let planes = zeros(images * inputs * layout.planeLength)
      let biases = zeros(blocks * lanes)
      let sums = Storage(byteCount: (images * outPlane + rows) * lanes * MemoryLayout<Float>.stride)
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
        for (pass, weights) in zip(passes, weights) {
          add(
            pass, image, weights.base.assumingMemoryBound(to: Float.self), group * blocks + block,
            bias: first + block * lanes, into: sum, images: present, tile)
        }
        for n in 0..<present {
          transposeTiles(
            sum + n * outPlane * lanes, rows: outPlane, columns: min(lanes, outputs - block * lanes),
            pitch: lanes,
            into: y + (((firstImage + n) * groups + group) * outputs + block * lanes) * outPlane,
            pitch: outPlane)
        }
      }
    }
  }

  /// The sums of a phase for one block of output channels.
  private func add<let rows: Int, Row: TileRow>(
    _ pass: Pass, _ image: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, _ block: Int,
    bias: UnsafePointer<Float>, into sums: UnsafeMutablePointer<Float>, images: Int,
    _ tile: RegisterTile<rows, Row>.Type
  ) {
    let weights = weights + block * pass.taps * 16 * Row.vectors
    let steps = pass.steps.base.assumingMemoryBound(to: OuterProductStep.self)
    pass.rows.withUnsafeBufferPointer { places in
      for part in pass.parts {
        let first = places.baseAddress! + part.firstRow
        let some = UnsafeBufferPointer(start: steps + part.steps.lowerBound, count: part.steps.count)
        for p in stride(from: 0, to: images * part.outputs, by: rows) {
          tile.addOuterProducts(
            image, weights, some, startingFrom: part.isFirst ? bias : nil, into: sums, first + p)
        }
      }
    }
  }

  /// The weights in the order in which the tiles read them: for each group and block of output channels, and for each tap,
  /// those of the block's channels. Channels that do not exist have zeros.
  private func packed(_ w: UnsafePointer<Float>, _ phase: ChannelLayout.Phase, lanes: Int) -> Storage {
    let blocks = (outputs + lanes - 1) / lanes
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
}
