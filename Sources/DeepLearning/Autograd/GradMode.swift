#if canImport(Glibc)
  import Glibc
#endif

/// What the engine remembers for each thread: whether operations are being recorded, and the parts of
/// dying graphs that wait to be released.
final class ThreadState {
  var isGradEnabled = true
  var graveyard: [Node.Remains] = []
  var isBurying = false

  @inline(__always)
  static var current: ThreadState {
    if let known = pthread_getspecific(key) {
      return Unmanaged<ThreadState>.fromOpaque(known).takeUnretainedValue()
    }
    return makeCurrent()
  }

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key) { state in
      if let state { Unmanaged<ThreadState>.fromOpaque(state).release() }
    }
    return key
  }()

  private static func makeCurrent() -> ThreadState {
    let state = ThreadState()
    pthread_setspecific(key, Unmanaged.passRetained(state).toOpaque())
    return state
  }
}

/// Whether operations on this thread are recorded for ``Tensor/backward(_:retainGraph:createGraph:)``.
public var isGradEnabled: Bool { ThreadState.current.isGradEnabled }

/// Runs `body` without recording: for evaluation, and for the updates of an optimizer.
@discardableResult
public func noGrad<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
  try withGrad(enabled: false, body)
}

/// Runs `body` with recording switched back on inside a ``noGrad(_:)``.
public func enableGrad<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result
{
  try withGrad(enabled: true, body)
}

func withGrad<Result, Failure: Error>(
  enabled: Bool, _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  let state = ThreadState.current
  let before = state.isGradEnabled
  state.isGradEnabled = enabled
  defer { state.isGradEnabled = before }
  return try body()
}
