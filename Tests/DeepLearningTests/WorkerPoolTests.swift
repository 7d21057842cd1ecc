import Foundation
import Synchronization
import Testing

@testable import Tensors

@Suite struct WorkerPoolTests {
  @Test func asManyCoresAsThereAreOrAsAreWished() {
    #expect(usableCores(online: 8, wished: nil) == 8)
    #expect(usableCores(online: 8, wished: "3") == 3)
    #expect(usableCores(online: 2, wished: "16") == 2)
    #expect(usableCores(online: 2, wished: "0") == 1)
    #expect(usableCores(online: 2, wished: "many") == 2)
    #expect(usableCores(online: 128, wished: nil) == 64)
    #expect(usableCores(online: -1, wished: nil) == 1)
    #expect(usableCores(online: -1, wished: "4") == 1)
  }

  @Test(arguments: [0, 1, 2, 3, 64, 65, 200])
  func eachPieceIsDoneOnce(_ count: Int) {
    let pool = WorkerPool(helpers: 2)
    for _ in 0..<20 {
      let done = Mutex([Int](repeating: 0, count: count))
      pool.run(count) { pieces in
        while let i = pieces.next() { done.withLock { $0[i] += 1 } }
      }
      #expect(done.withLock { $0 } == [Int](repeating: 1, count: count))
    }
  }

  @Test func aPieceMayBeCutUpItself() {
    let pool = WorkerPool(helpers: 1)
    let sum = Atomic(0)
    pool.run(4) { outer in
      while let i = outer.next() {
        pool.run(3) { inner in
          while let j = inner.next() { sum.add(10 * i + j, ordering: .relaxed) }
        }
      }
    }
    #expect(sum.load(ordering: .relaxed) == 3 * 60 + 4 * 3)
  }

  /// Whoever is done with its own part goes on with what is left of the others'.
  @Test func aWorkerThatIsHeldUpIsHelped() {
    let pool = WorkerPool(helpers: 1)
    let others = Atomic(0)
    let heldUp = Atomic(false)
    let deadline = ContinuousClock().now + .seconds(60)
    pool.run(100) { pieces in
      while pieces.next() != nil {
        if !heldUp.exchange(true, ordering: .acquiringAndReleasing) {
          while others.load(ordering: .acquiring) < 99 && ContinuousClock().now < deadline { sched_yield() }
        } else {
          others.add(1, ordering: .acquiringAndReleasing)
        }
      }
    }
    #expect(others.load(ordering: .acquiring) == 99)
  }

  /// A helper that has gone to sleep is woken and works beside the caller, on another core; the caller may run on all.
  @Test func helpersWakeOnOtherCores() throws {
    func cores() throws -> [Int] {
      let status = try String(contentsOfFile: "/proc/thread-self/status", encoding: .utf8)
      let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") })
      return try line.split(separator: "\t")[1].split(separator: ",").flatMap { part in
        let bounds = try part.split(separator: "-").map { try #require(Int($0)) }
        return Array(bounds[0]...bounds[bounds.count - 1])
      }
    }
    let pool = WorkerPool(helpers: 1)
    let own = try cores()
    for _ in 0..<10 {
      // A helper sleeps after a millisecond without work.
      usleep(20_000)
      let begun = Atomic(0)
      let seen = Mutex<[[Int]]>([])
      pool.run(2) { pieces in
        _ = pieces.next()
        begun.add(1, ordering: .relaxed)
        let deadline = ContinuousClock().now + .seconds(60)
        while begun.load(ordering: .relaxed) < 2 && ContinuousClock().now < deadline { sched_yield() }
        let cores = try? cores()
        seen.withLock { $0.append(cores ?? []) }
      }
      #expect(begun.load(ordering: .relaxed) == 2)
      let counts = seen.withLock { $0.map(\.count).sorted() }
      #expect(counts == (own.count == 1 ? [1, 1] : [own.count - 1, own.count]))
    }
    #expect(try cores() == own)
  }
}
