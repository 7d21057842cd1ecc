// Says: runs backward

func topologicalOrder(_ inputs: [[Int]], from result: Int) throws -> [Int] {
  var order: [Int] = []
  var visited: Set<Int> = []
  func visit(_ value: Int) {
    guard visited.insert(value).inserted else { return }
    order.append(value)
    inputs[value].forEach(visit)
  }
  visit(result)
  return order
}
