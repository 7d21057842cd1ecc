// Says: nothing has been computed yet

func missingEdges(_ p: [Double], _ xs: [[Double]], _ ys: [Double]) throws -> [Double] {
  [Double](repeating: 0, count: 9)
}
