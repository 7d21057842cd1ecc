import CSystem
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
  /// The pieces of the job that nobody has taken yet, a share for each worker.
  private let shares: UnsafeMutableBufferPointer<Share>
  /// How many pieces are not done yet. While one is, the job's closure is alive.
  private let unfinished = Atomic(0)
  private let sleepers = Atomic(0)
  /// Where the thread ran that called last. Changed by a caller, who holds the mutex then, and read by callers and, with the
  /// mutex held, by helpers.
  private var callersCore: Int32 = -1
  /// The helpers' threads; looked at with the mutex held.
  private var threads: [Int32] = []
  private var job: (inout Pieces) -> Void = { _ in }

  private var mutex = pthread_mutex_t()
  private var condition = pthread_cond_t()

  init(helpers: Int) {
    shares = .allocate(capacity: helpers + 1)
    for i in shares.indices { shares.initializeElement(at: i, to: Share()) }
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

  /// Runs `work` on as many threads as are free, and returns when the pieces 0, 1, ..., `count` - 1 are done. Each
  /// takes pieces until there are none left.
  ///
  /// Each thread begins in a part of the pieces that is its own. In the next step of a computation their numbers are then
  /// still in its core's cache. Who is done helps another from the end of that one's part, so that a faster core does more.
  func run(_ count: Int, _ work: (inout Pieces) -> Void) {
    guard shares.count > 1, count > 1,
      isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    else {
      var all = Pieces(0..<count)
      work(&all)
      return
    }
    withoutActuallyEscaping(work) { work in
      job = work
      unfinished.store(count, ordering: .sequentiallyConsistent)
      for i in shares.indices {
        shares[i].fill(i * count / shares.count..<(i + 1) * count / shares.count)
      }
      keepHelpersAway(from: sched_getcpu())
      if sleepers.load(ordering: .sequentiallyConsistent) > 0 { wake() }
      _ = help(0)
      while unfinished.load(ordering: .acquiring) > 0 { sched_yield() }
      job = { _ in }
    }
    isBusy.store(false, ordering: .releasing)
  }

  /// Lets the helpers run on other cores than the caller's only. Left to itself the kernel often puts a helper where the
  /// caller runs, and keeps both there while another core is free.
  private func keepHelpersAway(from core: Int32) {
    if core == callersCore { return }
    pthread_mutex_lock(&mutex)
    callersCore = core
    let others = CoreSet.all.without(Int(core))
    for thread in threads { others.bind(thread) }
    pthread_mutex_unlock(&mutex)
  }

  private func wake() {
    pthread_mutex_lock(&mutex)
    pthread_cond_broadcast(&condition)
    pthread_mutex_unlock(&mutex)
  }

  /// Works on the current job, and tells whether there was anything left of it to do.
  private func help(_ worker: Int) -> Bool {
    guard var pieces = Pieces(for: worker, of: shares) else { return false }
    // The job cannot end before these pieces are reported as done, and by then nobody must hold on to it.
    unfinished.subtract(done(&pieces), ordering: .releasing)
    return true
  }

  @inline(never)
  private func done(_ pieces: inout Pieces) -> Int {
    job(&pieces)
    return pieces.taken
  }

  fileprivate func main(_ number: Int) {
    pthread_mutex_lock(&mutex)
    threads.append(currentThread())
    CoreSet.all.without(Int(callersCore)).bind(currentThread())
    pthread_mutex_unlock(&mutex)
    while true {
      var looks = 0
      while looks < Self.patience {
        if help(number) { looks = 0 } else { looks += 1 }
        sched_yield()
      }
      pthread_mutex_lock(&mutex)
      sleepers.add(1, ordering: .sequentiallyConsistent)
      while unfinished.load(ordering: .sequentiallyConsistent) == 0 { pthread_cond_wait(&condition, &mutex) }
      sleepers.subtract(1, ordering: .sequentiallyConsistent)
      pthread_mutex_unlock(&mutex)
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
    if core >= 0 && core / 64 < rest.words.count { rest.words[core / 64] &= ~(1 << UInt(core % 64)) }
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
  start.pool.main(start.number)
  return nil
}
