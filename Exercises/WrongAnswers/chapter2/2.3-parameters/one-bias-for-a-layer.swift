// Says: Each unit of a layer has its own

func parameterCount(_ units: [Int]) throws -> Int {
  zip(units, units.dropFirst()).map { before, here in here * before + 1 }.reduce(0, +)
}

func widest(inputs: Int, outputs: Int, budget: Int) throws -> Int {
  max(0, budget - outputs) / (inputs + 1 + outputs)
}
