#if canImport(Glibc)
  import Glibc
#else
  import Foundation
#endif

/// A plain file of known size, from which pieces are read straight to where they belong.
struct InputFile: ~Copyable {
  let path: String
  /// Its size in bytes.
  let count: Int
  private let descriptor: Int32

  init(_ path: String) throws(CheckpointError) {
    self.path = path
    do throws(Unreadable) {
      (descriptor, count) = try openPlainFile(path)
    } catch {
      throw CheckpointError(.unreadable, file: path, expected: "a readable file", found: error.reason)
    }
  }

  deinit { close(descriptor) }

  /// Fills `buffer` with the bytes from `offset` on.
  ///
  /// - Throws: ``CheckpointError``, also where the file has become shorter than ``count`` meanwhile.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(CheckpointError) {
    var done = 0
    while done < buffer.count {
      let received = pread(descriptor, buffer.baseAddress! + done, buffer.count - done, off_t(offset + done))
      if received < 0 && errno == EINTR { continue }
      guard received >= 0 else {
        throw CheckpointError(
          .unreadable, file: path, expected: "a readable file", found: String(cString: strerror(errno)))
      }
      guard received > 0 else {
        throw CheckpointError(
          .truncated, file: path, expected: "\(count) bytes, its size when it was opened",
          found: "its end after \(offset + done)")
      }
      done += received
    }
  }

  /// The `count` bytes from `offset` on.
  func read(_ count: Int, at offset: Int) throws(CheckpointError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var failure: CheckpointError?
    bytes.withUnsafeMutableBytes { buffer in
      do throws(CheckpointError) { try read(into: buffer, at: offset) } catch { failure = error }
    }
    if let failure { throw failure }
    return bytes
  }
}
