import DeepLearning
import Foundation
import Testing

struct GeneratedDataTests {
  private func rows(_ points: Tensor) -> [[Double]] {
    let flat = points.toArray(of: Double.self)
    let width = points.shape[1]
    return (0..<points.shape[0]).map { Array(flat[$0 * width..<($0 + 1) * width]) }
  }

  @Test func ringsLieAtTheirRadii() {
    let (points, labels) = GeneratedData.rings(
      count: 60, radii: [1, 3, 5], noise: 0, generator: Generator(seed: 1))
    #expect(points.shape == [60, 2] && labels.shape == [60])
    #expect(labels.dtype == .int64 && points.dtype == .float32)
    for (row, label) in zip(rows(points), labels.toArray(of: Int.self)) {
      #expect(abs(hypot(row[0], row[1]) - [1, 3, 5][label]) < 1e-6)
    }
  }

  @Test func moonsLieOnTheirHalfCircles() {
    let (points, labels) = GeneratedData.halfMoons(count: 50, noise: 0, generator: Generator(seed: 1))
    for (row, label) in zip(rows(points), labels.toArray(of: Int.self)) {
      let (x, y) = label == 0 ? (row[0], row[1]) : (1 - row[0], 0.5 - row[1])
      #expect(abs(hypot(x, y) - 1) < 1e-6 && y >= -1e-6)
    }
  }

  @Test func blobsHaveTheirMeansAndSpread() {
    let (points, labels) = GeneratedData.blobs(
      count: 30_000, centers: [[0, 5, 1], [-4, 2, 0]], std: 0.5, generator: Generator(seed: 3))
    let first = zip(rows(points), labels.toArray(of: Int.self)).filter { $0.1 == 0 }.map(\.0)
    #expect(first.count == 15_000)
    for (i, center) in [0.0, 5, 1].enumerated() {
      let mean = first.map { $0[i] }.reduce(0, +) / 15_000
      let variance = first.map { ($0[i] - mean) * ($0[i] - mean) }.reduce(0, +) / 15_000
      #expect(abs(mean - center) < 0.02 && abs(variance - 0.25) < 0.02)
    }
  }

  @Test func exclusiveOr() {
    let (points, labels) = GeneratedData.xor()
    #expect(points.toArray() == [0, 0, 0, 1, 1, 0, 1, 1])
    #expect(labels.toArray(of: Int.self) == [0, 1, 1, 0])
    let (_, many) = GeneratedData.xor(count: 10, noise: 0.1, generator: Generator(seed: 1))
    #expect(many.toArray(of: Int.self) == [0, 1, 1, 0, 0, 1, 1, 0, 0, 1])
  }

  /// Mean µ + γβ (Euler's γ = 0.5772) and variance β² π² / 6.
  @Test func gumbelHasItsMoments() {
    let sample = GeneratedData.gumbel(
      count: 100_000, location: 2, scale: 3, generator: Generator(seed: 5)
    ).toArray(of: Double.self)
    let mean = sample.reduce(0, +) / 100_000
    let variance = sample.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 100_000
    #expect(abs(mean - (2 + 0.5772 * 3)) < 0.05)
    #expect(abs(variance - 9 * Double.pi * Double.pi / 6) < 0.3)
    #expect(sample.allSatisfy { $0.isFinite })
  }

  @Test func curveSpansItsRange() {
    let (x, y) = GeneratedData.curve(count: 5, in: -2...2) { $0 * $0 }
    #expect(x.shape == [5, 1] && y.shape == [5, 1])
    #expect(x.toArray() == [-2, -1, 0, 1, 2])
    #expect(y.toArray() == [4, 1, 0, 1, 4])
  }

  @Test func oneSeedGivesOneSet() {
    func draw(_ seed: UInt64) -> [Float] {
      GeneratedData.rings(count: 20, generator: Generator(seed: seed)).points.toArray()
    }
    #expect(draw(1) == draw(1))
    #expect(draw(1) != draw(2))
    manualSeed(1)
    #expect(GeneratedData.rings(count: 20).points.toArray() == draw(1))
  }
}
