// Says: The slopes of the two units are exchanged
import Foundation

func missingEdges(_ p: [Double], _ xs: [[Double]], _ ys: [Double]) throws -> [Double] {
  var sum = [Double](repeating: 0, count: 9)
  for (x, y) in zip(xs, ys) {
    let h1 = tanh(p[0] * x[0] + p[1] * x[1] + p[2])
    let h2 = 1 / (1 + exp(-(p[3] * x[1] + p[4] * x[2] + p[5])))
    let e = p[6] * h1 + p[7] * h2 + p[8] - y
    let (d1, d2) = (e * p[6] * h1 * (1 - h1), e * p[7] * (1 - h2 * h2))
    let slopes = [d1 * x[0], d1 * x[1], d1, d2 * x[1], d2 * x[2], d2, e * h1, e * h2, e]
    for i in sum.indices { sum[i] += slopes[i] }
  }
  return sum
}
