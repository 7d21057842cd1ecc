// Says: the change of slope at its knot

struct Pieces {
  var bias: Double
  var knots, weights: [Double]
}

func straightPieces(_ x: [Double], _ y: [Double]) throws -> Pieces {
  let slopes = (1..<x.count).map { i -> Double in (y[i] - y[i - 1]) / (x[i] - x[i - 1]) }
  return Pieces(bias: y[0], knots: x.dropLast(), weights: slopes)
}
