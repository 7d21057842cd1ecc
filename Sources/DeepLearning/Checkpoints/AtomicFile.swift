#if canImport(Glibc)
  import Glibc
#else
  import Foundation
#endif

/// A file that is being written and that nobody sees before it is whole.
///
/// The content goes to `.<name>.tmp` beside the file, to the disk, and only then under the file's own name, which the
/// system changes in one step. A process that is killed meanwhile leaves the temporary file, never a damaged
/// one under the name itself; the next who writes here takes the leftover and starts over in it, so that
/// there is never more than one. A lock on the temporary file lets several who write at once take turns.
struct AtomicFile {
  private let descriptor: Int32
  private let path: String

  /// Makes the file at `path` what `body` appends to an empty one.
  ///
  /// - Throws: ``CheckpointError`` of kind `.unwritable`, or what `body` throws. Nothing temporary is left then, and
  ///   the file is as it was before, or new where only the last step failed: to get its name to the disk.
  static func replace(
    _ path: String, _ body: (AtomicFile) throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    let target = try resolved(path)
    let nameStart = target.lastIndex(of: "/").map(target.index(after:)) ?? target.startIndex
    let folder = nameStart == target.startIndex ? "./" : String(target[..<nameStart])
    let temporary = "\(folder).\(target[nameStart...]).tmp"

    let descriptor = try openLocked(temporary, for: path)
    defer { close(descriptor) }
    do throws(CheckpointError) {
      let file = AtomicFile(descriptor: descriptor, path: path)
      guard ftruncate(descriptor, 0) == 0 else { throw unwritable(path) }
      try body(file)
      guard fsync(descriptor) == 0, rename(temporary, target) == 0 else { throw unwritable(path) }
    } catch {
      unlink(temporary)
      throw error
    }
    try syncFolder(folder, for: path)
  }

  func append(_ bytes: UnsafeRawBufferPointer) throws(CheckpointError) {
    var done = 0
    while done < bytes.count {
      let written = write(descriptor, bytes.baseAddress! + done, bytes.count - done)
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { throw Self.unwritable(path) }
      done += written
    }
  }

  func append(_ bytes: [UInt8]) throws(CheckpointError) {
    var failure: CheckpointError?
    bytes.withUnsafeBytes { buffer in
      do throws(CheckpointError) { try append(buffer) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Appends a number, least significant byte first.
  func append(_ number: UInt64) throws(CheckpointError) {
    try append((0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) })
  }

  private static func unwritable(
    _ path: String, _ found: String = String(cString: strerror(errno))
  ) -> CheckpointError {
    CheckpointError(.unwritable, file: path, expected: "a place where a file can be written", found: found)
  }

  /// The file that is meant: a symbolic link stays, and what it points to is replaced.
  private static func resolved(_ path: String) throws(CheckpointError) -> String {
    guard !path.isEmpty else { throw unwritable(path, "an empty path") }
    guard let real = realpath(path, nil) else {
      guard errno == ENOENT, !path.hasSuffix("/") else { throw unwritable(path) }
      return path
    }
    defer { free(real) }
    var status = stat()
    guard stat(real, &status) == 0 else { throw unwritable(path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw unwritable(path, status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "a device or pipe")
    }
    return String(cString: real)
  }

  /// Opens or makes the temporary file and waits until nobody else writes to it.
  private static func openLocked(_ temporary: String, for path: String) throws(CheckpointError) -> Int32 {
    while true {
      let descriptor = open(temporary, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else { throw unwritable(path) }
      while flock(descriptor, LOCK_EX) != 0 {
        guard errno == EINTR else {
          defer { close(descriptor) }
          throw unwritable(path)
        }
      }
      // While this one waited, the other has given the file its final name or removed it.
      var mine = stat()
      var current = stat()
      if fstat(descriptor, &mine) == 0, lstat(temporary, &current) == 0, mine.st_ino == current.st_ino {
        return descriptor
      }
      close(descriptor)
    }
  }

  /// The new name itself must reach the disk as well.
  private static func syncFolder(_ folder: String, for path: String) throws(CheckpointError) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unwritable(path) }
    defer { close(descriptor) }
    // Some network file systems know no such thing.
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw unwritable(path) }
  }
}
