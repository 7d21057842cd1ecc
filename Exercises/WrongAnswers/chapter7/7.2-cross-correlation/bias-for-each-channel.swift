// Says: A filter has one, however many channels
import DeepLearning

func correlated(_ x: [[Double]], _ w: [[Double]]) throws -> [[Double]] {
  (0...x.count - w.count).map { i in
    (0...x[0].count - w[0].count).map { j in
      var sum = 0.0
      for r in w.indices {
        for s in w[r].indices { sum += w[r][s] * x[i + r][j + s] }
      }
      return sum
    }
  }
}

func convolved(_ x: [[Double]], _ w: [[Double]]) throws -> [[Double]] {
  try correlated(x, w.reversed().map { $0.reversed() })
}

func filtered(_ x: [[[Double]]], _ w: [[[Double]]], bias: Double, padding: Int) throws -> [[Double]] {
  var z: [[Double]] = []
  for (channel, kernel) in zip(x, w) {
    let side = [Double](repeating: 0, count: padding)
    let border = [[Double]](
      repeating: [Double](repeating: 0, count: channel[0].count + 2 * padding), count: padding)
    let part = try correlated(border + channel.map { side + $0 + side } + border, kernel)
    if z.isEmpty { z = part.map { $0.map { _ in 0 } } }
    z = zip(z, part).map { zip($0, $1).map { $0 + $1 + bias } }
  }
  return z
}
