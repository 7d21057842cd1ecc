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

/// Cuts `0..<count` into ranges and runs `body` on them, on all cores at the same time where the work is worth it.
///
/// - Parameters:
///   - grain: Ranges begin at multiples of it. Sixteen elements are a cache line.
///   - rangesPerCore: With more than one the core that is faster does more of them; one, where each range costs something
///     of its own.
@inline(never)
package func inParallel(
  _ count: Int, threshold: Int = parallelThreshold, grain: Int = 16, rangesPerCore: Int = 4,
  _ body: (_ start: Int, _ count: Int) -> Void
) {
  if count < threshold || coreCount == 1 {
    body(0, count)
    return
  }
  // Each range is at least half of what is worth sharing.
  let ranges = max(coreCount, min(rangesPerCore * coreCount, 2 * count / max(1, threshold)))
  let length = ((count + ranges - 1) / ranges + grain - 1) / grain * grain
  WorkerPool.shared.run((count + length - 1) / length) { pieces in
    while let i = pieces.next() { body(i * length, min(length, count - i * length)) }
  }
}

/// Runs `body` on all cores at the same time, or once on the caller's where that is not wanted. Each call takes pieces of
/// the work, 0, 1, ..., `count` - 1, until there are none left, and may keep memory of its own from piece to piece.
@inline(never)
func inParallel(pieces count: Int, onAllCores: Bool = true, _ body: (inout Pieces) -> Void) {
  if onAllCores && coreCount > 1 {
    WorkerPool.shared.run(count, body)
  } else {
    var all = Pieces(0..<count)
    body(&all)
  }
}
