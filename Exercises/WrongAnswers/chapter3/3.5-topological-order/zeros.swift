// Says: stands there more than once

func topologicalOrder(_ inputs: [[Int]], from result: Int) throws -> [Int] { inputs.map { _ in 0 } }
