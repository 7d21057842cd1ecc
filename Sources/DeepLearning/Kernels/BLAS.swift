import COpenBLAS

#if canImport(Glibc)
  import Glibc
#endif

/// The door to OpenBLAS: matrix products, and the choice of its kernels.
enum BLAS {
  /// Prepares the library once, before its first use.
  static let isReady: Bool = {
    chooseKernels()
    // The engine cuts large products up itself: OpenBLAS's threads would wait beside the engine's own, spinning, and
    // take the cores away from them.
    openblas_set_num_threads(1)
    return true
  }()

  /// The kernels in use, named after the processor they were written for.
  static var kernelName: String {
    _ = isReady
    return String(cString: openblas_get_corename())
  }

  /// OpenBLAS picks its kernels by the processor's model number. A processor newer than the library falls
  /// back to code for a much older one; on those with AVX-512 the `SkylakeX` kernels run two to three
  /// times as fast. The choice is read from the environment when the library is loaded, which is before
  /// our first line, so it is made again here. A reader's own OPENBLAS_CORETYPE is respected.
  private static func chooseKernels() {
    let current = String(cString: openblas_get_corename())
    guard getenv("OPENBLAS_CORETYPE") == nil,
      !["SkylakeX", "Cooperlake", "Sapphirerapids"].contains(current),
      processorHasAVX512,
      let quit = dlsym(nil, "gotoblas_dynamic_quit"), let start = dlsym(nil, "gotoblas_dynamic_init")
    else { return }
    typealias Function = @convention(c) () -> Void
    setenv("OPENBLAS_CORETYPE", "SkylakeX", 1)
    unsafeBitCast(quit, to: Function.self)()
    unsafeBitCast(start, to: Function.self)()
  }

  /// Whether loops of ours are compiled for registers of sixteen single-precision numbers.
  static let hasWideRegisters: Bool = {
    #if DEEPLEARNING_PORTABLE
      false
    #else
      processorHasAVX512
    #endif
  }()

  private static var processorHasAVX512: Bool {
    guard let file = fopen("/proc/cpuinfo", "r") else { return false }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 16_384)
    while fgets(&line, Int32(line.count), file) != nil {
      guard strncmp(line, "flags", 5) == 0 else { continue }
      let needed = ["avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512cd"]
      return needed.allSatisfy { (name: String) in strstr(line, name) != nil }
    }
    return false
  }
}

/// Chooses OpenBLAS's kernels for this processor, and lets it compute on the core that calls it alone. The engine
/// does so by itself; a program that calls OpenBLAS directly does it once before.
public func prepareBLAS() { _ = BLAS.isReady }

/// A matrix in memory as BLAS takes it: adjacent along rows, or along columns ("transposed").
struct MatrixLayout {
  let isTransposed: Bool
  let leadingDimension: Int

  /// nil where neither dimension is adjacent in memory.
  init?(rows: Int, columns: Int, rowStride: Int, columnStride: Int) {
    if columns == 1 && rows == 1 {
      self.init(isTransposed: false, leadingDimension: 1)
    } else if columnStride == 1 && (rowStride >= columns || rows == 1) || (columns == 1 && rowStride >= 1) {
      self.init(isTransposed: false, leadingDimension: rows == 1 ? max(1, columns) : rowStride)
    } else if rowStride == 1 && (columnStride >= rows || columns == 1) || (rows == 1 && columnStride >= 1) {
      self.init(isTransposed: true, leadingDimension: columns == 1 ? max(1, rows) : columnStride)
    } else {
      return nil
    }
  }

  private init(isTransposed: Bool, leadingDimension: Int) {
    self.isTransposed = isTransposed
    self.leadingDimension = leadingDimension
  }

  /// The same memory read as the transpose.
  var transposed: MatrixLayout {
    MatrixLayout(isTransposed: !isTransposed, leadingDimension: leadingDimension)
  }

  fileprivate var steps: Steps {
    isTransposed ? Steps(row: 1, column: leadingDimension) : Steps(row: leadingDimension, column: 1)
  }

  fileprivate var flag: CBLAS_TRANSPOSE { isTransposed ? CblasTrans : CblasNoTrans }

  fileprivate func offset(row: Int, column: Int) -> Int {
    isTransposed ? row + column * leadingDimension : row * leadingDimension + column
  }
}

/// From this many multiplications on, some ten microseconds of work, a product is computed by all cores.
let parallelProduct = 1 << 20

/// c = a b + beta c, all row-major; `a` is m×k, `b` is k×n.
func gemm<T: FloatingElement>(
  m: Int, n: Int, k: Int, a: UnsafePointer<T>, _ layoutA: MatrixLayout, b: UnsafePointer<T>,
  _ layoutB: MatrixLayout, beta: T, c: UnsafeMutablePointer<T>, leadingDimension: Int
) {
  let isParallel = m * n * k >= parallelProduct
  if multiplyByTiles(
    m: m, n: n, k: k, a: a, layoutA, b: b, layoutB, beta: beta, c: c, leadingDimension: leadingDimension,
    onAllCores: isParallel)
  {
    return
  }
  if !isParallel {
    multiplyByBLAS(
      m: m, n: n, k: k, a: a, layoutA, b: b, layoutB, beta: beta, c: c, leadingDimension: leadingDimension)
  } else if n >= max(m, 192) || m < 2 * coreCount {
    // Each core reads all of one operand and a part of the other: let it be the larger that is divided, and not into
    // strips too narrow for BLAS.
    inParallel(n, threshold: 32, rangesPerCore: 1) { start, count in
      multiplyByBLAS(
        m: m, n: count, k: k, a: a, layoutA, b: b + layoutB.offset(row: 0, column: start), layoutB,
        beta: beta, c: c + start, leadingDimension: leadingDimension)
    }
  } else {
    inParallel(m, threshold: 32, rangesPerCore: 1) { start, count in
      multiplyByBLAS(
        m: count, n: n, k: k, a: a + layoutA.offset(row: start, column: 0), layoutA, b: b, layoutB,
        beta: beta, c: c + start * leadingDimension, leadingDimension: leadingDimension)
    }
  }
}

