// Says: nothing has been computed yet
import DeepLearning

func correlated(_ x: [[Double]], _ w: [[Double]]) throws -> [[Double]] {
  x.dropFirst(w.count - 1).map { $0.dropFirst(w[0].count - 1).map { _ in 0 } }
}

func convolved(_ x: [[Double]], _ w: [[Double]]) throws -> [[Double]] {
  try correlated(x, w)
}

func filtered(_ x: [[[Double]]], _ w: [[[Double]]], bias: Double, padding: Int) throws -> [[Double]] {
  try correlated(x[0], w[0])
}
