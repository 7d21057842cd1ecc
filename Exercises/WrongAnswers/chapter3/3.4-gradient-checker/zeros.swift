// Says: nothing has been computed yet

func numericGradient(_ f: ([Double]) -> Double, at p: [Double], h: Double) throws -> [Double] {
  p.map { _ in 0 }
}

func largestRelativeError(_ a: [Double], _ b: [Double]) throws -> Double { 0 }
