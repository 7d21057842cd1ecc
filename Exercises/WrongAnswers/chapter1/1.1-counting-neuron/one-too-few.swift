// Says: content with one input fewer

func atLeast(_ k: Int, of n: Int) throws -> (weights: [Double], bias: Double) {
  (weights: Array(repeating: 1, count: n), bias: 1.5 - Double(k))
}
