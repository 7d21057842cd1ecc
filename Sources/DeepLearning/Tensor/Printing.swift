#if canImport(Glibc)
  import Glibc
#endif

extension Tensor: CustomStringConvertible {
  /// The tensor as PyTorch prints it, character for character: four digits after the point, whole numbers as
  /// `1.`, powers of ten where sizes differ by more than a thousand, and long tensors by their ends.
  public var description: String {
    let prefix = "tensor("
    let isSummarized = count > 1000
    let body: String
    if count == 0 {
      body = "[]"
    } else {
      let shown = isSummarized ? summarizedElements() : flattenedElements()
      body = Printer(elements: shown, dtype: dtype, isSummarized: isSummarized, isNumber: rank == 0)
        .text(detach(), indent: prefix.count)
    }
    var suffixes: [String] = []
    if count == 0 && rank != 1 { suffixes.append("size=\(describe(shape))") }
    if dtype == .float64 || (count == 0 && dtype != .float32) {
      suffixes.append("dtype=torch.\(dtype.rawValue)")
    }
    if let node {
      suffixes.append("grad_fn=<\(node.name)>")
    } else if requiresGrad {
      suffixes.append("requires_grad=True")
    }
    return appended(suffixes, to: prefix + body, indent: prefix.count)
  }

  /// Puts the suffixes behind the last line, or on a line of their own where they would pass column 80.
  private func appended(_ suffixes: [String], to text: String, indent: Int) -> String {
    var result = text
    var lastLine = text.split(separator: "\n", omittingEmptySubsequences: false).last.map(\.count)! + 1
    for suffix in suffixes {
      if lastLine + suffix.count + 2 > Printer.lineWidth {
        result += ",\n" + String(repeating: " ", count: indent) + suffix
        lastLine = indent + suffix.count
      } else {
        result += ", " + suffix
        lastLine += suffix.count + 2
      }
    }
    return result + ")"
  }

  private func flattenedElements() -> [Double] { detach().toArray(of: Double.self) }

  /// The elements that are printed of a long tensor: the first and last three along each dimension.
  private func summarizedElements() -> [Double] {
    var part = detach()
    for d in 0..<rank where part.shape[d] > 2 * Printer.edgeItems {
      part = cat(
        [
          part.narrow(d, 0, Printer.edgeItems),
          part.narrow(d, part.shape[d] - Printer.edgeItems, Printer.edgeItems),
        ], dim: d)
    }
    return part.toArray(of: Double.self)
  }
}

/// Chooses one format for all numbers of a tensor and lays them out in brackets.
private struct Printer {
  static let lineWidth = 80
  static let edgeItems = 3
  static let precision: Int32 = 4

  private enum Style { case bool, int, whole, fixed, scientific }
  private let style: Style
  private let width: Int
  private let isSummarized: Bool

  init(elements: [Double], dtype: DType, isSummarized: Bool, isNumber: Bool) {
    self.isSummarized = isSummarized
    let sizes = elements.filter { $0.isFinite && $0 != 0 }.map(abs)
    let largest = sizes.max() ?? 0
    let smallest = sizes.min() ?? 0
    if dtype == .bool {
      style = .bool
    } else if dtype == .int64 {
      style = .int
    } else if sizes.isEmpty {
      style = .whole
    } else if sizes.allSatisfy({ $0 == $0.rounded() }) {
      style = largest / smallest > 1000 || largest > 1e8 ? .scientific : .whole
    } else {
      style = largest / smallest > 1000 || largest > 1e8 || smallest < 1e-4 ? .scientific : .fixed
    }
    // Columns align to the longest number; NaN and infinity, as in PyTorch, do not widen them.
    let style = style
    let isIntegral = style == .int || style == .bool
    let measured = isIntegral ? elements : elements.filter { $0.isFinite && $0 != 0 }
    let longest = measured.map { Printer.format($0, style).count }.max() ?? 1
    width = isNumber ? 0 : longest
  }

  private static func format(_ x: Double, _ style: Style) -> String {
    if style == .bool { return x != 0 ? "True" : "False" }
    if x.isNaN { return "nan" }
    if x.isInfinite { return x > 0 ? "inf" : "-inf" }
    switch style {
    case .bool, .int: return String(Int(x))
    case .whole: return x.formatted("%.0f.")
    case .fixed: return x.formatted("%.\(precision)f")
    case .scientific: return x.formatted("%.\(precision)e")
    }
  }

  private func padded(_ x: Double) -> String {
    let text = Printer.format(x, style)
    return String(repeating: " ", count: Swift.max(0, width - text.count)) + text
  }

  func text(_ tensor: Tensor, indent: Int) -> String {
    if tensor.rank == 0 { return padded(tensor.item()) }
    let n = tensor.shape[0]
    let isCut = isSummarized && n > 2 * Printer.edgeItems
    let positions = isCut ? Array(0..<Printer.edgeItems) + Array((n - Printer.edgeItems)..<n) : Array(0..<n)
    if tensor.rank == 1 {
      let perLine = Swift.max(1, (Printer.lineWidth - indent) / (width + 2))
      let values = tensor.toArray(of: Double.self)
      var items = positions.map { padded(values[$0]) }
      if isCut { items.insert(" ...", at: Printer.edgeItems) }
      let lines = stride(from: 0, to: items.count, by: perLine).map {
        items[$0..<Swift.min($0 + perLine, items.count)].joined(separator: ", ")
      }
      return "[" + lines.joined(separator: ",\n" + String(repeating: " ", count: indent + 1)) + "]"
    }
    var parts = positions.map { text(tensor.select(0, $0), indent: indent + 1) }
    if isCut { parts.insert("...", at: Printer.edgeItems) }
    let separator =
      "," + String(repeating: "\n", count: tensor.rank - 1) + String(repeating: " ", count: indent + 1)
    return "[" + parts.joined(separator: separator) + "]"
  }
}

extension Double {
  /// The number in C's format, such as `%.4f`.
  package func formatted(_ format: String) -> String {
    withVaList([self]) { arguments in
      // The longest number in `%f` has 309 digits before the point.
      var buffer = [CChar](repeating: 0, count: 400)
      let count = vsnprintf(&buffer, buffer.count, format, arguments)
      return String(decoding: buffer.prefix(Int(count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
  }
}
