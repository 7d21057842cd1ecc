/// A plot as a value: what is shown and how it is labeled, not how it is drawn.
///
/// A figure is built by chaining: each call returns a copy with one more layer or setting. Layers without a
/// color of their own take the next one of the palette. Nothing is checked or drawn before
/// ``write(to:name:)`` or ``ascii(width:height:)``.
///
///     let figure = Figure(title: "Loss", caption: "Validation loss turns after epoch 12.")
///       .line(training, label: "training")
///       .line(validation, label: "validation")
///       .axes(x: "epoch", y: "cross-entropy")
///     try figure.write(to: "plots/chapter6", name: "early-stopping")
///
/// Numbers that are not finite are gaps. All text is shown literally.
public struct Figure: Sendable {
  /// Where the legend stands.
  public enum Legend: Sendable, Equatable {
    /// In the corner that hides no data, or below the plot where every corner is taken.
    case automatic
    case topLeft, topRight, bottomLeft, bottomRight
    /// In a row under the plot.
    case below
    /// In a column right of the plot.
    case right
    case none
  }

  public var title: String
  /// What to see in the figure. Stands in the script and is the picture's description for screen readers.
  public var caption: String

  var layers: [any Layer] = []
  var axes = Axes()
  var panels: [Figure] = []
  var panelColumns = 1
  var requestedSize: PixelSize?

  public init(title: String = "", caption: String = "") {
    self.title = title
    self.caption = caption
  }

  /// Small multiples: the figures side by side, row by row. Grids inside grids are taken apart.
  public static func grid(
    title: String = "", caption: String = "", columns: Int, _ figures: [Figure]
  ) -> Figure {
    var result = Figure(title: title, caption: caption)
    result.panelColumns = max(1, min(columns, figures.count))
    result.panels = figures.flatMap { $0.panels.isEmpty ? [$0] : $0.panels }
    return result
  }

  /// Describes what the reader should see.
  public func caption(_ text: String) -> Figure { with { $0.caption = text } }

  /// The labels of the axes.
  public func axes(x: String = "", y: String = "", z: String = "") -> Figure {
    with { $0.axes.labels = (x, y, z) }
  }

  /// Shows only this part of the horizontal axis.
  public func xRange(_ range: ClosedRange<Double>) -> Figure { with { $0.axes.xRange = range } }

  /// Shows only this part of the vertical axis.
  public func yRange(_ range: ClosedRange<Double>) -> Figure { with { $0.axes.yRange = range } }

  /// A logarithmic horizontal axis. Values that are not positive are gaps.
  public func logX() -> Figure { with { $0.axes.xIsLogarithmic = true } }

  /// A logarithmic vertical axis. Values that are not positive are gaps.
  public func logY() -> Figure { with { $0.axes.yIsLogarithmic = true } }

  /// Text instead of numbers along the horizontal axis, each at its position.
  public func xTicks(_ ticks: [(position: Double, label: String)]) -> Figure {
    with { $0.axes.xTicks = ticks }
  }

  /// One unit is equally long on both axes, so that circles are round.
  public func equalAspect() -> Figure { with { $0.axes.isEqual = true } }

  /// Where the legend stands; without this, ``Legend/automatic``.
  public func legend(_ position: Legend) -> Figure { with { $0.axes.legend = position } }

  /// The size of the picture in pixels; without this, 800 × 500 or what its layers need.
  public func size(width: Int, height: Int) -> Figure {
    with { $0.requestedSize = PixelSize(width: Double(width), height: Double(height)) }
  }

  func adding(_ layer: some Layer) -> Figure { with { $0.layers.append(layer) } }

  private func with(_ change: (inout Figure) -> Void) -> Figure {
    var copy = self
    change(&copy)
    return copy
  }
}

/// The settings of a figure's axes.
struct Axes: Sendable {
  var labels = (x: "", y: "", z: "")
  var xRange: ClosedRange<Double>?
  var yRange: ClosedRange<Double>?
  var xIsLogarithmic = false
  var yIsLogarithmic = false
  var xTicks: [(position: Double, label: String)] = []
  var isEqual = false
  var legend = Figure.Legend.automatic
}

struct PixelSize: Sendable, Equatable {
  var width: Double
  var height: Double
}
