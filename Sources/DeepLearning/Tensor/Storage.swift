import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Foundation
#endif

/// A block of memory that tensors share. A view has its own shape, strides and offset over its parent's
/// storage; the block goes back to the pool when the last tensor over it is gone.
final class Storage: @unchecked Sendable {
  let base: UnsafeMutableRawPointer
  let byteCount: Int
  private let bucket: Int

  /// Counts the in-place changes, so that backward can tell that a value it needs has been overwritten.
  var version = 0

  init(byteCount: Int) {
    self.byteCount = byteCount
    bucket = BufferPool.bucket(forByteCount: byteCount)
    base = BufferPool.take(bucket)
  }

  deinit { BufferPool.give(base, to: bucket) }
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

  static var statistics: MemoryStatistics {
    lock.withLock { _ in
      MemoryStatistics(
        bytesInUse: state.bytesInUse, bytesHeld: state.bytesHeld, systemRequests: state.systemRequests)
    }
  }
}

/// What the engine's memory looks like now.
public struct MemoryStatistics: Sendable {
  /// Bytes under tensors that are alive.
  public let bytesInUse: Int
  /// Bytes kept for reuse.
  public let bytesHeld: Int
  /// How often the engine has asked the system for a block since the start.
  public let systemRequests: Int

  public static var current: MemoryStatistics { BufferPool.statistics }

  /// Gives the memory that is kept for reuse back to the system.
  public static func releaseHeldMemory() { BufferPool.drain() }
}
