import Dispatch

#if canImport(Glibc)
  import Glibc
#endif

/// Number of processor cores that the engine uses.
let coreCount = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))

/// Below this many elements an elementwise kernel stays on one core: waking another costs about ten
/// microseconds, in which one core gets through tens of thousands of elements.
package let parallelThreshold = 131_072

/// Cuts `0..<count` into one range for each core and runs `body` on them, at the same time where the work
/// is worth it.
@inline(never)
package func inParallel(
  _ count: Int, threshold: Int = parallelThreshold, _ body: (_ start: Int, _ count: Int) -> Void
) {
  if count < threshold || coreCount == 1 {
    body(0, count)
    return
  }
  // A multiple of 16 elements keeps the pieces on cache-line borders.
  let piece = ((count + coreCount - 1) / coreCount + 15) & ~15
  withoutActuallyEscaping(body) { body in
    let work = UnsafeWork(run: body)
    DispatchQueue.concurrentPerform(iterations: coreCount) { i in
      let start = i * piece
      if start < count { work.run(start, min(piece, count - start)) }
    }
  }
}

/// Carries a kernel's closure to the worker threads; the pieces it is called with do not overlap.
private struct UnsafeWork: @unchecked Sendable {
  let run: (Int, Int) -> Void
}
