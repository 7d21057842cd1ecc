/// The script of one plot while its layers write themselves into it.
struct Panel {
  struct Block {
    var name: String
    var values: [Double]
    var columns: Int
  }

  let size: PixelSize
  let layers: [any Layer]
  /// Which of the layers is drawing itself.
  var current = 0
  /// Whether the script is for gnuplot's character terminal, which has neither images nor filled areas.
  let isText: Bool
  private let blockPrefix: String
  private var usedColors = 0

  private(set) var blocks: [Block] = []
  private(set) var settings: [String] = []
  private(set) var clauses: [String] = []
  private(set) var surfaceClauses: [String] = []
  /// Whether clauses carry ranges of their own to sample a function in.
  var isSampled = false

  init(size: PixelSize, layers: [any Layer], isText: Bool, blockPrefix: String) {
    (self.size, self.layers, self.isText, self.blockPrefix) = (size, layers, isText, blockPrefix)
  }

  /// Adds rows of numbers and returns the block's name.
  mutating func data(_ values: [Double], columns: Int) -> String {
    let name = "$\(blockPrefix)\(blocks.count + 1)"
    blocks.append(Block(name: name, values: values.map { $0.isFinite ? $0 : .nan }, columns: columns))
    return name
  }

  /// Adds rows of numbers given column by column.
  mutating func data(_ columns: [Double]...) -> String {
    var values: [Double] = []
    values.reserveCapacity(columns.count * columns[0].count)
    for row in columns[0].indices {
      for column in columns { values.append(column[row]) }
    }
    return data(values, columns: columns.count)
  }

  /// Adds a command that stands before the plot.
  mutating func set(_ command: String) { settings.append("set " + command) }

  /// Adds commands that stand before the plot.
  mutating func commands(_ lines: [String]) { settings += lines }

  /// Makes the panel a sheet to draw on: no axes, and a unit as long across as up.
  mutating func clearAxes() {
    commands([
      "unset border", "unset tics", "unset grid", "set size ratio -1", "set lmargin 1", "set rmargin 1",
      "set bmargin 0.5",
    ])
  }

  /// Adds an element of the plot command. Without a label the legend does not show it.
  mutating func plot(_ clause: String, label: String = "") {
    clauses.append(clause + (label.isEmpty ? " notitle" : " title \(gnuplotQuoted(label))"))
  }

  /// Adds an element of a three-dimensional plot.
  mutating func plotSurface(_ clause: String, label: String = "") {
    surfaceClauses.append(clause + (label.isEmpty ? " notitle" : " title \(gnuplotQuoted(label))"))
  }

  /// The color a layer asked for, or the next of the palette.
  mutating func color(_ requested: FigureColor?) -> FigureColor {
    if let requested { return requested }
    usedColors += 1
    return .series(usedColors - 1)
  }

  /// Sets what numbers mean as colors; with a title, the key to the colors stands right of the plot.
  mutating func palette(_ colormap: FigureColormap, limits: ClosedRange<Double>, key: String? = nil) {
    settings.append(colormap.command)
    set("cbrange [\(limits.lowerBound):\(limits.upperBound)]")
    guard let key else {
      settings.append("unset colorbox")
      return
    }
    set("colorbox noborder")
    set("cbtics scale 0.4")
    if !key.isEmpty { set("cblabel \(gnuplotQuoted(key)) tc rgb '#222222' offset 0.8,0") }
  }

  /// Adds text at a place given in the axes' units.
  mutating func text(
    _ text: String, x: Double, y: Double, align: String = "center", color: FigureColor = .black,
    size: Double? = nil,
    offset: String = ""
  ) {
    let font = size.map { " font ',\(gnuplotNumber($0))'" } ?? ""
    let place = "at \(x),\(y) \(align)"
    set("label \(gnuplotQuoted(text)) \(place) front tc rgb \(color.quoted)\(font)\(offset)")
  }
}

/// A string constant that stands for exactly this text. Line breaks are kept, other control characters
/// become spaces. Double quotes, since in single ones gnuplot 5.4 misreads a quote at the start; a backquote,
/// which would run a command in them, is spelled by its number.
func gnuplotQuoted(_ text: String) -> String {
  // By scalars, since a quote with an accent on it is still a quote to gnuplot.
  let scalars = text.unicodeScalars.map { scalar in
    switch scalar {
    case "\\": "\\\\"
    case "\"": "\\\""
    case "`": "\\140"
    case "\n": "\\n"
    case "\u{0}"..<" ", "\u{7F}": " "
    default: String(scalar)
    }
  }
  return "\"" + scalars.joined() + "\""
}

/// A label of a tick, where gnuplot would take `%` for a number format and cuts what is longer than 50 bytes.
func gnuplotTick(_ text: String) -> String {
  var text = text
  if text.utf8.count > 48 {
    while text.utf8.count > 45 { text.removeLast() }
    text += "…"
  }
  return gnuplotQuoted(text.unicodeScalars.map { $0 == "%" ? "%%" : String($0) }.joined())
}

/// A short spelling of a number in pixels or points: at most three decimals.
func gnuplotNumber(_ value: Double) -> String {
  guard value.isFinite else { return "0" }
  let rounded = (value * 1000).rounded() / 1000
  return rounded == rounded.rounded() && abs(rounded) < 1e15 ? String(Int(rounded)) : String(rounded)
}

/// About how many pixels a line of text takes at a font size of 1.
func textWidth(_ text: String) -> Double {
  let longest = text.split(separator: "\n").map(\.count).max() ?? 0
  return 0.56 * Double(longest)
}
