// Says: stands there more than once

func topologicalOrder(_ inputs: [[Int]], from result: Int) throws -> [Int] {
  inputs[result].flatMap { (try? topologicalOrder(inputs, from: $0)) ?? [] } + [result]
}
