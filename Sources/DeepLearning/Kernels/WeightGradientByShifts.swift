/// The gradient for the weights of a convolution: each weight's is the product, summed over all positions, of its output
/// channel's gradient with its input channel, shifted as far as the weight's place in the kernel (ShiftLayout.swift).
///
/// For a few images at a time, which stay in the cache, a tile of eight output channels and three places of the kernel goes
/// through all positions with its sums in registers (RegisterTile.swift). Between the rows the gradient is laid out with
/// zeros, so that nothing is added there.
struct ShiftedWeightGradient {
  private let layout: ShiftLayout
  private let shape: ConvolutionShape

  /// nil where it is no such sum.
  init?(_ shape: ConvolutionShape) {
    guard let layout = ShiftLayout(shape.rows, shape.columns) else { return nil }
    self.layout = layout
    self.shape = shape
  }

  var isFaster: Bool { layout.isFaster(channels: shape.inPerGroup, step: 16) }

  func run(_ x: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>, into w: UnsafeMutablePointer<Float>) {
    let outputs = shape.outPerGroup
    if outputs <= 2 {
      run(x, gradient, into: w, RegisterTile<1, FourVectors>.self)
    } else if rounded(outputs, to: 6) < rounded(outputs, to: 8) {
      run(x, gradient, into: w, RegisterTile<6, FourVectors>.self)
    } else {
      run(x, gradient, into: w, RegisterTile<8, ThreeVectors>.self)
    }
  }

  private func run<let rows: Int, Row: TileRow>(
    _ x: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>, into w: UnsafeMutablePointer<Float>,
    _ tile: RegisterTile<rows, Row>.Type
  ) {
    let (inputs, outputs) = (shape.inPerGroup, shape.outPerGroup)
    // Parts of the batch are summed apart and then together. Neither how many there are nor what is added up at once
    // depends on the number of cores, and so the result does not.
    let parts = min((shape.batch + 1) / 2, 8)
    let inCache = max(1, (1 << 17) / (inputs + outputs))
    let images = layout.imagesAtOnce(of: (shape.batch + parts - 1) / parts, positions: inCache)
    let planeLength = layout.planeLength(images)
    var offsets = layout.offsets(images, channels: inputs)
    let taps = offsets.count
    // The last taps that do not exist read what the last one reads.
    while offsets.count % Row.vectors != 0 { offsets.append(offsets[taps - 1]) }
    let tapBlocks = offsets.count / Row.vectors
    let blocks = (outputs + rows - 1) / rows
    let length = layout.runs(images, step: 16).end
    let tileCount = rows * Row.vectors
    let partLength = rounded(shape.groups * blocks * tapBlocks * tileCount, to: 16)
    let storage = zeros(parts * partLength)
    let sums = storage.base.assumingMemoryBound(to: Float.self)
    offsets.withUnsafeBufferPointer { offsets in
      inParallel(pieces: parts) { pieces in
        let planes = layout.planes(images, channels: inputs)
        let gradientPlanes = zeros(blocks * rows * length)
        let image = planes.base.assumingMemoryBound(to: Float.self)
        let g = gradientPlanes.base.assumingMemoryBound(to: Float.self)
        let lanes = Storage(byteCount: tile.scratchCount * MemoryLayout<Float>.stride)
        let scratch = lanes.base.assumingMemoryBound(to: Float.self)
        while let part = pieces.next() {
          let end = (part + 1) * shape.batch / parts
          for first in stride(from: part * shape.batch / parts, to: end, by: images) {
            let present = min(images, end - first)
            let runs = layout.runs(present, step: 16)
            for group in 0..<shape.groups {
              layout.lay(
                x + (first * shape.groups + group) * inputs * shape.inPlane, images: present,
                step: shape.inChannels * shape.inPlane, channels: inputs, into: image, length: planeLength)
              layOutputs(
                gradient + (first * shape.groups + group) * outputs * shape.outPlane, images: present,
                into: g,
                length: length)
              var target = sums + part * partLength + group * blocks * tapBlocks * tileCount
              for block in 0..<blocks {
                for t in 0..<tapBlocks {
                  tile.addCorrelation(
                    g + block * rows * length, pitch: length, image, offsets.baseAddress! + t * Row.vectors,
                    over: runs, to: target, scratch: scratch)
                  target += tileCount
                }
              }
            }
          }
        }
      }
    }
    for part in 1..<parts {
      for i in 0..<partLength { sums[i] += sums[part * partLength + i] }
    }
    for channel in 0..<shape.outChannels {
      let (group, k) = channel.quotientAndRemainder(dividingBy: outputs)
      let (block, row) = k.quotientAndRemainder(dividingBy: rows)
      var tile = sums + (group * blocks + block) * tapBlocks * tileCount + row * Row.vectors
      for t in stride(from: 0, to: taps, by: Row.vectors) {
        for i in 0..<min(Row.vectors, taps - t) { w[channel * taps + t + i] = tile[i] }
        tile += tileCount
      }
    }
  }

  /// Lays the gradients of the outputs where the sums of ``ShiftedConvolution`` would be; between the rows there are zeros.
  private func layOutputs(
    _ gradient: UnsafePointer<Float>, images: Int, into planes: UnsafeMutablePointer<Float>, length: Int
  ) {
    let (rows, columns) = (shape.rows.outputs, shape.columns.outputs)
    for k in 0..<shape.outPerGroup {
      let plane = planes + k * length
      for n in 0..<images {
        var source = gradient + (n * shape.outChannels + k) * shape.outPlane
        var target = plane + n * layout.imagePitch
        for _ in 0..<rows {
          for j in 0..<columns { target[j] = source[j] }
          source += columns
          target += layout.columns.pitch
        }
      }
      // Behind fewer images than before the tile's last positions may be where another was.
      for p in layout.positions(images)..<layout.runs(images, step: 16).end { plane[p] = 0 }
    }
  }
}
