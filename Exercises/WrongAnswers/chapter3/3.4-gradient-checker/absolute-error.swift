// Says: This is the absolute difference

func numericGradient(_ f: ([Double]) -> Double, at p: [Double], h: Double) throws -> [Double] {
  p.indices.map { i in
    var (above, below) = (p, p)
    above[i] += h
    below[i] -= h
    return (f(above) - f(below)) / (2 * h)
  }
}

func largestRelativeError(_ a: [Double], _ b: [Double]) throws -> Double {
  zip(a, b).map { abs($0 - $1) }.max() ?? 0
}
