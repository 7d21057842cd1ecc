#if canImport(Glibc)
  import Glibc
#endif

extension Figure {
  /// What the picture looks like, in words: for a reader who does not see it, and where it cannot be shown.
  ///
  /// It names the marks with their labels, and the axes with their ranges. What there is to see in them, the
  /// caption says.
  public var alternativeText: String {
    guard panels.isEmpty else {
      let texts = panels.enumerated().map { index, panel in "Panel \(index + 1): \(panel.alternativeText)" }
      return ([Self.sentence(title), "\(panels.count) panels."] + texts).filter { !$0.isEmpty }.joined(
        separator: " ")
    }
    let marks = Self.counted(layers.map(\.summary)).joined(separator: "; ")
    let extents = layers.map(\.extent)
    let x = AxisRange(extents, requested: axes.xRange, isLogarithmic: axes.xIsLogarithmic, axis: \.x)
    let y = AxisRange(extents, requested: axes.yRange, isLogarithmic: axes.yIsLogarithmic, axis: \.y)
    let sentences = [
      title, marks.prefix(1).uppercased() + marks.dropFirst(),
      Self.axis("Horizontal", axes.labels.x, x, ticks: axes.xTicks), Self.axis("Vertical", axes.labels.y, y),
    ]
    return sentences.map(Self.sentence).filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// Only an axis with a name is one that a reader looks at. Where its ticks have labels of their own, these say more
  /// than the numbers behind them.
  private static func axis(
    _ direction: String, _ label: String, _ range: AxisRange?, ticks: [(position: Double, label: String)] = []
  ) -> String {
    guard !label.isEmpty, let range else { return "" }
    let scale = range.isLogarithmic ? ", logarithmic" : ""
    let low = ticks.first?.label ?? spoken(range.low)
    let high = ticks.last?.label ?? spoken(range.high)
    return "\(direction) axis: \(label), from \(low) to \(high)\(scale)"
  }

  /// The texts, those that come several times in a row once, with their number.
  private static func counted(_ texts: [String]) -> [String] {
    var groups: [(text: String, count: Int)] = []
    for text in texts {
      if groups.last?.text == text {
        groups[groups.count - 1].count += 1
      } else {
        groups.append((text, 1))
      }
    }
    return groups.map { $0.count == 1 ? $0.text : "\($0.count) times \($0.text)" }
  }

  private static func sentence(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    return line.isEmpty || line.last.map { ".!?".contains($0) } == true ? line : line + "."
  }

  /// Three digits are enough to be spoken.
  private static func spoken(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return "0" }
    let decimals = min(max(2 - Int(log10(abs(value)).rounded(.down)), 0), 9)
    let text = fixed(value, decimals: decimals)
    guard text.contains(".") else { return text }
    let digits = text.reversed().drop { $0 == "0" }.drop { $0 == "." }
    return String(digits.reversed())
  }
}
