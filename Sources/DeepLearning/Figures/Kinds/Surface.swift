extension Figure {
  /// A function of the plane as a surface over it.
  ///
  /// - Parameters:
  ///   - rotation: from where one looks, in degrees around the vertical axis.
  ///   - tilt: in degrees from looking straight down.
  public func surface(
    _ field: Field, colormap: FigureColormap = .sequential, rotation: Double = 35, tilt: Double = 58
  ) -> Figure {
    adding(Surface(field: field, colormap: colormap, rotation: rotation, tilt: tilt))
  }
}

struct Surface: Layer {
  var field: Field
  var colormap: FigureColormap
  var rotation: Double
  var tilt: Double

  var name: String { "surface" }
  var problem: LayerProblem? { field.problem }
  var extent: Extent { .none }
  var naturalSize: PixelSize? { PixelSize(width: 720, height: 560) }

  func draw(in panel: inout Panel) {
    panel.palette(colormap, limits: colormap.limits(of: finiteRange(field.values) ?? 0...1))
    panel.set("view \(gnuplotNumber(tilt)),\(gnuplotNumber(rotation)),1,1")
    panel.set("border 4095 lc rgb '#bbbbbb' lw 0.8")
    panel.set("xyplane relative 0.05")
    panel.set("xtics offset 0,-0.4")
    panel.set("ytics offset 0.4,-0.2")
    panel.set("zlabel rotate parallel")
    let grid = field.matrixClause(panel.data(field.values, columns: field.columns))
    if panel.isText {
      panel.set("hidden3d")
      panel.plotSurface("\(grid) with lines")
    } else {
      panel.set("pm3d depthorder border lc rgb '#ffffff' lw 0.3")
      panel.plotSurface("\(grid) with pm3d")
    }
  }
}
