// Says: Zero divided by zero is NaN

func numericGradient(_ f: ([Double]) -> Double, at p: [Double], h: Double) throws -> [Double] {
  p.indices.map { i in
    var (above, below) = (p, p)
    above[i] += h
    below[i] -= h
    return (f(above) - f(below)) / (2 * h)
  }
}

func largestRelativeError(_ a: [Double], _ b: [Double]) throws -> Double {
  var largest = 0.0
  for (a, b) in zip(a, b) {
    let error = abs(a - b) / max(abs(a), abs(b))
    largest = error > largest || error.isNaN ? error : largest
  }
  return largest
}
