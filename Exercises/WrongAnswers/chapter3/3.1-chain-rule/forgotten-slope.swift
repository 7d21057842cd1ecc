// Says: The slope of tanh is missing
import Foundation

func chainRule(x: Double, y: Double, w: Double, b: Double, v: Double, c: Double) throws -> [Double] {
  let h = tanh(w * x + b)
  let dz = v * h + c - y
  return [dz * v * x, dz * v, dz * h, dz]
}