/// The same on the core that calls: for a loop that is itself divided among the cores.
func gemmOnOneCore<T: FloatingElement>(
  m: Int, n: Int, k: Int, a: UnsafePointer<T>, _ layoutA: MatrixLayout, b: UnsafePointer<T>,
  _ layoutB: MatrixLayout, beta: T, c: UnsafeMutablePointer<T>, leadingDimension: Int
) {
  if !multiplyByTiles(
    m: m, n: n, k: k, a: a, layoutA, b: b, layoutB, beta: beta, c: c, leadingDimension: leadingDimension,
    onAllCores: false)
  {
    multiplyByBLAS(
      m: m, n: n, k: k, a: a, layoutA, b: b, layoutB, beta: beta, c: c, leadingDimension: leadingDimension)
  }
}

/// Computes the product by tiles where that takes less time than BLAS, and tells whether it has done so.
private func multiplyByTiles<T: FloatingElement>(
  m: Int, n: Int, k: Int, a: UnsafePointer<T>, _ layoutA: MatrixLayout, b: UnsafePointer<T>,
  _ layoutB: MatrixLayout, beta: T, c: UnsafeMutablePointer<T>, leadingDimension: Int, onAllCores: Bool
) -> Bool {
  guard T.self == Float.self, beta == 0 || beta == 1 else { return false }
  let tiles = ProductByTiles(
    m: m, n: n, k: k, a: layoutA.steps, b: layoutB.steps, pitch: leadingDimension, isAdding: beta == 1)
  guard tiles.isFaster else { return false }
  tiles.run(
    UnsafeRawPointer(a).assumingMemoryBound(to: Float.self),
    UnsafeRawPointer(b).assumingMemoryBound(to: Float.self),
    into: UnsafeMutableRawPointer(c).assumingMemoryBound(to: Float.self), onAllCores: onAllCores)
  return true
}

private func multiplyByBLAS<T: FloatingElement>(
  m: Int, n: Int, k: Int, a: UnsafePointer<T>, _ layoutA: MatrixLayout, b: UnsafePointer<T>,
  _ layoutB: MatrixLayout, beta: T, c: UnsafeMutablePointer<T>, leadingDimension: Int
) {
  _ = BLAS.isReady
  let (m, n, k) = (Int32(m), Int32(n), Int32(k))
  let (lda, ldb, ldc) = (
    Int32(layoutA.leadingDimension), Int32(layoutB.leadingDimension), Int32(leadingDimension)
  )
  let a = UnsafeRawPointer(a)
  let b = UnsafeRawPointer(b)
  let c = UnsafeMutableRawPointer(c)
  if T.self == Float.self {
    cblas_sgemm(
      CblasRowMajor, layoutA.flag, layoutB.flag, m, n, k, 1, a.assumingMemoryBound(to: Float.self), lda,
      b.assumingMemoryBound(to: Float.self), ldb, Float(beta), c.assumingMemoryBound(to: Float.self), ldc)
  } else {
    cblas_dgemm(
      CblasRowMajor, layoutA.flag, layoutB.flag, m, n, k, 1, a.assumingMemoryBound(to: Double.self), lda,
      b.assumingMemoryBound(to: Double.self), ldb, Double(beta), c.assumingMemoryBound(to: Double.self), ldc)
  }
}

/// c = a b + beta c for a few rows a and a matrix b that is used again and again, all in row-major order and on the core that
/// calls; `a` is m×k, `b` is k×n.
///
/// OpenBLAS multiplies small matrices where they lie, up to a million multiplications. For larger ones it first copies
/// both into an order of its own, which for few rows takes as long as the product. So `b` is cut into strips of columns.
func productOfFewRows<T: FloatingElement>(
  m: Int, n: Int, k: Int, a: UnsafePointer<T>, b: UnsafePointer<T>, beta: T, c: UnsafeMutablePointer<T>
) {
  let strip = max(16, 1_000_000 / max(1, m * k) / 16 * 16)
  let layoutA = MatrixLayout(rows: m, columns: k, rowStride: k, columnStride: 1)!
  let layoutB = MatrixLayout(rows: k, columns: n, rowStride: n, columnStride: 1)!
  for start in stride(from: 0, to: n, by: strip) {
    gemmOnOneCore(
      m: m, n: min(strip, n - start), k: k, a: a, layoutA, b: b + start, layoutB, beta: beta, c: c + start,
      leadingDimension: n)
  }
}

/// The transpose of a matrix of `rows` × `columns` adjacent numbers, written to `y`.
///
/// Squares of sixteen by sixteen are read and written at a time, so that no line of the cache is fetched twice.
func transpose<T: FloatingElement>(
  _ x: UnsafePointer<T>, rows: Int, columns: Int, into y: UnsafeMutablePointer<T>
) {
  for top in stride(from: 0, to: rows, by: 16) {
    for left in stride(from: 0, to: columns, by: 16) {
      for j in left..<min(left + 16, columns) {
        for i in top..<min(top + 16, rows) { y[j &* rows &+ i] = x[i &* columns &+ j] }
      }
    }
  }
}
