/// y = w ∗ x + bias, or its transpose, of any stride, with the output channels beside each other in the vectors
/// (ChannelLayout.swift).
///
/// Each number of an image is multiplied by the weights of up to 64 output channels. A few outputs at a time have their
/// sums in registers (RegisterTile.swift), and go through as many places of the kernel as have their weights in the nearest cache.
/// Vectors are as full as the channels fill them, whatever the size of the image.
struct ChannelConvolution {
  private let layout: ChannelLayout
  private let batch: Int
  private let groups: Int
  /// Channels of one group.
  private let inputs: Int
  private let outputs: Int
  /// Steps in the weights from one output channel to the next, from one input channel, from one group.
  private let steps: (output: Int, input: Int, group: Int)
  private let kernelWidth: Int
  private let inSize: (rows: Int, columns: Int)
  private let outSize: (rows: Int, columns: Int)

  init(_ shape: ConvolutionShape) {
    layout = ChannelLayout(rows: ReadAxis(shape.rows), columns: ReadAxis(shape.columns))
    (batch, groups, inputs, outputs) = (shape.batch, shape.groups, shape.inPerGroup, shape.outPerGroup)
    steps = (inputs * shape.taps, shape.taps, outputs * inputs * shape.taps)
    kernelWidth = shape.columns.kernel
    inSize = (shape.rows.size, shape.columns.size)
    outSize = (shape.rows.outputs, shape.columns.outputs)
  }

  /// The convolution's transpose, which gives the gradient for x.
  init(transposing shape: ConvolutionShape) {
    layout = ChannelLayout(
      rows: ReadAxis(transposing: shape.rows), columns: ReadAxis(transposing: shape.columns))
    (batch, groups, inputs, outputs) = (shape.batch, shape.groups, shape.outPerGroup, shape.inPerGroup)
    steps = (shape.taps, outputs * shape.taps, outputs * inputs * shape.taps)
    kernelWidth = shape.columns.kernel
    inSize = (shape.rows.outputs, shape.columns.outputs)
    outSize = (shape.rows.size, shape.columns.size)
  }

  func run(
    _ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    into y: UnsafeMutablePointer<Float>
  ) {
    switch vectors(for: outputs) {
    case 1: run(x, w, bias: bias, into: y, RegisterTile<12, OneVector>.self)
    case 2: run(x, w, bias: bias, into: y, RegisterTile<8, TwoVectors>.self)
    case 3: run(x, w, bias: bias, into: y, RegisterTile<8, ThreeVectors>.self)
    default: run(x, w, bias: bias, into: y, RegisterTile<6, FourVectors>.self)
    }
  }

  private func run<let rows: Int, Row: TileRow>(
    _ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    into y: UnsafeMutablePointer<Float>, _ tile: RegisterTile<rows, Row>.Type
  ) {
    let lanes = 16 * Row.vectors
    let blocks = (outputs + lanes - 1) / lanes
    let phases = layout.phases
    let mostOutputs = phases.reduce(1) { max($0, $1.outputs) }
    let images = imagesAtOnce(of: batch, positions: mostOutputs)
    let parts = (batch + images - 1) / images
    let passes = phases.map { phase in
      Pass(
        phase: phase, starts: layout.starts(phase, images: images, channels: inputs, step: rows),
        distances: layout.distances(phase, channels: inputs),
        weights: packed(w, phase, lanes: lanes, blocks: blocks))
    }
    let (inPlane, outPlane) = (inSize.rows * inSize.columns, outSize.rows * outSize.columns)
    let room = rounded(images * mostOutputs, to: rows) * lanes
    inParallel(parts * groups, threshold: 2, grain: 1) { start, count in
      let planes = zeros(images * inputs * layout.planeLength)
      let sumStorage = Storage(byteCount: room * MemoryLayout<Float>.stride)
      let rowStorage = Storage(byteCount: mostOutputs * lanes * MemoryLayout<Float>.stride)
      let image = planes.base.assumingMemoryBound(to: Float.self)
      let sums = sumStorage.base.assumingMemoryBound(to: Float.self)
      let transposed = rowStorage.base.assumingMemoryBound(to: Float.self)
      let biasStorage = zeros(blocks * lanes)
      let first = biasStorage.base.assumingMemoryBound(to: Float.self)
      for item in start..<start + count {
        let (part, group) = item.quotientAndRemainder(dividingBy: groups)
        let firstImage = part * images
        let present = min(images, batch - firstImage)
        if let bias { for k in 0..<outputs { first[k] = bias[group * outputs + k] } }
        layout.lay(
          x + (firstImage * groups + group) * inputs * inPlane, images: present, step: groups * inputs * inPlane,
          channels: inputs, sourceSize: inSize, into: image)
        for pass in passes {
          let taps = pass.distances.count
          let positions = present * pass.phase.outputs
          for block in 0..<blocks {
            let weights =
              pass.weights.base.assumingMemoryBound(to: Float.self) + (group * blocks + block) * taps * lanes
            pass.distances.withUnsafeBufferPointer { distances in
              pass.starts.withUnsafeBufferPointer { starts in
                for t in stride(from: 0, to: max(1, taps), by: tapsAtOnce) {
                  let some = UnsafeBufferPointer(rebasing: distances[t..<min(taps, t + tapsAtOnce)])
                  for p in stride(from: 0, to: positions, by: rows) {
                    tile.addOuterProducts(
                      image, starts.baseAddress! + p, some, weights + t * lanes,
                      startingFrom: t == 0 ? first + block * lanes : sums + p * lanes,
                      pitch: t == 0 ? 0 : lanes, into: sums + p * lanes)
                  }
                }
              }
            }
            let channels = min(lanes, outputs - block * lanes)
            for n in 0..<present {
              take(
                sums + n * pass.phase.outputs * lanes, pass.phase, channels: channels, lanes: lanes,
                into: y + (((firstImage + n) * groups + group) * outputs + block * lanes) * outPlane,
                by: transposed)
            }
          }
        }
      }
    }
  }

