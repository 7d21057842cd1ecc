// Says: The slope is that of the sigmoid
import Foundation

func chainRule(x: Double, y: Double, w: Double, b: Double, v: Double, c: Double) throws -> [Double] {
  let h = tanh(w * x + b)
  let dz = v * h + c - y
  let delta = dz * v * h * (1 - h)
  return [delta * x, delta, dz * h, dz]
}
