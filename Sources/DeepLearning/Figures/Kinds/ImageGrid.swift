extension Figure {
  /// Whether the images of a grid share one scale from black to white.
  public enum ImageScale: Sendable {
    /// The smallest and largest value of all images are the ends of the scale.
    case shared
    /// Every image has its own scale.
    case perImage
  }

  /// Images side by side, row by row, from top left.
  ///
  ///     Figure(title: "Mistakes").imageGrid(images, height: 28, width: 28, captions: ["(7, 9)", "(3, 5)"])
  ///
  /// - Parameters:
  ///   - images: each `height × width` values, row-major; for color, three such planes (red, green, blue)
  ///     one after the other, as PyTorch stores them. Any scale.
  ///   - captions: what stands under each image.
  ///   - colormap: `.diverging` for weights: white is 0. Color images ignore it.
  public func imageGrid(
    _ images: [[some BinaryFloatingPoint]], height: Int, width: Int, columns: Int = 8,
    captions: [String] = [],
    colormap: FigureColormap = .gray, scale: ImageScale = .shared
  ) -> Figure {
    adding(
      ImageGrid(
        images: images.map(doubles), height: height, width: width,
        columns: max(1, min(columns, images.count)),
        captions: captions, colormap: colormap, scale: scale))
  }
}

struct ImageGrid: Layer {
  var images: [[Double]]
  var height: Int
  var width: Int
  var columns: Int
  var captions: [String]
  var colormap: FigureColormap
  var scale: Figure.ImageScale

  private var isColor: Bool { images.first?.count == 3 * height * width }
  private var rows: Int { (images.count + columns - 1) / columns }

  var name: String { "image grid" }
  var summary: String {
    let under = captions.filter { !$0.isEmpty }.map { "\"\($0)\"" }.joined(separator: ", ")
    return
      "\(images.count) images of \(height) by \(width) pixels\(under.isEmpty ? "" : ", under them \(under)")"
  }
  var problem: LayerProblem? {
    if height < 1 || width < 1 {
      return .mismatch(expected: "a positive height and width", found: "\(height) × \(width)")
    }
    let expected = isColor ? 3 * height * width : height * width
    if let wrong = images.first(where: { $0.count != expected }) {
      return .mismatch(
        expected: "images of \(height) × \(width) values or 3 × \(height) × \(width), all alike",
        found: "an image of \(wrong.count)")
    }
    if !captions.isEmpty && captions.count != images.count {
      return .mismatch(expected: "\(images.count) captions, one for each image", found: "\(captions.count)")
    }
    return LayerProblem("images", expected: 0, found: 0, values: images.flatMap(\.self))
  }

  // Everything is laid out in the pixels of the picture as it would like to be, with y growing upwards.
  private let gap = 8.0
  private var captionHeight: Double { captions.isEmpty ? 0 : 18 }
  private var cellWidth: Double {
    min(760 / Double(columns) - gap, 132 * max(1, Double(width) / Double(height)))
  }
  private var cellHeight: Double { cellWidth * Double(height) / Double(width) }
  private var canvas: PixelSize {
    PixelSize(
      width: Double(columns) * (cellWidth + gap) - gap,
      height: Double(rows) * (cellHeight + gap + captionHeight) - gap)
  }
  var naturalSize: PixelSize? { PixelSize(width: max(canvas.width, 320) + 40, height: canvas.height + 64) }
  var extent: Extent {
    Extent(points: [Point(x: 0, y: -canvas.height), Point(x: canvas.width, y: 0)], kind: .frame)
  }

  func draw(in panel: inout Panel) {
    panel.clearAxes()
    panel.palette(isColor ? .gray : colormap, limits: 0...255)
    // Each sample of the picture looks up its pixel. Finer samples than pixels keep the pixels' edges sharp,
    // since viewers smooth what they enlarge.
    let zoom = max(min(height, width) == 1 ? 2 : 1, min(4, 128 / max(height, width)))
    let (across, down) = (width * zoom, height * zoom)
    panel.isSampled = true
    panel.set("samples \(across)")
    panel.set("isosamples \(down)")

    let bytes = scaled
    let fontSize = captionSize(in: panel)
    for index in images.indices {
      let left = Double(index % columns) * (cellWidth + gap)
      let top = -Double(index / columns) * (cellHeight + gap + captionHeight)
      let (stepX, stepY) = (cellWidth / Double(across), cellHeight / Double(down))
      let (u, v) = (left + stepX / 2, top - cellHeight + stepY / 2)
      let sampling = "[u=\(u):\(left + cellWidth - stepX / 2)] [v=\(v):\(top - stepY / 2)] '++'"
      let row = "int((\(top)-$2)/\(cellHeight / Double(height)))"
      let pixel = "1+\(row)*\(width)+int(($1-\(left))/\(cellWidth / Double(width)))"
      if isColor {
        let count = height * width
        let planes = (0..<3).map { plane in Array(bytes[index][(plane * count)..<((plane + 1) * count)]) }
        let block = panel.data(planes[0], planes[1], planes[2])
        let channels = (1...3).map { "(word(\(block)[\(pixel)],\($0))+0)" }.joined(separator: ":")
        panel.plot("\(sampling) using 1:2:\(channels) with rgbimage")
      } else {
        let block = panel.data(bytes[index], columns: 1)
        panel.plot("\(sampling) using 1:2:(\(block)[\(pixel)]+0) with image")
      }
      if !captions.isEmpty {
        panel.text(captions[index], x: left + cellWidth / 2, y: top - cellHeight - 11, size: fontSize)
      }
    }
  }

  private func captionSize(in panel: Panel) -> Double {
    let shrink = min(1, (panel.size.width - 40) / canvas.width, (panel.size.height - 64) / canvas.height)
    let longest = captions.map(textWidth).max() ?? 1
    return max(7, min(13, (cellWidth + gap) / max(longest, 1)) * shrink)
  }

  /// The images as whole numbers from 0 to 255.
  private var scaled: [[Double]] {
    let colormap: FigureColormap = isColor ? .gray : colormap
    let shared = finiteRange(images.flatMap(\.self)) ?? 0...1
    return images.map { image in
      let range = scale == .shared ? shared : finiteRange(image) ?? 0...1
      let limits = colormap.limits(of: range)
      let factor = 255 / (limits.upperBound - limits.lowerBound)
      return image.map { $0.isFinite ? (($0 - limits.lowerBound) * factor).rounded() : 0 }
    }
  }

  func ascii(width textWidth: Int, height textHeight: Int) -> String? {
    // A terminal is no gallery: the first two rows of images, each about fourteen lines high.
    let step = max(1, (height + 13) / 14, (2 * width + textWidth - 1) / textWidth)
    let wide = 2 * ((width + step - 1) / step)
    let perRow = max(1, min(columns, (textWidth + 2) / (wide + 2)))
    let blocks = zip(images.indices, scaled).prefix(2 * perRow).map { index, bytes in
      let shares = bytes.prefix(height * width).map { $0 / 255 }
      let picture = characterRamp(shares, rows: height, columns: width, step: step)
      return picture + (captions.isEmpty ? [] : [captions[index]])
    }
    var lines: [String] = []
    for first in stride(from: 0, to: blocks.count, by: perRow) {
      let row = blocks[first..<min(first + perRow, blocks.count)]
      for line in row[first].indices {
        let cells = row.map { $0[line] + String(repeating: " ", count: max(0, wide - $0[line].count)) }
        lines.append(cells.joined(separator: "  "))
      }
      lines.append("")
    }
    return lines.dropLast().joined(separator: "\n")
  }
}
