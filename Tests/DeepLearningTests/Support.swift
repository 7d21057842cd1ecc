import Foundation
import Testing

@testable import DeepLearning
@testable import Tensors

extension Tensor {
  /// The elements in row-major order, for comparison with a literal.
  var numbers: [Double] { toArray(of: Double.self) }

  var integers: [Int] { toArray(of: Int.self) }

  var truths: [Bool] { toArray(of: Bool.self) }
}

/// Asserts that two lists of numbers are equal but for rounding.
func expectClose(
  _ actual: [Double], _ expected: [Double], within tolerance: Double = 1e-6, _ comment: Comment? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let isClose =
    actual.count == expected.count && zip(actual, expected).allSatisfy { abs($0 - $1) <= tolerance }
  #expect(isClose, comment ?? "\(actual) is not \(expected)", sourceLocation: sourceLocation)
}

/// Runs `body` on a thread with a stack of half a megabyte, a sixteenth of the main thread's.
func onSmallStack(_ body: @escaping @Sendable () -> Void) {
  let isDone = DispatchSemaphore(value: 0)
  let thread = Thread {
    body()
    isDone.signal()
  }
  thread.stackSize = 512 << 10
  thread.start()
  isDone.wait()
}
