// Says: stands before one of its inputs

func topologicalOrder(_ inputs: [[Int]], from result: Int) throws -> [Int] {
  var history: Set<Int> = [result]
  var open = [result]
  while let value = open.popLast() {
    for input in inputs[value] where history.insert(input).inserted { open.append(input) }
  }
  return history.sorted()
}
