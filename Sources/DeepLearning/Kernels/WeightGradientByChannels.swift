/// The gradient for the weights of a convolution, with the output channels beside each other in the vectors
/// (ChannelLayout.swift): each number of an image is multiplied by the gradients of up to 64 output channels.
///
/// A few weights of each channel at a time have their sums in registers, and go through as many outputs as have their gradients
/// in the nearest cache.
struct ChannelWeightGradient {
  private let layout: ChannelLayout
  private let shape: ConvolutionShape

  init(_ shape: ConvolutionShape) {
    self.shape = shape
    layout = ChannelLayout(shape)
  }

  /// Whether it takes less time than a product or sums of shifted images, whose sums have to be added up across the lanes.
  var isFaster: Bool {
    layout.isSuitable(channels: shape.inPerGroup + shape.outPerGroup)
      && ChannelLayout.fill(for: shape.outPerGroup) >= 0.6
  }

  func run(_ x: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>, into w: UnsafeMutablePointer<Float>) {
    switch ChannelLayout.vectors(for: shape.outPerGroup) {
    case 1: run(x, gradient, into: w, RegisterTile<10, OneVector>.self)
    case 2: run(x, gradient, into: w, RegisterTile<8, TwoVectors>.self)
    case 3: run(x, gradient, into: w, RegisterTile<8, ThreeVectors>.self)
    default: run(x, gradient, into: w, RegisterTile<6, FourVectors>.self)
    }
  }

  private func run<let rows: Int, Row: TileRow>(
    _ x: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>, into w: UnsafeMutablePointer<Float>,
    _ tile: RegisterTile<rows, Row>.Type
  ) {
    let (inputs, outputs) = (shape.inPerGroup, shape.outPerGroup)
    let lanes = 16 * Row.vectors
    let blocks = (outputs + lanes - 1) / lanes
    // Parts of the batch are summed apart and then together. Neither how many there are nor what is added up at once
    // depends on the number of cores, and so the result does not.
    let parts = min((shape.batch + 1) / 2, 8)
    let images = ChannelLayout.imagesAtOnce(
      of: (shape.batch + parts - 1) / parts, outputs: shape.outPlane)
    let phase = layout.phases[0]
    var distances = layout.distances(phase, channels: inputs)
    let taps = distances.count
    // The last taps that do not exist read what the last one reads.
    while distances.count % rows != 0 { distances.append(distances[taps - 1]) }
    let starts = layout.starts(phase, images: images, channels: inputs)
    let partLength = shape.groups * blocks * distances.count * lanes
    let storage = Storage(byteCount: parts * partLength * MemoryLayout<Float>.stride)
    let sums = storage.base.assumingMemoryBound(to: Float.self)
    inParallel(pieces: parts * shape.groups * blocks) { pieces in
      let planes = zeros(images * inputs * layout.planeLength)
      let gradients = zeros(starts.count * lanes)
      let image = planes.base.assumingMemoryBound(to: Float.self)
      let g = gradients.base.assumingMemoryBound(to: Float.self)
      while let piece = pieces.next() {
        let (item, block) = piece.quotientAndRemainder(dividingBy: blocks)
        let (part, group) = item.quotientAndRemainder(dividingBy: shape.groups)
        let (begin, end) = (part * shape.batch / parts, (part + 1) * shape.batch / parts)
        for first in stride(from: begin, to: end, by: images) {
          let present = min(images, end - first)
          layout.lay(
            x + (first * shape.groups + group) * inputs * shape.inPlane, images: present,
            step: shape.inChannels * shape.inPlane, channels: inputs, into: image)
          for n in 0..<present {
            transposeTiles(
              gradient + ((first + n) * shape.outChannels + group * outputs + block * lanes)
                * shape.outPlane,
              rows: min(lanes, outputs - block * lanes), columns: shape.outPlane, pitch: shape.outPlane,
              into: g + n * shape.outPlane * lanes, pitch: lanes)
          }
          add(
            image, distances, starts[..<(present * shape.outPlane)], g, isFirst: first == begin,
            to: sums + part * partLength + (group * blocks + block) * distances.count * lanes, tile)
        }
      }
    }
    inParallel(partLength, threshold: parallelThreshold / 4) { start, count in
      for part in 1..<parts {
        for i in start..<start + count { sums[i] += sums[part * partLength + i] }
      }
    }
    for group in 0..<shape.groups {
      for block in 0..<blocks {
        transposeTiles(
          sums + (group * blocks + block) * distances.count * lanes, rows: taps,
          columns: min(lanes, outputs - block * lanes), pitch: lanes,
          into: w + (group * outputs + block * lanes) * taps, pitch: taps)
      }
    }
  }

  /// Adds to the sums of each tap the products of what it reads with the gradients of one block of output channels. The
  /// first time there is nothing to add to.
  private func add<let rows: Int, Row: TileRow>(
    _ image: UnsafePointer<Float>, _ distances: [Int], _ starts: ArraySlice<Int>,
    _ gradients: UnsafePointer<Float>, isFirst: Bool, to sums: UnsafeMutablePointer<Float>,
    _ tile: RegisterTile<rows, Row>.Type
  ) {
    let lanes = 16 * Row.vectors
    let length = ChannelLayout.pieceLength(starts.count)
    let nothing = zeros(lanes)
    starts.withUnsafeBufferPointer { starts in
      distances.withUnsafeBufferPointer { distances in
        for p in stride(from: 0, to: starts.count, by: length) {
          let some = starts[p..<min(starts.count, p + length)]
          let begins = isFirst && p == 0
          for t in stride(from: 0, to: distances.count, by: rows) {
            let target = sums + t * lanes
            tile.addOuterProducts(
              image, distances.baseAddress! + t, some, gradients + p * lanes,
              startingFrom: begins ? nothing.base.assumingMemoryBound(to: Float.self) : target,
              pitch: begins ? 0 : lanes, into: target)
          }
        }
      }
    }
  }
}
