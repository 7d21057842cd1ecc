#if canImport(Glibc)
  import Glibc
#else
  import Foundation
#endif

/// One act of writing: a pen, a slant, a way of bending lines.
///
/// A point (x, y) of a template, in a box 100 units high, is put on paper in three steps:
///
///     bend      q = p + Σₖ aₖ sin(fₖ · p + φₖ), two long waves for each coordinate
///     shape     r = R S q: stretch, slant and turn about the box's center
///     place     r scaled to the digit's height in pixels and moved to the middle of the sheet
///
/// All amplitudes, angles and sizes are drawn anew for each digit. Bending is a function of the place, so
/// that lines that meet in the template still meet on paper.
struct Handwriting {
  private let generator: Generator
  private let waves: [(frequency: SIMD2<Float>, phase: Float, amplitude: SIMD2<Float>)]
  /// The rows of the shaping matrix R S, in pixels per unit.
  private let shape: (x: SIMD2<Float>, y: SIMD2<Float>)
  private let shift: SIMD2<Float>
  private let penRadius: Float

  init(_ generator: Generator) {
    func uniform(_ range: Range<Double>) -> Float { Float(generator.nextUniform(in: range)) }
    func normal(_ std: Double) -> Float { Float(generator.nextNormal(std: std)) }

    self.generator = generator
    waves = (0..<2).map { _ in
      (SIMD2(normal(0.03), normal(0.03)), uniform(0..<2 * .pi), SIMD2(normal(5.5), normal(5.5)))
    }
    let height = uniform(16..<21) / 100
    let (width, slant, angle) = (height * exp(normal(0.15)), normal(0.22) - 0.1, normal(0.12))
    let (sine, cosine) = (sin(angle), cos(angle))
    shape = (
      SIMD2(cosine * width, cosine * slant * width - sine * height),
      SIMD2(sine * width, sine * slant * width + cosine * height)
    )
    shift = SIMD2(normal(1), normal(1))
    penRadius = uniform(0.6..<1.5)
  }

  /// Writes `digit` in one of the ways there are.
  func write(_ digit: Int, on canvas: inout StrokeCanvas) {
    let ways = StrokeTemplates.digits[digit]
    let way = ways[generator.nextInt(in: 0..<ways.count)]
    let strokes = way.map { stroke in Self.smoothed(stroke.map(onPaper)) }

    // The middle of the sheet is the middle of what is written, not of the template's box.
    let points = strokes.joined()
    let low = points.reduce(points.first!) { pointwiseMin($0, $1) }
    let high = points.reduce(points.first!) { pointwiseMax($0, $1) }
    let center = SIMD2(repeating: Float(StrokeCanvas.side) / 2) + shift
    let offset = center - (low + high) / 2
    for stroke in strokes {
      for (a, b) in zip(stroke, stroke.dropFirst()) {
        canvas.line(from: a + offset, to: b + offset, radius: penRadius)
      }
    }
  }

  private func onPaper(_ point: SIMD2<Float>) -> SIMD2<Float> {
    let centered = point - 50
    var bent = centered
    for wave in waves {
      bent += wave.amplitude * sin((wave.frequency * centered).sum() + wave.phase)
    }
    return SIMD2((shape.x * bent).sum(), (shape.y * bent).sum())
  }

  /// A smooth curve through the points (a Catmull–Rom spline), as short straight pieces.
  private static func smoothed(_ points: [SIMD2<Float>]) -> [SIMD2<Float>] {
    guard points.count > 2 else { return points }
    let pieces = 6
    var curve = [points[0]]
    for i in 0..<points.count - 1 {
      let (p1, p2) = (points[i], points[i + 1])
      // At its ends a curve goes on as it came.
      let p0 = i > 0 ? points[i - 1] : 2 * p1 - p2
      let p3 = i + 2 < points.count ? points[i + 2] : 2 * p2 - p1
      let linear = p2 - p0
      let quadratic = 2 * p0 - 5 * p1 + 4 * p2 - p3
      let cubic = 3 * (p1 - p2) + p3 - p0
      for piece in 1...pieces {
        let t = Float(piece) / Float(pieces)
        let bend = t * (linear + t * (quadratic + t * cubic))
        curve.append(p1 + bend / 2)
      }
    }
    return curve
  }
}
