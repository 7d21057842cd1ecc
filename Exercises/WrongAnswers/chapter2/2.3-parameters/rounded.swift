// Says: more than the budget allows

func parameterCount(_ units: [Int]) throws -> Int {
  zip(units, units.dropFirst()).map { before, here in here * (before + 1) }.reduce(0, +)
}

func widest(inputs: Int, outputs: Int, budget: Int) throws -> Int {
  Int((Double(max(0, budget - outputs)) / Double(inputs + 1 + outputs)).rounded())
}
