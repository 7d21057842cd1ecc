import COpenBLAS
import DeepLearning
import Dispatch

// What section 3.4 stands on: memory for a matrix, BLAS's product, a handful of loops, and a way to keep
// all cores busy. There is no derivative in this file.

/// A matrix of 32-bit floats, stored row by row.
struct Matrix: @unchecked Sendable {
  let rows: Int
  let columns: Int
  private let memory: Memory
  private let isTransposed: Bool

  /// A matrix of zeros.
  init(_ rows: Int, _ columns: Int) {
    self.init(rows, columns, Memory(count: rows * columns), isTransposed: false)
  }

  private init(_ rows: Int, _ columns: Int, _ memory: Memory, isTransposed: Bool) {
    (self.rows, self.columns, self.memory, self.isTransposed) = (rows, columns, memory, isTransposed)
  }

  /// The transposed matrix: the same memory read the other way, nothing is moved.
  var transposed: Matrix { Matrix(columns, rows, memory, isTransposed: !isTransposed) }

  var count: Int { rows * columns }
  /// The elements where they lie in memory.
  var elements: UnsafeMutablePointer<Float> { memory.start }
  /// A copy of the elements.
  var array: [Float] { Array(UnsafeBufferPointer(start: elements, count: count)) }

  private final class Memory {
    let start: UnsafeMutablePointer<Float>

    init(count: Int) {
      start = .allocate(capacity: count)
      start.initialize(repeating: 0, count: count)
    }

    deinit { start.deallocate() }
  }
}

/// C = A B, or C = C + A B where `adding`: (m, k) times (k, n) gives (m, n). BLAS calls it sgemm.
func multiply(_ a: Matrix, _ b: Matrix, into c: Matrix, adding: Bool = false) {
  a.multiply(b, into: c, adding: adding)
}

extension Matrix {
  fileprivate func multiply(_ b: Matrix, into c: Matrix, adding: Bool) {
    precondition(columns == b.rows && c.rows == rows && c.columns == b.columns && !c.isTransposed)
    cblas_sgemm(
      CblasRowMajor, isTransposed ? CblasTrans : CblasNoTrans, b.isTransposed ? CblasTrans : CblasNoTrans,
      Int32(rows), Int32(b.columns), Int32(columns), 1, elements, Int32(isTransposed ? rows : columns),
      b.elements, Int32(b.isTransposed ? b.rows : b.columns), adding ? 1 : 0, c.elements, Int32(c.columns))
  }

  func fill(_ value: Float) { elements.update(repeating: value, count: count) }

  func fill(with value: () -> Double) {
    for i in 0..<count { elements[i] = Float(value()) }
  }

  /// Adds `factor` times another matrix.
  func add(_ other: Matrix, times factor: Float = 1) {
    let (target, source) = (elements, other.elements)
    for i in 0..<count { target[i] += factor * source[i] }
  }

  func scale(by factor: Float) {
    let target = elements
    for i in 0..<count { target[i] *= factor }
  }

  /// Adds to every column the one column of `bias`.
  func addToColumns(_ bias: Matrix) {
    for r in 0..<rows {
      let row = elements + r * columns
      let value = bias.elements[r]
      for c in 0..<columns { row[c] += value }
    }
  }

  /// Adds the sum of the columns of `other`.
  func addColumnSum(of other: Matrix) {
    for r in 0..<other.rows {
      let row = other.elements + r * other.columns
      var sum: Float = 0
      for c in 0..<other.columns { sum += row[c] }
      elements[r] += sum
    }
  }

  /// Negative elements become 0.
  func relu() {
    let target = elements
    for i in 0..<count { target[i] = target[i] > 0 ? target[i] : 0 }
  }

  /// Elements become 0 where those of `other` are 0.
  func keepWherePositive(_ other: Matrix) {
    let (target, gate) = (elements, other.elements)
    for i in 0..<count { target[i] = gate[i] > 0 ? target[i] : 0 }
  }

  /// The softmax of each column: e^z / Σ e^z, after the column's largest number has been subtracted.
  ///
  /// - Parameter scratch: room for two rows of as many columns.
  func softmaxOfColumns(scratch: Matrix) {
    let (largest, sum) = (scratch.elements, scratch.elements + columns)
    for c in 0..<columns {
      largest[c] = elements[c]
      sum[c] = 0
    }
    for r in 1..<rows {
      let row = elements + r * columns
      for c in 0..<columns { largest[c] = row[c] > largest[c] ? row[c] : largest[c] }
    }
    for r in 0..<rows {
      let row = elements + r * columns
      for c in 0..<columns {
        row[c] = exponential(row[c] - largest[c])
        sum[c] += row[c]
      }
    }
    for c in 0..<columns { sum[c] = 1 / sum[c] }
    for r in 0..<rows {
      let row = elements + r * columns
      for c in 0..<columns { row[c] *= sum[c] }
    }
  }

  /// The row of the largest element in column `c`.
  func largestRow(inColumn c: Int) -> Int {
    var largest = 0
    for r in 1..<rows where elements[r * columns + c] > elements[largest * columns + c] { largest = r }
    return largest
  }
}

/// eˣ for x ≤ 0, written out so that the compiler computes 16 at a time: 2ⁿ · eʳ with n the integer nearest to
/// x / ln 2, and six terms of the series for eʳ. Less than e⁻⁶⁰ is nothing beside the 1 of the largest logit.
@inline(__always)
private func exponential(_ number: Float) -> Float {
  let x = number < -60 ? -60 : number
  // Adding 1.5 · 2²³ leaves no room for a fraction: the sum's last bits are the rounded integer.
  let shifted = x * 1.442_695_04 + 12_582_912
  let n = shifted - 12_582_912
  let r = (x - n * 0.693_359_375) + n * 2.121_944_4e-4
  var series: Float = 1 / 720
  series = series * r + 1 / 120
  series = series * r + 1 / 24
  series = series * r + 1 / 6
  series = series * r + 1 / 2
  series = (series * r + 1) * r + 1
  let exponent = Int32(bitPattern: shifted.bitPattern) &- 0x4b40_0000
  return series * Float(bitPattern: UInt32(bitPattern: (exponent &+ 127) &<< 23))
}

/// Images as their files hold them, one byte a pixel: a quarter of the memory of floats, and so a quarter of
/// the time that memory takes to deliver them.
struct ByteImages: Sendable {
  let count: Int
  let pixels: Int
  private let bytes: [UInt8]

  /// - Parameter images: (N, 1, height, width), in [0, 1].
  init(_ images: Tensor) {
    count = images.shape[0]
    pixels = images.count / max(1, count)
    bytes = images.toArray().map { UInt8(($0 * 255).rounded()) }
  }

  /// Writes images into the rows of `x`, as floats in [0, 1].
  func read(_ range: Range<Int>, into x: Matrix) {
    bytes.withUnsafeBufferPointer { bytes in
      let source = bytes.baseAddress! + range.lowerBound * pixels
      let target = x.elements
      for i in 0..<range.count * pixels { target[i] = Float(source[i]) * (1 / 255) }
    }
  }

  /// One image as floats.
  subscript(index: Int) -> [Float] {
    bytes[index * pixels..<(index + 1) * pixels].map { Float($0) / 255 }
  }
}

/// Runs `work` once for each core, at the same time. Each core multiplies its own small matrices: BLAS, once
/// prepared, computes every product on the core that asks for it.
func onEachCore(_ count: Int, _ work: @Sendable (_ core: Int) -> Void) {
  prepareBLAS()
  DispatchQueue.concurrentPerform(iterations: count, execute: work)
}