  private struct Pass {
    let phase: ChannelLayout.Phase
    let starts, distances: [Int]
    let weights: Storage
  }

  /// The weights in the order in which the tiles read them: for each group and block of output channels, and for each tap,
  /// those of the block's channels. Channels that do not exist have zeros.
  private func packed(_ w: UnsafePointer<Float>, _ phase: ChannelLayout.Phase, lanes: Int, blocks: Int)
    -> Storage
  {
    let storage = Storage(byteCount: groups * blocks * inputs * phase.taps * lanes * MemoryLayout<Float>.stride)
    let base = storage.base.assumingMemoryBound(to: Float.self)
    inParallel(groups * blocks * inputs, threshold: max(2, parallelThreshold / 4 / max(1, phase.taps * lanes)), grain: 1) {
      start, count in
      var target = base + start * phase.taps * lanes
      for item in start..<start + count {
        let (part, c) = item.quotientAndRemainder(dividingBy: inputs)
        let (group, block) = part.quotientAndRemainder(dividingBy: blocks)
        let existing = min(lanes, outputs - block * lanes)
        let first = w + group * steps.group + block * lanes * steps.output + c * steps.input
        for r in phase.rows.taps {
          for s in phase.columns.taps {
            let place = first + r.place * kernelWidth + s.place
            for k in 0..<existing { target[k] = place[k &* steps.output] }
            for k in existing..<lanes { target[k] = 0 }
            target += lanes
          }
        }
      }
    }
    return storage
  }

  /// The sums of one image, channel by channel.
  private func take(
    _ sums: UnsafePointer<Float>, _ phase: ChannelLayout.Phase, channels: Int, lanes: Int,
    into y: UnsafeMutablePointer<Float>, by scratch: UnsafeMutablePointer<Float>
  ) {
    let outPlane = outSize.rows * outSize.columns
    if phase.outputs == outPlane {
      transposeTiles(sums, rows: outPlane, columns: channels, pitch: lanes, into: y, pitch: outPlane)
      return
    }
    transposeTiles(
      sums, rows: phase.outputs, columns: channels, pitch: lanes, into: scratch, pitch: phase.outputs)
    var source = scratch
    for k in 0..<channels {
      for i in 0..<phase.rows.count {
        let row = y + k * outPlane + (phase.rows.first + i * phase.rows.step) * outSize.columns + phase.columns.first
        for j in 0..<phase.columns.count { row[j &* phase.columns.step] = source[j] }
        source += phase.columns.count
      }
    }
  }
}

/// How many vectors of output channels stand beside each other: as many of up to four as leave the fewest lanes empty.
func vectors(for channels: Int) -> Int {
  let needed = (channels + 15) / 16
  return (1...4).min { (rounded(needed, to: $0), -$0) < (rounded(needed, to: $1), -$1) }!
}

/// How many weights' vectors stay in the nearest cache beside what they are multiplied by.
let tapsAtOnce = 96

func imagesAtOnce(of batch: Int, positions: Int) -> Int {
  let least = (192 + positions - 1) / max(1, positions)
  return max(1, min(least, (batch + coreCount - 1) / coreCount))
}
