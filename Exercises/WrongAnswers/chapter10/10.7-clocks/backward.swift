// Says: The hands have turned backward
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
  let numbers = encoding.toArray(of: Double.self)
  let d = numbers.count
  return Tensor(
    stride(from: 0, to: d, by: 2).flatMap { j -> [Double] in
      let turn = Double(k) * pow(10_000, -Double(j) / Double(d))
      let (s, c) = (numbers[j], numbers[j + 1])
      return [s * cos(turn) - c * sin(turn), c * cos(turn) + s * sin(turn)]
    })
}
