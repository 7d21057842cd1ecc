// Says: by w₃ first
import DeepLearning

func features(_ x: Tensor) throws -> Tensor {
  cat([x, (x ** 2).sum(dim: 1, keepDim: true)], dim: 1)
}

func circle(_ w: [Double], _ b: Double) throws -> [Double] {
  let center = [-w[0] / 2, -w[1] / 2]
  let square = center[0] * center[0] + center[1] * center[1] - b
  return center + [square.squareRoot()]
}
