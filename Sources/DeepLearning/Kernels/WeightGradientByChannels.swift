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
    layout = ChannelLayout(rows: ReadAxis(shape.rows), columns: ReadAxis(shape.columns))
  }

  func run(_ x: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>, into w: UnsafeMutablePointer<Float>) {
    switch vectors(for: shape.outPerGroup) {
    case 1: run(x, gradient, into: w, RegisterTile<12, OneVector>.self)
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
    let images = max(1, min((192 + shape.outPlane - 1) / shape.outPlane, (shape.batch + parts - 1) / parts))
    let phase = layout.phases[0]
    var distances = layout.distances(phase, channels: inputs)
    let taps = distances.count
    // The last taps that do not exist read what the last one reads.
    while distances.count % rows != 0 { distances.append(distances[taps - 1]) }
    let starts = layout.starts(phase, images: images, channels: inputs, step: 1)
    let partLength = shape.groups * blocks * distances.count * lanes
    let storage = zeros(parts * partLength)
    let sums = storage.base.assumingMemoryBound(to: Float.self)
    inParallel(parts, threshold: 2, grain: 1) { start, count in
      let planes = zeros(images * inputs * layout.planeLength)
      let gradients = zeros(blocks * starts.count * lanes)
      let image = planes.base.assumingMemoryBound(to: Float.self)
      let g = gradients.base.assumingMemoryBound(to: Float.self)
      for part in start..<start + count {
        let end = (part + 1) * shape.batch / parts
        for first in stride(from: part * shape.batch / parts, to: end, by: images) {
          let present = min(images, end - first)
          let positions = present * shape.outPlane
          for group in 0..<shape.groups {
            layout.lay(
              x + (first * shape.groups + group) * inputs * shape.inPlane, images: present,
              step: shape.inChannels * shape.inPlane, channels: inputs,
              sourceSize: (shape.rows.size, shape.columns.size), into: image)
            for block in 0..<blocks {
              let target = g + block * starts.count * lanes
              for n in 0..<present {
                transposeTiles(
                  gradient + ((first + n) * shape.outChannels + group * outputs + block * lanes) * shape.outPlane,
                  rows: min(lanes, outputs - block * lanes), columns: shape.outPlane, pitch: shape.outPlane,
                  into: target + n * shape.outPlane * lanes, pitch: lanes)
              }
              let sum = sums + part * partLength + (group * blocks + block) * distances.count * lanes
              starts.withUnsafeBufferPointer { starts in
                for p in stride(from: 0, to: positions, by: tapsAtOnce) {
                  let some = UnsafeBufferPointer(rebasing: starts[p..<min(positions, p + tapsAtOnce)])
                  distances.withUnsafeBufferPointer { distances in
                    for t in stride(from: 0, to: distances.count, by: rows) {
                      tile.addOuterProducts(
                        image, distances.baseAddress! + t, some, target + p * lanes, startingFrom: sum + t * lanes,
                        pitch: lanes, into: sum + t * lanes)
                    }
                  }
                }
              }
            }
          }
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
}
