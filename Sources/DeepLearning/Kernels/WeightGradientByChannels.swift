/// The gradient for the weights of a convolution, with the output channels beside each other in the vectors
/// (ChannelLayout.swift): each number of an image is multiplied by the gradients of up to 64 output channels.
///
/// A few weights at a time have their sums in registers, and go through as many outputs as have their gradients in the nearest
/// cache; where it pays, those of one place of the kernel, which pass over the outputs that read zeros there.
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
    let kernel = sections(tileRows: rows).map { places($0, images: images, lanes: lanes, tileRows: rows) }
    let taps = inputs * shape.taps
    // Behind the sums of a block there is room for those of channels that do not exist.
    let blockLength = (taps + rows) * lanes
    let partLength = shape.groups * blocks * blockLength
    let storage = Storage(byteCount: parts * partLength * MemoryLayout<Float>.stride)
    let sums = storage.base.assumingMemoryBound(to: Float.self)
    inParallel(pieces: parts * shape.groups * blocks) { pieces in
      let planes = zeros(images * inputs * layout.planeLength)
      let gradients = zeros(images * shape.outPlane * lanes)
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
            kernel, image, g, positions: present * shape.outPlane, isFirst: first == begin,
            to: sums + part * partLength + (group * blocks + block) * blockLength, tile)
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
          sums + (group * blocks + block) * blockLength, rows: taps,
          columns: min(lanes, outputs - block * lanes), pitch: lanes,
          into: w + (group * outputs + block * lanes) * taps, pitch: taps)
      }
    }
  }

  /// Some places of the kernel.
  private struct Places {
    /// Where each reads in each channel.
    let rows: [OuterProductRow]
    /// The outputs at which any of them finds a number.
    let steps: [OuterProductStep]
  }

  /// Rows and columns of the kernel, and the outputs at which any of these places finds a number.
  private struct Section {
    let rows, columns: Range<Int>
    let outputRows, outputColumns: Range<Int>

    init(rows: Range<Int>, columns: Range<Int>, of shape: ConvolutionShape) {
      (self.rows, self.columns) = (rows, columns)
      func finding(_ taps: Range<Int>, _ axis: SlidingAxis) -> Range<Int> {
        var (first, end) = (axis.outputs, 0)
        for outputs in taps.lazy.map(axis.outputs(at:)) where !outputs.isEmpty {
          (first, end) = (min(first, outputs.lowerBound), max(end, outputs.upperBound))
        }
        return min(first, end)..<end
      }
      outputRows = finding(rows, shape.rows)
      outputColumns = finding(columns, shape.columns)
    }
  }

  /// The kernel as a whole, row by row, or place by place: whichever leaves out more outputs than are lost with tiles that
  /// are not full.
  private func sections(tileRows: Int) -> [Section] {
    func section(_ rows: Range<Int>, _ columns: Range<Int>) -> Section {
      Section(rows: rows, columns: columns, of: shape)
    }
    func cost(_ sections: [Section]) -> Int {
      sections.reduce(0) {
        $0 + rounded(shape.inPerGroup * $1.rows.count * $1.columns.count, to: tileRows)
          * $1.outputRows.count * $1.outputColumns.count
      }
    }
    let (rows, columns) = (0..<shape.rows.kernel, 0..<shape.columns.kernel)
    let byRow = rows.map { section($0..<$0 + 1, columns) }
    let byPlace = rows.flatMap { i in columns.map { j in section(i..<i + 1, j..<j + 1) } }
    return [[section(rows, columns)], byRow, byPlace].min { cost($0) < cost($1) }!
  }

  private func places(_ section: Section, images: Int, lanes: Int, tileRows: Int) -> Places {
    let (r, c) = (shape.rows, shape.columns)
    var rows: [OuterProductRow] = []
    for channel in 0..<shape.inPerGroup {
      for i in section.rows {
        for j in section.columns {
          rows.append(
            OuterProductRow(
              start: channel * layout.planeLength + i * r.dilation * layout.columns.length + j * c.dilation,
              sums: ((channel * r.kernel + i) * c.kernel + j) * lanes))
        }
      }
    }
    rows.fillTiles(of: tileRows, behind: shape.inPerGroup * shape.taps, lanes: lanes)
    var steps: [OuterProductStep] = []
    steps.reserveCapacity(images * section.outputRows.count * section.outputColumns.count)
    for n in 0..<images {
      for i in section.outputRows {
        for j in section.outputColumns {
          steps.append(
            OuterProductStep(
              distance: n * shape.inPerGroup * layout.planeLength + i * r.stride * layout.columns.length
                + j * c.stride,
              vectors: ((n * r.outputs + i) * c.outputs + j) * lanes))
        }
      }
    }
    return Places(rows: rows, steps: steps)
  }

  /// Adds to the sums of each tap the products of what it reads with the gradients of one block of output channels. The
  /// first time there is nothing to add to.
  private func add<let rows: Int, Row: TileRow>(
    _ kernel: [Places], _ image: UnsafePointer<Float>, _ gradients: UnsafePointer<Float>, positions: Int,
    isFirst: Bool, to sums: UnsafeMutablePointer<Float>, _ tile: RegisterTile<rows, Row>.Type
  ) {
    let lanes = 16 * Row.vectors
    let length = ChannelLayout.pieceLength(positions)
    let zeros = zeros(lanes)
    let nothing = UnsafePointer(zeros.base.assumingMemoryBound(to: Float.self))
    for some in kernel {
      some.steps.withUnsafeBufferPointer { steps in
        some.rows.withUnsafeBufferPointer { places in
          var rest = steps[...]
          for p in stride(from: 0, to: positions, by: length) {
            let piece = rest.prefix { $0.vectors < min(p + length, positions) * lanes }
            rest = rest[piece.endIndex...]
            for t in stride(from: 0, to: places.count, by: rows) {
              tile.addOuterProducts(
                image, gradients, UnsafeBufferPointer(rebasing: piece),
                startingFrom: isFirst && p == 0 ? nothing : nil, into: sums,
                places.baseAddress! + t)
            }
          }
        }
      }
    }
  }
}
