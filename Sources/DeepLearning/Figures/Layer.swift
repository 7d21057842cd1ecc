/// One kind of mark in a figure: a line, a cloud of points, an image.
///
/// A new kind is one new file in `Kinds`: a struct that conforms to this protocol and an extension of
/// ``Figure`` with the method that adds it. Nothing else needs to know of it.
protocol Layer: Sendable {
  /// How errors name this layer, for example `line "training"`.
  var name: String { get }
  /// The layer in words, for those who do not see it; its name where that says enough.
  var summary: String { get }
  /// What is wrong with the data, if anything.
  var problem: LayerProblem? { get }
  /// What the layer covers, in the units of the axes.
  var extent: Extent { get }
  /// The entries it adds to the legend.
  var legendLabels: [String] { get }
  /// Whether other layers are drawn on top of it, whatever the order in which they were added.
  var isBackground: Bool { get }
  /// The picture size it would like to have, if it has a shape of its own.
  var naturalSize: PixelSize? { get }
  /// Adds data blocks, settings and plot clauses to the panel's script.
  func draw(in panel: inout Panel)
  /// A drawing in plain characters, for what gnuplot's character terminal cannot show.
  func ascii(width: Int, height: Int) -> String?
}

extension Layer {
  var summary: String { name }
  var problem: LayerProblem? { nil }
  var legendLabels: [String] { [] }
  var isBackground: Bool { false }
  var naturalSize: PixelSize? { nil }
  func ascii(width: Int, height: Int) -> String? { nil }

  /// `line "training"`, or just `line` without a label.
  func named(_ kind: String, _ label: String) -> String {
    label.isEmpty ? kind : "\(kind) \"\(label)\""
  }
}

enum LayerProblem {
  case empty
  case mismatch(expected: String, found: String)

  /// The usual check: as many `found` as expected, and a finite number among `values`.
  init?(_ what: String, expected: Int, found: Int, values: [Double]) {
    if found != expected {
      self = .mismatch(expected: "\(expected) \(what)", found: "\(found)")
    } else if !values.contains(where: \.isFinite) {
      self = .empty
    } else {
      return nil
    }
  }
}

struct Point: Sendable {
  var x: Double
  var y: Double
}

/// What a layer covers.
struct Extent {
  /// How the layer's points set the ranges of the axes.
  enum Kind {
    /// Ranges are chosen around the points with a margin on each side, a share of their span.
    case data(xMargin: Double, yMargin: Double)
    /// Ranges are exactly the box around the points; other layers must fit into it.
    case frame
    /// The layer goes along with what others ask for.
    case passive
  }

  var points: [Point]
  var kind: Kind

  static let none = Extent(points: [], kind: .passive)
}

/// The numbers of any collection as `Double`, which is what layers store.
func doubles(_ values: some Collection<some BinaryFloatingPoint>) -> [Double] {
  values.map { Double($0) }
}

/// From the smallest to the largest finite value.
func finiteRange(_ values: [Double]) -> ClosedRange<Double>? {
  var (low, high) = (Double.infinity, -Double.infinity)
  for value in values where value.isFinite {
    low = min(low, value)
    high = max(high, value)
  }
  return low <= high ? low...high : nil
}
