#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Thrown where the work of an exercise goes. Replace the line that throws it with your answer.
public struct NotAttempted: Error {
  public init() {}
}

/// Stands where the work of an exercise goes in code that cannot throw. Replace it with your answer.
public func notAttempted() -> Never {
  Verdict.notAttempted.send()
  fflush(nil)
  _exit(0)  // Not exit(): what would run then belongs to an answer that is not there.
}
