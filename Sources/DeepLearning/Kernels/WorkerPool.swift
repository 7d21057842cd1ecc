import CLinux
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// Threads that wait to help with a piece of work: one for every core but the caller's own.
///
/// The steps of training follow each other within microseconds, and putting a thread to sleep and waking it takes
/// about a hundred. So a helper that has run out of work looks for more for a moment before it goes to sleep, giving way
/// to any other thread that wants its core.
final class WorkerPool: @unchecked Sendable {
  static let shared = WorkerPool(helpers: coreCount - 1)

  /// How often a helper looks for work before it goes to sleep: about a millisecond's worth.
  private static let patience = 5000

  /// Taken while a job runs. Whoever finds it taken does its work alone: a piece of a job that is itself cut up, or
  /// a second thread of the program's.
  private let isBusy = Atomic(false)
  /// Which pieces of the job nobody has taken yet, one bit a piece.
  private let untaken = Atomic<UInt64>(0)
  /// How many pieces are not done yet. While one is, the job's closure is alive.
  private let unfinished = Atomic(0)
  private let sleepers = Atomic(0)
  /// The threads of those who sleep; looked at with the mutex held.
  private var asleep: Set<Int32> = []
  private var job: (Int) -> Void = { _ in }
  private let helpers: Int

  private var mutex = pthread_mutex_t()
  private var condition = pthread_cond_t()

  init(helpers: Int) {
    self.helpers = helpers
    pthread_mutex_init(&mutex, nil)
    pthread_cond_init(&condition, nil)
    for i in 0..<helpers {
      var thread = pthread_t()
      // The pool is never freed, so the thread may look at it without holding it.
      let start = Unmanaged.passRetained(Start(pool: self, number: i + 1)).toOpaque()
      let failed = pthread_create(&thread, nil, helperMain, start)
      if failed == 0 { pthread_detach(thread) }
    }
  }

  /// Calls `piece` with 0, 1, ..., `count` - 1, on as many threads as are free, and returns when all are done.
  ///
  /// Each thread begins with the piece of its own number. In the next step of a computation the numbers of that piece
  /// are then still in its core's cache.
  func run(_ count: Int, _ piece: (Int) -> Void) {
    guard helpers > 0, (2...UInt64.bitWidth).contains(count),
      isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    else {
      for i in 0..<count { piece(i) }
      return
    }
    withoutActuallyEscaping(piece) { piece in
      job = piece
      unfinished.store(count, ordering: .relaxed)
      untaken.store(UInt64.max >> (UInt64.bitWidth - count), ordering: .sequentiallyConsistent)
      if sleepers.load(ordering: .sequentiallyConsistent) > 0 { wake() }
      while takePiece(preferably: 0) {}
      while unfinished.load(ordering: .acquiring) > 0 { sched_yield() }
      job = { _ in }
    }
    isBusy.store(false, ordering: .releasing)
  }

  /// Wakes the helpers on other cores than the caller's. Left to itself the kernel often wakes a thread where the one
  /// runs that calls it, and keeps both there for milliseconds, in which the caller does all of the work.
  private func wake() {
    let others = CoreSet.all.without(Int(currentCore()))
    pthread_mutex_lock(&mutex)
    for thread in asleep { others.bind(thread) }
    pthread_cond_broadcast(&condition)
    pthread_mutex_unlock(&mutex)
  }

  /// Does one piece of the current job, unless all are taken.
  private func takePiece(preferably own: Int) -> Bool {
    while true {
      let left = untaken.load(ordering: .acquiring)
      if left == 0 { return false }
      let i = left & (1 << own) != 0 ? own : left.trailingZeroBitCount
      if untaken.bitwiseAnd(~(1 << i), ordering: .acquiringAndReleasing).oldValue & (1 << i) != 0 {
        // Until this piece is reported as done, the job it belongs to cannot end.
        job(i)
        unfinished.subtract(1, ordering: .releasing)
        return true
      }
    }
  }

  fileprivate func help(_ number: Int) {
    let thread = currentThread()
    while true {
      var looks = 0
      while looks < Self.patience {
        if takePiece(preferably: number) { looks = 0 } else { looks += 1 }
        sched_yield()
      }
      pthread_mutex_lock(&mutex)
      asleep.insert(thread)
      sleepers.add(1, ordering: .sequentiallyConsistent)
      while untaken.load(ordering: .sequentiallyConsistent) == 0 { pthread_cond_wait(&condition, &mutex) }
      sleepers.subtract(1, ordering: .sequentiallyConsistent)
      asleep.remove(thread)
      pthread_mutex_unlock(&mutex)
      CoreSet.all.bind(thread)
    }
  }
}

/// Cores of the processor, of the first 1024.
private struct CoreSet {
  private var words = [UInt](repeating: 0, count: 16)

  /// Those on which this program may run.
  static let all: CoreSet = {
    var set = CoreSet()
    if getCores(0, &set.words, 128) < 0 { set.words = [UInt](repeating: .max, count: 16) }
    return set
  }()

  /// All others; the same set where there are none.
  func without(_ core: Int) -> CoreSet {
    var rest = self
    if core / 64 < rest.words.count { rest.words[core / 64] &= ~(1 << UInt(core % 64)) }
    return rest.words.allSatisfy { $0 == 0 } ? self : rest
  }

  /// Lets the thread run on these cores only.
  func bind(_ thread: Int32) { _ = setCores(thread, words, 128) }
}

/// What a helper's thread is told at its start.
private final class Start {
  let pool: WorkerPool
  let number: Int

  init(pool: WorkerPool, number: Int) {
    self.pool = pool
    self.number = number
  }
}

private func helperMain(_ start: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  let start = Unmanaged<Start>.fromOpaque(start!).takeRetainedValue()
  start.pool.help(start.number)
  return nil
}
