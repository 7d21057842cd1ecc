import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Foundation
#endif

/// A block of memory that tensors share. A view has its own shape, strides and offset over its parent's
/// storage; the block goes back to the pool when the last tensor over it is gone.
///
/// Its numbers may have been put off (Kernels/Postponed.swift): there is then a recipe in place of the memory, and
/// whoever first asks for the memory has it computed.
final class Storage: @unchecked Sendable {
  let byteCount: Int
  private let bucket: Int
  /// nil while the numbers are put off. It is looked at for every operation, and therefore without a lock: it changes
  /// once, and not before the numbers are there.
  private var block: UnsafeMutableRawPointer?

  /// Two threads may look at the same numbers, also for the first time. Held while recipes are read or carried out.
  private static let lock = Mutex(())
  private var postponement: Postponement?

  /// Counts the in-place changes, so that backward can tell that a value it needs has been overwritten.
  private(set) var version = 0

  /// Memory with arbitrary content.
  init(byteCount: Int) {
    self.byteCount = byteCount
    bucket = BufferPool.bucket(forByteCount: byteCount)
    block = BufferPool.take(bucket)
  }

  /// Numbers that are put off.
  init(_ recipe: Recipe) {
    byteCount = recipe.count * recipe.elementSize
    bucket = BufferPool.bucket(forByteCount: byteCount)
    Self.lock.withLock { _ in
      postponement = Postponement(recipe)
      let source = recipe.source.postponement ?? Postponement(nil)
      source.dependents.removeAll { $0.storage == nil }
      source.dependents.append(Postponement.Dependent(storage: self))
      recipe.source.postponement = source
    }
  }

  deinit {
    if let block { BufferPool.give(block, to: bucket) }
  }

  @inline(__always)
  var base: UnsafeMutableRawPointer { block ?? computed() }

  @inline(__always)
  var isPostponed: Bool { block == nil }

  var recipe: Recipe? { Self.lock.withLock { _ in postponement?.recipe } }

  @inline(never)
  private func computed() -> UnsafeMutableRawPointer {
    Self.lock.withLock { _ in
      // Another thread may have been here first.
      if let block { return block }
      let new = BufferPool.take(bucket)
      postponement!.recipe!.run(into: new)
      postponement!.recipe = nil
      atomicMemoryFence(ordering: .releasing)
      block = new
      return new
    }
  }

  /// To be called before these numbers are changed.
  func willChange() {
    if let postponement {
      let waiting = Self.lock.withLock { _ in
        defer { postponement.dependents = [] }
        return postponement.dependents.compactMap(\.storage)
      }
      for storage in waiting { _ = storage.base }
    }
    version += 1
  }
}

/// What few storages have, beside their numbers.
private final class Postponement {
  /// What has to be done to get the numbers, until it is done.
  var recipe: Recipe?
  /// Those whose recipes begin with these numbers. They have to be computed before the numbers change.
  var dependents: [Dependent] = []
  struct Dependent { weak var storage: Storage? }

  init(_ recipe: Recipe?) { self.recipe = recipe }
}

/// Keeps freed blocks by size and hands them out again, so that a training step in steady state asks the
/// system for nothing. Sizes are rounded up to four steps per power of two, at most 25 % more than asked.
///
/// A freed block stores the address of the next free block of its size in its own first bytes: the free
/// lists cost no memory of their own.
enum BufferPool {
  private static let alignment = 64
  private static let bucketCount = 256

  private struct State {
    var free = [UnsafeMutableRawPointer?](repeating: nil, count: bucketCount)
    var bytesInUse = 0
    var peakBytesInUse = 0
    var bytesHeld = 0
    var systemRequests = 0
  }
  private static let lock = Mutex(())
  /// Touched only while `lock` is held.
  private nonisolated(unsafe) static var state = State()

  /// The size class: 64 · 2^(b/4) · (1, 1.25, 1.5 or 1.75).
  static func bucket(forByteCount count: Int) -> Int {
    let units = max(1, (count + alignment - 1) / alignment)
    let power = Int.bitWidth - 1 - (units - 1).leadingZeroBitCount  // 2^power <= units - 1
    guard units > 4 else { return units - 1 }
    let step = ((units - 1) >> (power - 2)) & 3
    return (power - 1) * 4 + step
  }

  static func byteCount(ofBucket bucket: Int) -> Int {
    guard bucket >= 4 else { return (bucket + 1) * alignment }
    return ((4 + (bucket & 3)) + 1) << (bucket / 4 - 1) * alignment
  }

  static func take(_ bucket: Int) -> UnsafeMutableRawPointer {
    let size = byteCount(ofBucket: bucket)
    let reused = lock.withLock { _ -> UnsafeMutableRawPointer? in
      state.bytesInUse += size
      state.peakBytesInUse = max(state.peakBytesInUse, state.bytesInUse)
      guard let block = state.free[bucket] else {
        state.systemRequests += 1
        return nil
      }
      state.free[bucket] = block.load(as: UnsafeMutableRawPointer?.self)
      state.bytesHeld -= size
      return block
    }
    if let reused { return reused }
    var block: UnsafeMutableRawPointer?
    guard posix_memalign(&block, alignment, size) == 0, let block else {
      fail("Tensor", "the system has no memory for \(size) bytes more")
    }
    preferLargePages(UnsafeMutableRawBufferPointer(start: block, count: size))
    return block
  }

  static func give(_ block: UnsafeMutableRawPointer, to bucket: Int) {
    let size = byteCount(ofBucket: bucket)
    lock.withLock { _ in
      block.storeBytes(of: state.free[bucket], as: UnsafeMutableRawPointer?.self)
      state.free[bucket] = block
      state.bytesInUse -= size
      state.bytesHeld += size
    }
  }

  /// Gives every free block back to the system.
  static func drain() {
    lock.withLock { _ in
      for bucket in 0..<bucketCount {
        while let block = state.free[bucket] {
          state.free[bucket] = block.load(as: UnsafeMutableRawPointer?.self)
          free(block)
        }
      }
      state.bytesHeld = 0
    }
  }

  static func resetPeak() { lock.withLock { _ in state.peakBytesInUse = state.bytesInUse } }

  static var statistics: MemoryStatistics {
    lock.withLock { _ in
      MemoryStatistics(
        bytesInUse: state.bytesInUse, peakBytesInUse: state.peakBytesInUse, bytesHeld: state.bytesHeld,
        systemRequests: state.systemRequests)
    }
  }
}

/// What the engine's memory looks like now.
public struct MemoryStatistics: Sendable {
  /// Bytes under tensors that are alive.
  public let bytesInUse: Int
  /// The most bytes that there have been under tensors since the start, or since ``resetPeak()``.
  public let peakBytesInUse: Int
  /// Bytes kept for reuse.
  public let bytesHeld: Int
  /// How often the engine has asked the system for a block since the start.
  public let systemRequests: Int

  public static var current: MemoryStatistics { BufferPool.statistics }

  /// Lets ``peakBytesInUse`` begin anew with what is in use now.
  public static func resetPeak() { BufferPool.resetPeak() }

  /// Gives the memory that is kept for reuse back to the system.
  public static func releaseHeldMemory() { BufferPool.drain() }
}
