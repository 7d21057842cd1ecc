// Says: z is exactly 0 here, and H(0) is 0

func atLeast(_ k: Int, of n: Int) throws -> (weights: [Double], bias: Double) {
  (weights: Array(repeating: 1, count: n), bias: -Double(k))
}
