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
      pool.run(count) { i in done.withLock { $0[i] += 1 } }
      #expect(done.withLock { $0 } == [Int](repeating: 1, count: count))
    }
  }

  @Test func aPieceMayBeCutUpItself() {
    let pool = WorkerPool(helpers: 1)
    let sum = Atomic(0)
    pool.run(4) { i in
      pool.run(3) { j in sum.add(10 * i + j, ordering: .relaxed) }
    }
    #expect(sum.load(ordering: .relaxed) == 3 * 60 + 4 * 3)
  }

  /// A helper that has gone to sleep is woken, works beside the caller, and may then run on every core again.
  @Test func helpersWakeAndKeepTheirCores() throws {
    func cores() throws -> Substring {
      let status = try String(contentsOfFile: "/proc/thread-self/status", encoding: .utf8)
      return try #require(status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed:") })
    }
    let pool = WorkerPool(helpers: 1)
    let own = try cores()
    for _ in 0..<10 {
      // A helper sleeps after a millisecond without work.
      usleep(20_000)
      let begun = Atomic(0)
      let seen = Mutex<[Substring?]>([])
      pool.run(2) { _ in
        begun.add(1, ordering: .relaxed)
        let deadline = ContinuousClock().now + .seconds(60)
        while begun.load(ordering: .relaxed) < 2 && ContinuousClock().now < deadline { sched_yield() }
        let cores = try? cores()
        seen.withLock { $0.append(cores) }
      }
      #expect(begun.load(ordering: .relaxed) == 2)
      #expect(seen.withLock { $0 } == [own, own])
    }
  }
}
