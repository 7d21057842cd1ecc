// Says: A bias that holds it back is negative

func atLeast(_ k: Int, of n: Int) throws -> (weights: [Double], bias: Double) {
  (weights: Array(repeating: 1, count: n), bias: Double(k) - 0.5)
}
