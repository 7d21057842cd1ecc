/// A color of a series, a node or an annotation.
public struct FigureColor: Sendable, Hashable {
  /// Red, green and blue from 0 to 255.
  let red, green, blue: Int

  public init(red: Int, green: Int, blue: Int) {
    (self.red, self.green, self.blue) = (red, green, blue)
  }

  // Okabe and Ito's eight colors, which people with any kind of color vision can tell apart; see
  // https://jfly.uni-koeln.de/color.
  public static let blue = FigureColor(red: 0x00, green: 0x72, blue: 0xB2)
  public static let vermilion = FigureColor(red: 0xD5, green: 0x5E, blue: 0x00)
  public static let green = FigureColor(red: 0x00, green: 0x9E, blue: 0x73)
  public static let orange = FigureColor(red: 0xE6, green: 0x9F, blue: 0x00)
  public static let purple = FigureColor(red: 0xCC, green: 0x79, blue: 0xA7)
  public static let sky = FigureColor(red: 0x56, green: 0xB4, blue: 0xE9)
  public static let yellow = FigureColor(red: 0xE0, green: 0xCF, blue: 0x2B)
  public static let black = FigureColor(red: 0x22, green: 0x22, blue: 0x22)
  // Two more, from the darks that these leave free. For every kind of color vision they are further from all others than
  // some of the eight are from each other.
  public static let brown = FigureColor(red: 0x87, green: 0x3C, blue: 0x2D)
  public static let indigo = FigureColor(red: 0x20, green: 0x10, blue: 0xB0)
  public static let gray = FigureColor(red: 0x80, green: 0x80, blue: 0x80)

  /// The palette, strongest contrast first; enough for ten classes. `series(10)` starts over.
  public static func series(_ index: Int) -> FigureColor { palette[index % palette.count] }

  static let palette = [blue, vermilion, green, orange, purple, sky, yellow, black, brown, indigo]

  /// This color thinned with white; a share of 0 is white.
  func tint(_ share: Double) -> FigureColor {
    func mix(_ channel: Int) -> Int { Int((255 - (255 - Double(channel)) * share).rounded()) }
    return FigureColor(red: mix(red), green: mix(green), blue: mix(blue))
  }

  /// As gnuplot spells it: `'#0072b2'`.
  var quoted: String {
    let digits = Array("0123456789abcdef")
    return "'#" + [red, green, blue].map { "\(digits[$0 / 16])\(digits[$0 % 16])" }.joined() + "'"
  }
}

/// How numbers become colors.
public enum FigureColormap: Sendable {
  /// Perceptually even from dark blue to yellow.
  case sequential
  /// White to dark blue, for counts that are read in print.
  case blues
  /// Blue over white at 0 to red.
  case diverging
  /// Black to white.
  case gray
  /// One pale color per class.
  case classes(Int)

  private var stops: [FigureColor] {
    switch self {
    case .sequential: Self.viridis
    case .blues: [FigureColor.blue.tint(0.04), FigureColor.blue.tint(0.5), Self.navy]
    case .diverging: Self.blueWhiteRed
    case .gray: [FigureColor(red: 0, green: 0, blue: 0), FigureColor(red: 255, green: 255, blue: 255)]
    case .classes(let count): (0..<count).map { FigureColor.series($0).tint(0.28) }
    }
  }

  /// gnuplot's command that sets the palette.
  var command: String {
    if case .classes = self {
      // Each color twice, so that classes do not shade into each other.
      let steps = stops.enumerated().map { "\($0) \($1.quoted), \($0 + 1) \($1.quoted)" }
      return "set palette defined (\(steps.joined(separator: ", ")))"
    }
    let steps = stops.enumerated().map { "\($0) \($1.quoted)" }
    return "set palette defined (\(steps.joined(separator: ", ")))"
  }

  /// The color at a share of the way from 0 to 1.
  func color(at share: Double) -> FigureColor {
    let position = min(max(share.isFinite ? share : 0, 0), 1) * Double(stops.count - 1)
    let lower = min(Int(position), stops.count - 2)
    let (a, b, t) = (stops[lower], stops[lower + 1], position - Double(lower))
    func mix(_ from: Int, _ to: Int) -> Int { Int((Double(from) + Double(to - from) * t).rounded()) }
    return FigureColor(red: mix(a.red, b.red), green: mix(a.green, b.green), blue: mix(a.blue, b.blue))
  }

  /// The limits of the color axis for values in `range`: symmetric around 0 where 0 is the middle color.
  func limits(of range: ClosedRange<Double>) -> ClosedRange<Double> {
    switch self {
    case .diverging:
      let bound = max(abs(range.lowerBound), abs(range.upperBound), .leastNormalMagnitude)
      return -bound...bound
    case .classes(let count): return -0.5...(Double(count) - 0.5)
    case .sequential, .blues, .gray:
      return range.lowerBound < range.upperBound ? range : range.lowerBound...(range.lowerBound + 1)
    }
  }

  private static let navy = FigureColor(red: 0x08, green: 0x30, blue: 0x6B)

  private static let blueWhiteRed: [FigureColor] = [
    FigureColor(red: 0x05, green: 0x30, blue: 0x61), FigureColor(red: 0x43, green: 0x93, blue: 0xC3),
    FigureColor(red: 0xFF, green: 0xFF, blue: 0xFF), FigureColor(red: 0xD6, green: 0x60, blue: 0x4D),
    FigureColor(red: 0x67, green: 0x00, blue: 0x1F),
  ]

  private static let viridis: [FigureColor] = [
    FigureColor(red: 0x44, green: 0x01, blue: 0x54), FigureColor(red: 0x47, green: 0x2C, blue: 0x7A),
    FigureColor(red: 0x3B, green: 0x51, blue: 0x8B), FigureColor(red: 0x2C, green: 0x71, blue: 0x8E),
    FigureColor(red: 0x21, green: 0x90, blue: 0x8D), FigureColor(red: 0x27, green: 0xAD, blue: 0x81),
    FigureColor(red: 0x5C, green: 0xC8, blue: 0x63), FigureColor(red: 0xAA, green: 0xDC, blue: 0x32),
    FigureColor(red: 0xFD, green: 0xE7, blue: 0x25),
  ]
}
