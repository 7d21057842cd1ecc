import Glibc

/// The seconds that one of `runs` calls of `body` takes.
private func seconds(runs: Int, _ body: () -> Void) -> Double {
  let duration = ContinuousClock().measure { for _ in 0..<runs { body() } }
  let (seconds, attoseconds) = duration.components
  return (Double(seconds) + Double(attoseconds) * 1e-18) / Double(runs)
}

/// For caches, memory, and threads that find their cores.
private func warmUp(_ duration: Duration, _ body: () -> Void) {
  let clock = ContinuousClock()
  let start = clock.now
  while clock.now - start < duration { body() }
}

/// The seconds that `body` takes: the median of several batches of runs.
public func medianSeconds(runs: Int, batches: Int = 5, _ body: () -> Void) -> Double {
  warmUp(.milliseconds(200), body)
  return (0..<batches).map { _ in seconds(runs: runs, body) }.sorted()[batches / 2]
}

/// Prints how long `body` takes: a line `name<TAB>seconds` for each batch of runs. The twin in torch/timing.py does the same.
///
/// Under compare.py the program and its twin take turns: after each line it waits until it is told to go on. A line
/// without seconds says that it is warm.
public func time(_ name: String, runs: Int, batches: Int = 9, _ body: () -> Void) {
  let takesTurns = getenv("TAKE_TURNS") != nil
  func say(_ seconds: String) {
    print("\(name)\t\(seconds)")
    fflush(nil)
    if takesTurns { _ = readLine() }
  }
  warmUp(.milliseconds(200), body)
  say("")
  for _ in 0..<batches {
    // While the other had its turn, the caches have cooled and the threads gone to sleep.
    if runs > 1 { warmUp(.milliseconds(5), body) }
    say("\(seconds(runs: runs, body))")
  }
}
