#if canImport(Glibc)
  import Glibc
#else
  import Foundation
#endif

/// Reads a whole file, of at most `limit` bytes.
///
/// - Throws: ``DataError`` where it cannot be read, is not a plain file or is too large.
package func readFile(_ path: String, limit: Int = 1 << 30) throws(DataError) -> [UInt8] {
  func unreadable(_ found: String = String(cString: strerror(errno))) -> DataError {
    DataError(.unreadable, file: path, expected: "a readable file", found: found)
  }

  let (file, size): (Int32, Int)
  do throws(Unreadable) { (file, size) = try openPlainFile(path) } catch { throw unreadable(error.reason) }
  defer { close(file) }
  guard size <= limit else {
    throw DataError(.tooLarge, file: path, expected: "at most \(limit) bytes", found: "\(size)")
  }
  var isComplete = true
  let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
    preferLargePages(UnsafeMutableRawBufferPointer(buffer))
    // A file that shrinks meanwhile gives fewer bytes, and its reader will say that it is cut off.
    while count < size {
      let received = read(file, buffer.baseAddress! + count, size - count)
      if received < 0 && errno == EINTR { continue }
      isComplete = received >= 0
      if received <= 0 { break }
      count += received
    }
  }
  guard isComplete else { throw unreadable() }
  return bytes
}
