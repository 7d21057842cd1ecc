#if canImport(Glibc)
  import Glibc
#else
  import Foundation
#endif

/// Small data sets that are drawn from a formula, for pictures and for experiments whose answer is known.
///
///     manualSeed(0)
///     let (x, y) = GeneratedData.halfMoons(count: 200, noise: 0.1)    // (200, 2) and (200)
///
/// Points are `float32`, one a row; labels are `int64`. Classes take turns (row 0 has label 0, row 1 has
/// label 1, ...), so that every stretch of rows holds all of them in equal parts. In the formulas ε is a
/// normal number of mean 0 and standard deviation 1, drawn anew for each coordinate.
public enum GeneratedData {
  /// Points around rings with a common center: x = (r cos t, r sin t), r = radii[label] + noise · ε,
  /// t uniform in [0, 2π).
  ///
  /// No straight line separates them; the feature x₁² + x₂² does.
  ///
  /// - Returns: points (count, 2), labels (count).
  public static func rings(
    count: Int, radii: [Double] = [1, 2], noise: Double = 0.1, generator: Generator = .default
  ) -> (points: Tensor, labels: Tensor) {
    labeledPoints(count, classes: radii.count, dimensions: 2, "rings") { label in
      let angle = generator.nextUniform(in: 0..<2 * .pi)
      let radius = generator.nextNormal(mean: radii[label], std: noise)
      return [radius * cos(angle), radius * sin(angle)]
    }
  }

  /// Two half circles that reach into each other: (cos t, sin t) for label 0, (1 − cos t, ½ − sin t) for
  /// label 1, t uniform in [0, π), plus noise · ε.
  ///
  /// - Returns: points (count, 2), labels (count).
  public static func halfMoons(
    count: Int, noise: Double = 0.1, generator: Generator = .default
  ) -> (points: Tensor, labels: Tensor) {
    labeledPoints(count, classes: 2, dimensions: 2, "halfMoons") { label in
      let angle = generator.nextUniform(in: 0..<Double.pi)
      let (x, y) = (cos(angle), sin(angle))
      let mean = label == 0 ? [x, y] : [1 - x, 0.5 - y]
      return mean.map { generator.nextNormal(mean: $0, std: noise) }
    }
  }

  /// A round cloud of points about each center: x = centers[label] + std · ε.
  ///
  /// - Returns: points (count, D) for centers of D coordinates, labels (count).
  public static func blobs(
    count: Int, centers: [[Double]] = [[-2, 0], [2, 0]], std: Double = 0.5, generator: Generator = .default
  ) -> (points: Tensor, labels: Tensor) {
    let dimensions = centers.first?.count ?? 0
    check(
      centers.allSatisfy { $0.count == dimensions }, "blobs",
      "the centers differ in their number of coordinates"
    )
    return labeledPoints(count, classes: centers.count, dimensions: dimensions, "blobs") { label in
      centers[label].map { generator.nextNormal(mean: $0, std: std) }
    }
  }

  /// The exclusive or of two bits: points (0,0), (0,1), (1,0), (1,1) in turn, plus noise · ε, with the labels
  /// 0, 1, 1, 0.
  ///
  /// - Returns: points (count, 2), labels (count).
  public static func xor(
    count: Int = 4, noise: Double = 0, generator: Generator = .default
  ) -> (points: Tensor, labels: Tensor) {
    let (corners, _) = labeledPoints(count, classes: 4, dimensions: 2, "xor") { corner in
      [corner >> 1, corner & 1].map { generator.nextNormal(mean: Double($0), std: noise) }
    }
    return (corners, Tensor((0..<count).map { $0 >> 1 & 1 ^ $0 & 1 }))
  }

  /// A sample of the Gumbel distribution F(x) = exp(−exp(−(x − µ) / β)), by the inverse of F:
  /// x = µ − β ln(−ln u), u uniform in (0, 1).
  ///
  /// - Parameters:
  ///   - location: µ, the most probable value.
  ///   - scale: β > 0; the standard deviation is β π / √6.
  /// - Returns: a tensor of shape (count).
  public static func gumbel(
    count: Int, location: Double = 0, scale: Double = 1, generator: Generator = .default
  ) -> Tensor {
    check(count >= 0, "gumbel", "cannot draw \(count) numbers")
    check(scale > 0, "gumbel", "the scale must be positive, found \(scale)")
    return Tensor(
      (0..<count).map { _ in
        // ln 0 is infinite, so 0 itself must not occur.
        let u = generator.nextUniform(in: .leastNormalMagnitude..<1)
        return location - scale * log(-log(u))
      })
  }

  /// A function of one variable, measured with errors: y = f(x) + noise · ε at evenly spaced x, the ends of
  /// `range` included.
  ///
  ///     let (x, y) = GeneratedData.curve(count: 50, in: -3...3, noise: 0.1) { sin($0) }
  ///
  /// - Returns: x (count, 1) and y (count, 1).
  public static func curve(
    count: Int, in range: ClosedRange<Double>, noise: Double = 0, generator: Generator = .default,
    _ function: (Double) -> Double
  ) -> (x: Tensor, y: Tensor) {
    check(count >= 0, "curve", "cannot make \(count) points")
    let step = (range.upperBound - range.lowerBound) / Double(max(count - 1, 1))
    let x = (0..<count).map { range.lowerBound + Double($0) * step }
    let y = x.map { generator.nextNormal(mean: function($0), std: noise) }
    return (Tensor(x, shape: [count, 1], dtype: .float32), Tensor(y, shape: [count, 1], dtype: .float32))
  }

  /// `count` rows made by `point`, whose labels take turns.
  private static func labeledPoints(
    _ count: Int, classes: Int, dimensions: Int, _ operation: String, point: (_ label: Int) -> [Double]
  ) -> (points: Tensor, labels: Tensor) {
    check(count >= 0, operation, "cannot make \(count) points")
    check(classes > 0, operation, "at least one class is needed")
    let labels = (0..<count).map { $0 % classes }
    let coordinates = labels.flatMap(point)
    return (Tensor(coordinates, shape: [count, dimensions], dtype: .float32), Tensor(labels))
  }
}
