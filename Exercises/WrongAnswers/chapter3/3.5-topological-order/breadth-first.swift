// Says: not when it is first met

func topologicalOrder(_ inputs: [[Int]], from result: Int) throws -> [Int] {
  var order = [result]
  var next = 0
  while next < order.count {
    for input in inputs[order[next]] where !order.contains(input) { order.append(input) }
    next += 1
  }
  return order.reversed()
}
