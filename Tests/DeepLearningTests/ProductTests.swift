import DeepLearning
import Testing

@testable import Tensors

extension Tensor {
  fileprivate var values: [Double] { toArray(of: Double.self) }
}

/// Products of matrices against sums written out in double precision.
@Suite struct ProductTests {
  private func check(
    _ m: Int, _ n: Int, _ k: Int, transposedA: Bool, transposedB: Bool, isAdding: Bool, pitch: Int
  ) {
    let a = Tensor.randn([m, k], dtype: .float32)
    let b = Tensor.randn([k, n], dtype: .float32)
    let c = Tensor.randn([m, pitch], dtype: .float32)
    let before = c.values
    let laidA = transposedA ? a.T.contiguous() : a
    let laidB = transposedB ? b.T.contiguous() : b
    let tiles = ProductByTiles(
      m: m, n: n, k: k, a: transposedA ? Steps(row: 1, column: m) : Steps(row: k, column: 1),
      b: transposedB ? Steps(row: 1, column: k) : Steps(row: n, column: 1), pitch: pitch, isAdding: isAdding)
    let alone = c.clone()
    for (result, onAllCores) in [(c, true), (alone, false)] {
      tiles.run(
        UnsafePointer(laidA.pointer(Float.self)), UnsafePointer(laidB.pointer(Float.self)),
        into: result.pointer(Float.self), onAllCores: onAllCores)
    }
    let (x, y, z) = (a.values, b.values, c.values)
    #expect(alone.values == z, "\(m) × \(k) times \(k) × \(n): on one core and on all")
    for i in 0..<m {
      for j in 0..<pitch {
        var (sum, size) = (isAdding || j >= n ? before[i * pitch + j] : 0, 1.0)
        if j < n {
          for p in 0..<k {
            sum += x[i * k + p] * y[p * n + j]
            size += abs(x[i * k + p] * y[p * n + j])
          }
        }
        // What lies beside the result stays as it is.
        let allowed = j < n ? Double(k + 8) * 6e-8 * size : 0
        #expect(abs(z[i * pitch + j] - sum) <= allowed, "\(m) × \(k) times \(k) × \(n), element (\(i), \(j))")
      }
    }
  }

  @Test(arguments: [
    (8, 16, 1), (8, 48, 16), (15, 47, 33), (1, 1, 1), (9, 49, 17), (3, 100, 40), (64, 96, 8), (23, 65, 530),
    (16, 31, 1025),
  ])
  func tiles(_ m: Int, _ n: Int, _ k: Int) {
    manualSeed(UInt64(m + n + k))
    for transposedA in [false, true] {
      for transposedB in [false, true] {
        check(m, n, k, transposedA: transposedA, transposedB: transposedB, isAdding: false, pitch: n)
        check(m, n, k, transposedA: transposedA, transposedB: transposedB, isAdding: true, pitch: n + 5)
      }
    }
  }

  /// Sizes on both sides of the choices that ``matmul`` makes, against double precision.
  @Test(arguments: [
    (64, 784, 512), (512, 64, 784), (200, 200, 200), (7, 300, 600), (300, 7, 600), (1100, 60, 300),
    (48, 1000, 90), (600, 600, 250), (301, 1500, 403), (2100, 130, 70),
  ])
  func matmul(_ m: Int, _ k: Int, _ n: Int) {
    manualSeed(UInt64(m))
    let a = Tensor.randn(m, k)
    let b = Tensor.randn(k, n)
    let expected = a.to(.float64).matmul(b.to(.float64))
    let size = a.abs().to(.float64).matmul(b.abs().to(.float64))
    let layouts = [
      (a, b), (a.T.contiguous().T, b), (a, b.T.contiguous().T), (a.T.contiguous().T, b.T.contiguous().T),
    ]
    for (a, b) in layouts {
      let error = ((a.matmul(b).to(.float64) - expected).abs() / size).max().item()
      #expect(error < 6e-8 * Double(k))
    }
  }
}
