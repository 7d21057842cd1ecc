// Says: moved the other way
import DeepLearning

func moved(_ picture: [[Double]], dx: Double, dy: Double) throws -> [[Double]] {
  let (height, width) = (picture.count, picture[0].count)
  func pixel(_ row: Int, _ column: Int) -> Double {
    (0..<height).contains(row) && (0..<width).contains(column) ? picture[row][column] : 0
  }
  return (0..<height).map { i in
    (0..<width).map { j in
      let (y, x) = (Double(i) + dy, Double(j) + dx)
      let (r, c) = (Int(y.rounded(.down)), Int(x.rounded(.down)))
      let (b, a) = (y - Double(r), x - Double(c))
      let upper = (1 - a) * pixel(r, c) + a * pixel(r, c + 1)
      let lower = (1 - a) * pixel(r + 1, c) + a * pixel(r + 1, c + 1)
      return (1 - b) * upper + b * lower
    }
  }
}

func mirrored(_ picture: [[Double]]) throws -> [[Double]] { picture.map { $0.reversed() } }
