#if canImport(Glibc)
  import Glibc
#else
  import Foundation
#endif

/// Why a file cannot be opened.
package struct Unreadable: Error {
  package let reason: String
}

/// Opens a file for reading that is neither a folder nor a device or pipe.
package func openPlainFile(_ path: String) throws(Unreadable) -> (descriptor: Int32, size: Int) {
  // Without O_NONBLOCK, opening a pipe would wait for someone to write to it.
  let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
  guard descriptor >= 0 else { throw Unreadable(reason: String(cString: strerror(errno))) }
  var status = stat()
  guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
    close(descriptor)
    throw Unreadable(reason: status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "a device or pipe")
  }
  return (descriptor, Int(status.st_size))
}
