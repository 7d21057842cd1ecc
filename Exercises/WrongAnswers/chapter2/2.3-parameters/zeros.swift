// Says: nothing has been computed yet

func parameterCount(_ units: [Int]) throws -> Int { 0 }

func widest(inputs: Int, outputs: Int, budget: Int) throws -> Int { 0 }
