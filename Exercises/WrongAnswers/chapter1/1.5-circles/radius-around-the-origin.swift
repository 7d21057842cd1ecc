// Says: holds for a circle around the origin
import DeepLearning

func features(_ x: Tensor) throws -> Tensor {
  cat([x, (x ** 2).sum(dim: 1, keepDim: true)], dim: 1)
}

func circle(_ w: [Double], _ b: Double) throws -> [Double] {
  let center = [-w[0] / (2 * w[2]), -w[1] / (2 * w[2])]
  let square = -b / w[2]
  return center + [square.squareRoot()]
}
