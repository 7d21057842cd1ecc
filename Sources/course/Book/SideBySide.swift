import Foundation
import Synchronization

/// Does so many pieces of work, in their order and up to `width` at a time.
///
/// After an error no other piece is begun, and the first error is thrown when those that had begun are done.
func sideBySide(
  _ width: Int, pieces: Int, _ work: @Sendable (Int) throws(CourseError) -> Void
) throws(CourseError) {
  let next = Atomic(0)
  let failure = Mutex<CourseError?>(nil)
  DispatchQueue.concurrentPerform(iterations: min(width, pieces)) { _ in
    while failure.withLock({ $0 == nil }) {
      let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard piece < pieces else { return }
      do throws(CourseError) {
        try work(piece)
      } catch {
        failure.withLock { $0 = $0 ?? error }
      }
    }
  }
  if let error = failure.withLock({ $0 }) { throw error }
}
