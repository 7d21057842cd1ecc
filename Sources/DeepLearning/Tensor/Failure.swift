import Runtime

#if canImport(Glibc)
  import Glibc
#endif

/// Stops the program because its author asked a tensor for something impossible.
///
/// One line on standard error names the place in the caller's source, the operation, and what did not
/// fit: `main.swift:42: matmul: (3, 4) times (5, 6): ...`. The exit status is 1. Under `-O` Swift's own
/// `precondition` would lose its message, and `fatalError` would add a page of machine addresses.
///
/// The place is read off the call stack: an operator cannot carry `#line`, and no reader should have to
/// look past two extra parameters on every method.
package func fail(_ operation: String, _ message: String) -> Never {
  let place = callerLocation().map { "\($0): " } ?? ""
  fflush(nil)  // What has been printed so far comes first.
  let line = "\(place)\(operation): \(message)\n"
  _ = line.withCString { write(STDERR_FILENO, $0, strlen($0)) }
  exit(1)
}

/// Fails unless `condition` holds; `message` is only built when it does not.
@inline(__always)
package func check(
  _ condition: Bool, _ operation: @autoclosure () -> String, _ message: @autoclosure () -> String
) {
  if !condition { fail(operation(), message()) }
}

/// How the names of this library's functions begin in compiled code.
private let libraryModules = ["$s7Tensors", "$s12DeepLearning"]

private let fileInPackage = "Sources/DeepLearning/Tensor/Failure.swift"

/// The innermost place on the stack that is not part of this library, as `file:line`.
///
/// To find out what was inlined where takes the longest, and is needed only where the caller's instruction is
/// not its own.
private func callerLocation() -> String? {
  guard let backtrace = try? Backtrace.capture() else { return nil }
  let frames = backtrace.symbolicated(options: [.showSourceLocations, .useSymbolCache])?.frames ?? []
  let caller = frames.first { frame in
    guard let symbol = frame.symbol, !libraryModules.contains(where: symbol.rawName.hasPrefix) else {
      return false
    }
    return true
  }
  return caller.flatMap(place) ?? backtrace.symbolicated()?.frames.lazy.compactMap(place).first
}

/// Where the code of a frame stands, if it is known and not part of this library.
private func place(_ frame: SymbolicatedBacktrace.Frame) -> String? {
  // The debug information names the file of inlined code by its path within the package.
  let packageFolder = #filePath.dropLast(fileInPackage.count)
  let library = fileInPackage.dropLast("Tensor/Failure.swift".count)
  guard let place = frame.symbol?.sourceLocation, place.line > 0, place.path.hasSuffix(".swift"),
    !place.path.hasPrefix(library), !place.path.hasPrefix(packageFolder + library)
  else { return nil }
  return "\(shortened(place.path)):\(place.line)"
}

/// A path as seen from the current folder, where it lies below it.
private func shortened(_ path: String) -> String {
  guard let folder = getcwd(nil, 0) else { return path }
  defer { free(folder) }
  let prefix = String(cString: folder) + "/"
  return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
}
