/// Looks for a step length t that satisfies the strong Wolfe conditions along a direction in which the loss φ falls:
///
/// φ(t) ≤ φ(0) + c₁ t φ′(0), it has fallen enough; |φ′(t)| ≤ c₂ |φ′(0)|, it has become flat enough.
///
/// First steps grow until two of them enclose such a length; then the interval shrinks, each time to the minimum of
/// the cubic through the values and slopes at its ends.
struct WolfeSearch {
  /// φ at one step length.
  struct Point {
    let size: Double
    let loss: Double
    let gradient: Tensor
    /// φ′, the gradient times the direction.
    let slope: Double
  }

  let start: Point
  /// The largest absolute value in the direction: an interval times it is how far any parameter moves.
  let longest: Double
  let toleranceChange: Double
  let maxIterations: Int
  private let c1 = 1e-4
  private let c2 = 0.9

  private func hasFallen(_ point: Point) -> Bool {
    !(point.loss > start.loss + c1 * point.size * start.slope)
  }
  private func isFlat(_ point: Point) -> Bool { abs(point.slope) <= -c2 * start.slope }

  init(start: Point, longest: Double, toleranceChange: Double, maxIterations: Int) {
    self.start = start
    self.longest = longest
    self.toleranceChange = toleranceChange
    self.maxIterations = maxIterations
  }

  func run<Failure: Error>(
    from size: Double, _ evaluate: (Double) throws(Failure) -> Point
  ) throws(Failure) -> Point {
    var iteration = 0
    var previous = start
    var current = try evaluate(size)
    var isEnclosed = false
    while iteration < maxIterations, !isEnclosed {
      if !hasFallen(current) || (iteration > 1 && current.loss >= previous.loss) {
        isEnclosed = true
      } else if isFlat(current) {
        return current
      } else if current.slope >= 0 {
        isEnclosed = true
      } else {
        let farther = minimum(
          previous, current, from: current.size + 0.01 * (current.size - previous.size), to: current.size * 10
        )
        previous = current
        current = try evaluate(farther)
        iteration += 1
      }
    }
    return try shrink([isEnclosed ? previous : start, current], &iteration, evaluate)
  }

  /// Narrows the interval between two points until the better of them will do, and returns it.
  private func shrink<Failure: Error>(
    _ ends: [Point], _ iteration: inout Int, _ evaluate: (Double) throws(Failure) -> Point
  ) throws(Failure) -> Point {
    var ends = ends
    var low = ends[0].loss <= ends[1].loss ? 0 : 1
    var wasNearEnd = false
    while iteration < maxIterations, abs(ends[1].size - ends[0].size) * longest >= toleranceChange {
      let (lower, upper) = (min(ends[0].size, ends[1].size), max(ends[0].size, ends[1].size))
      var size = minimum(ends[0], ends[1], from: lower, to: upper)
      // Trials that stay close to one end gain little: the second one in a row goes further in.
      let margin = 0.1 * (upper - lower)
      let isNearEnd = min(upper - size, size - lower) < margin
      if isNearEnd && (wasNearEnd || size >= upper || size <= lower) {
        size = abs(size - upper) < abs(size - lower) ? upper - margin : lower + margin
        wasNearEnd = false
      } else {
        wasNearEnd = isNearEnd
      }

      let current = try evaluate(size)
      iteration += 1
      if !hasFallen(current) || current.loss >= ends[low].loss {
        ends[1 - low] = current
        low = ends[0].loss <= ends[1].loss ? 0 : 1
      } else {
        if isFlat(current) { return current }
        if current.slope * (ends[1 - low].size - ends[low].size) >= 0 { ends[1 - low] = ends[low] }
        ends[low] = current
      }
    }
    return ends[low]
  }

  /// Where the cubic through the values and slopes at two points has its minimum, between `lower` and `upper`; their
  /// middle where it has none.
  private func minimum(_ a: Point, _ b: Point, from lower: Double, to upper: Double) -> Double {
    let d1 = a.slope + b.slope - 3 * (a.loss - b.loss) / (a.size - b.size)
    let square = d1 * d1 - a.slope * b.slope
    guard square >= 0 else { return (lower + upper) / 2 }
    let d2 = square.squareRoot()
    let (near, far) = a.size <= b.size ? (a, b) : (b, a)
    let size =
      far.size - (far.size - near.size) * ((far.slope + d2 - d1) / (far.slope - near.slope + 2 * d2))
    return min(max(size, lower), upper)
  }
}
