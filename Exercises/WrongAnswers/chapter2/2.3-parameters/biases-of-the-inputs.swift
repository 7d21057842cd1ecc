// Says: The inputs have been given biases

func parameterCount(_ units: [Int]) throws -> Int {
  zip(units, units.dropFirst()).map { before, here in here * (before + 1) }.reduce(units[0], +)
}

func widest(inputs: Int, outputs: Int, budget: Int) throws -> Int {
  max(0, budget - outputs) / (inputs + 1 + outputs)
}
