#if canImport(Glibc)
  import Glibc
#endif

/// Number of processor cores that the engine uses: all, up to 64, or fewer if the variable `OMP_NUM_THREADS` says so,
/// which PyTorch and OpenBLAS heed, too.
let coreCount = usableCores(
  online: sysconf(Int32(_SC_NPROCESSORS_ONLN)), wished: getenv("OMP_NUM_THREADS").map { String(cString: $0) })

/// - Parameter online: What the system says, which is negative where it does not know.
func usableCores(online: Int, wished: String?) -> Int {
  max(1, min(64, online, wished.flatMap { Int($0) } ?? online))
}

/// Below this many elements an elementwise kernel stays on one core: sharing the work costs a microsecond or two,
/// in which one core gets through thousands of elements.
package let parallelThreshold = 32_768

/// Cuts `0..<count` into one range for each core and runs `body` on them, at the same time where the work
/// is worth it.
///
/// - Parameter grain: Ranges begin at multiples of it. Sixteen elements are a cache line.
@inline(never)
package func inParallel(
  _ count: Int, threshold: Int = parallelThreshold, grain: Int = 16,
  _ body: (_ start: Int, _ count: Int) -> Void
) {
  if count < threshold || coreCount == 1 {
    body(0, count)
    return
  }
  let piece = ((count + coreCount - 1) / coreCount + grain - 1) / grain * grain
  WorkerPool.shared.run((count + piece - 1) / piece) { i in
    let start = i * piece
    body(start, min(piece, count - start))
  }
}
