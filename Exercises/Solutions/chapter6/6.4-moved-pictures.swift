/*:
 # 6.4 Moving a picture by part of a pixel

 Section 6.5 alters pictures at random. Here you write one of the alterations. `moved` shifts what is seen by `dx` pixels to
 the right and `dy` pixels down, which need not be whole numbers. So the pixel in row $i$ and column $j$ of the result
 comes from the place $(i - dy, j - dx)$ of the original, which lies between four pixels. Let $r$ and $c$ be that place's
 row and column rounded down, b and a what remains:

 $$v = (1-b)\,[(1-a)\,v_{r,c} + a\,v_{r,c+1}] + b\,[(1-a)\,v_{r+1,c} + a\,v_{r+1,c+1}]$$

 Whatever lies beyond the border is 0. The row (0, 4, 8) moved by ½ to the right is (0, 2, 6).

 A picture is given as rows of numbers, all of one length. Then write `mirrored`, which shows it in a mirror, left for
 right.
 */
import DeepLearning
import Exercises

/// The picture, moved to the right by `dx` and down by `dy`.
func moved(_ picture: [[Double]], dx: Double, dy: Double) throws -> [[Double]] {
  // solution
  let (height, width) = (picture.count, picture[0].count)
  func pixel(_ row: Int, _ column: Int) -> Double {
    (0..<height).contains(row) && (0..<width).contains(column) ? picture[row][column] : 0
  }
  return (0..<height).map { i in
    (0..<width).map { j in
      let (y, x) = (Double(i) - dy, Double(j) - dx)
      let (r, c) = (Int(y.rounded(.down)), Int(x.rounded(.down)))
      let (b, a) = (y - Double(r), x - Double(c))
      let upper = (1 - a) * pixel(r, c) + a * pixel(r, c + 1)
      let lower = (1 - a) * pixel(r + 1, c) + a * pixel(r + 1, c + 1)
      return (1 - b) * upper + b * lower
    }
  }
  // end of solution
}

/// The picture in a mirror.
func mirrored(_ picture: [[Double]]) throws -> [[Double]] {
  // solution
  picture.map { $0.reversed() }
  // end of solution
}
