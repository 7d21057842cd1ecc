import Synchronization

/// The pieces of a job, as one of the threads that work on it gets them.
struct Pieces {
  /// Which of the threads this is, from 0.
  let worker: Int
  /// What this thread has taken and not begun.
  private var own: Range<Int>
  private let shares: UnsafeMutableBufferPointer<Share>
  /// How many have been taken from the shares.
  private(set) var taken = 0

  /// All of them, for one thread.
  init(_ all: Range<Int>) {
    worker = 0
    own = all
    shares = .init(start: nil, count: 0)
  }

  /// Those of the worker's share, and then those of others. The first is taken at once; nil where there is none.
  init?(for worker: Int, of shares: UnsafeMutableBufferPointer<Share>) {
    (self.worker, self.shares) = (worker, shares)
    own = 0..<0
    guard let first = take() else { return nil }
    own = first..<first + 1
  }

  /// The next piece that is to be done, or nil when all are taken.
  mutating func next() -> Int? { own.popFirst() ?? take() }

  private mutating func take() -> Int? {
    for i in 0..<shares.count {
      let share = (worker + i) % shares.count
      if let piece = i == 0 ? shares[share].takeFirst() : shares[share].takeLast() {
        taken += 1
        return piece
      }
    }
    return nil
  }
}

/// The pieces that belong to one thread, from whose front it takes them, while others take from the back.
struct Share: ~Copyable {
  /// The first in the upper half of the bits, the end in the lower.
  private let bounds = Atomic<UInt64>(0)
  /// Fills two lines of the cache, which the processor fetches together: threads that take from different shares do not
  /// disturb each other.
  private let padding = InlineArray<15, UInt64>(repeating: 0)

  func fill(_ pieces: Range<Int>) {
    bounds.store(UInt64(pieces.lowerBound) << 32 | UInt64(pieces.upperBound), ordering: .releasing)
  }

  func takeFirst() -> Int? { take { first, end in (first, first + 1, end) } }

  func takeLast() -> Int? { take { first, end in (end - 1, first, end - 1) } }

  @inline(__always)
  private func take(_ choose: (UInt64, UInt64) -> (piece: UInt64, first: UInt64, end: UInt64)) -> Int? {
    var seen = bounds.load(ordering: .acquiring)
    while true {
      let (first, end) = (seen >> 32, seen & 0xffff_ffff)
      if first >= end { return nil }
      let (piece, newFirst, newEnd) = choose(first, end)
      let (exchanged, now) = bounds.compareExchange(
        expected: seen, desired: newFirst << 32 | newEnd, ordering: .acquiringAndReleasing)
      if exchanged { return Int(piece) }
      seen = now
    }
  }
}
