import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// Threads that wait to help with a piece of work: one for every core but the caller's own.
///
/// The steps of training follow each other within microseconds, and putting a thread to sleep and waking it takes
/// about ten. So a helper that has run out of work looks for more for a moment before it goes to sleep, giving way
/// to any other thread that wants its core.
final class WorkerPool: @unchecked Sendable {
  static let shared = WorkerPool(helpers: coreCount - 1)

  /// How often a helper looks for work, a fraction of a microsecond each time, before it goes to sleep.
  private static let patience = 200

  /// Taken while a job runs. Whoever finds it taken does its work alone: a piece of a job that is itself cut up, or
  /// a second thread of the program's.
  private let isBusy = Atomic(false)
  /// How many pieces of the job nobody has taken yet. Pieces are taken from the last to the first.
  private let untaken = Atomic(0)
  /// How many pieces are not done yet. While one is, the job's closure is alive.
  private let unfinished = Atomic(0)
  private let sleepers = Atomic(0)
  private var job: (Int) -> Void = { _ in }
  private let helpers: Int

  private var mutex = pthread_mutex_t()
  private var condition = pthread_cond_t()

  private init(helpers: Int) {
    self.helpers = helpers
    pthread_mutex_init(&mutex, nil)
    pthread_cond_init(&condition, nil)
    for _ in 0..<helpers {
      var thread = pthread_t()
      // The pool is never freed, so the thread may look at it without holding it.
      let failed = pthread_create(
        &thread, nil,
        { pool in
          Unmanaged<WorkerPool>.fromOpaque(pool!).takeUnretainedValue().help()
          return nil
        }, Unmanaged.passUnretained(self).toOpaque())
      if failed == 0 { pthread_detach(thread) }
    }
  }

  /// Calls `piece` with 0, 1, ..., `count` - 1, on as many threads as are free, and returns when all are done.
  func run(_ count: Int, _ piece: (Int) -> Void) {
    guard helpers > 0, count > 1,
      isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    else {
      for i in 0..<count { piece(i) }
      return
    }
    withoutActuallyEscaping(piece) { piece in
      job = piece
      unfinished.store(count, ordering: .relaxed)
      untaken.store(count, ordering: .sequentiallyConsistent)
      if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
        pthread_mutex_lock(&mutex)
        pthread_cond_broadcast(&condition)
        pthread_mutex_unlock(&mutex)
      }
      while takePiece() {}
      while unfinished.load(ordering: .acquiring) > 0 { sched_yield() }
      job = { _ in }
    }
    isBusy.store(false, ordering: .releasing)
  }

  /// Does one piece of the current job, unless all are taken.
  private func takePiece() -> Bool {
    var left = untaken.load(ordering: .acquiring)
    while left > 0 {
      let (taken, now) = untaken.weakCompareExchange(
        expected: left, desired: left - 1, ordering: .acquiringAndReleasing)
      if taken {
        // Until this piece is reported as done, the job it belongs to cannot end.
        job(left - 1)
        unfinished.subtract(1, ordering: .releasing)
        return true
      }
      left = now
    }
    return false
  }

  private func help() {
    while true {
      var looks = 0
      while looks < Self.patience {
        if takePiece() { looks = 0 } else { looks += 1 }
        sched_yield()
      }
      pthread_mutex_lock(&mutex)
      sleepers.add(1, ordering: .sequentiallyConsistent)
      while untaken.load(ordering: .sequentiallyConsistent) == 0 { pthread_cond_wait(&condition, &mutex) }
      sleepers.subtract(1, ordering: .sequentiallyConsistent)
      pthread_mutex_unlock(&mutex)
    }
  }
}
