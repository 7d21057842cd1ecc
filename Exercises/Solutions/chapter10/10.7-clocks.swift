/*:
 # 10.7 The hands of many clocks

 Attention does not see in which order its places stand. Section 10.4 adds a vector to each that tells its place p.
 With d features, an even number, they are pairs of a sine and a cosine,

 $$\mathrm{PE}(p, 2i) = \sin(p\, \omega_i) \qquad \mathrm{PE}(p, 2i + 1) = \cos(p\, \omega_i) \qquad
   \omega_i = 10000^{-2i/d}$$

 1. `positions` makes the vectors of the places 0 to L − 1, (L, d).
 2. `moved` makes from the vector of some place, (d), that of the place k steps further, without being told which
    place it was. For k steps each hand turns by an angle of its own, $k \omega_i$, and

 $$\sin(a + b) = \sin a \cos b + \cos a \sin b \qquad \cos(a + b) = \cos a \cos b - \sin a \sin b$$

 With d = 4 the place 1 is (sin 1, cos 1, sin 0.01, cos 0.01), because $10000^{-2/4} = 0.01$.
 */
import DeepLearning
import Exercises
import Foundation

/// The vectors of the places 0 to length − 1, (length, d).
func positions(_ length: Int, _ d: Int) throws -> Tensor {
  // solution
  Tensor(
    (0..<length).map { p in
      (0..<d).map { j in
        let angle = Double(p) * pow(10_000, -Double(j / 2 * 2) / Double(d))
        return j % 2 == 0 ? sin(angle) : cos(angle)
      }
    })
  // end of solution
}

/// The vector of the place k steps after that of `encoding`, (d).
func moved(_ encoding: Tensor, by k: Int) throws -> Tensor {
  // solution
  let numbers = encoding.toArray(of: Double.self)
  let d = numbers.count
  return Tensor(
    stride(from: 0, to: d, by: 2).flatMap { j -> [Double] in
      let turn = Double(k) * pow(10_000, -Double(j) / Double(d))
      let (s, c) = (numbers[j], numbers[j + 1])
      return [s * cos(turn) + c * sin(turn), c * cos(turn) - s * sin(turn)]
    })
  // end of solution
}
