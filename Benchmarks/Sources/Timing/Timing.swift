/// The seconds that `body` takes: the median of several batches of runs.
public func medianSeconds(runs: Int, batches: Int = 5, _ body: () -> Void) -> Double {
  let clock = ContinuousClock()
  // A fifth of a second to warm up: caches, memory, and threads that find their cores.
  let start = clock.now
  while clock.now - start < .milliseconds(200) { body() }
  let seconds = (0..<batches).map { _ in
    let duration = clock.measure { for _ in 0..<runs { body() } }
    return (Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18)
      / Double(runs)
  }
  return seconds.sorted()[batches / 2]
}

/// Prints how long `body` takes: `name<TAB>seconds`. The twin in torch/timing.py does the same.
public func time(_ name: String, runs: Int, batches: Int = 5, _ body: () -> Void) {
  print("\(name)\t\(medianSeconds(runs: runs, batches: batches, body))")
}
