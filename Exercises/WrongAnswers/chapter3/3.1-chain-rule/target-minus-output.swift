// Says: Your ∂E/∂z is y − z
import Foundation

func chainRule(x: Double, y: Double, w: Double, b: Double, v: Double, c: Double) throws -> [Double] {
  let h = tanh(w * x + b)
  let dz = y - (v * h + c)
  let delta = dz * v * (1 - h * h)
  return [delta * x, delta, dz * h, dz]
}
