// Says: A turn is a matrix, not a sum
import DeepLearning
import Foundation

func positions(_ length: Int, _ d: Int) throws -> Tensor {
  Tensor(
    (0..<length).map { p in
      (0..<d).map { j in
        let angle = Double(p) * pow(10_000, -Double(j / 2 * 2) / Double(d))
        return j % 2 == 0 ? sin(angle) : cos(angle)
      }
    })
}

func moved(_ encoding: Tensor, by k: Int) throws -> Tensor {
  encoding + (try positions(abs(k) + 1, encoding.count))[abs(k)]
}
