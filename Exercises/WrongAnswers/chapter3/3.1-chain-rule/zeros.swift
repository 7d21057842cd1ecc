// Says: nothing has been computed yet

func chainRule(x: Double, y: Double, w: Double, b: Double, v: Double, c: Double) throws -> [Double] {
  [0, 0, 0, 0]
}
