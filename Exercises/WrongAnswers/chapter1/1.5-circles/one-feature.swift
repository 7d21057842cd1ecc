// Says: This is the map of section 1.8
import DeepLearning

func features(_ x: Tensor) throws -> Tensor {
  (x ** 2).sum(dim: 1, keepDim: true)
}

func circle(_ w: [Double], _ b: Double) throws -> [Double] {
  let center = [-w[0] / (2 * w[2]), -w[1] / (2 * w[2])]
  let square = center[0] * center[0] + center[1] * center[1] - b / w[2]
  return center + [square.squareRoot()]
}
