// Says: The biases of the outputs are missing

func parameterCount(_ units: [Int]) throws -> Int {
  zip(units, units.dropFirst()).map { before, here in here * (before + 1) }.reduce(0, +)
}

func widest(inputs: Int, outputs: Int, budget: Int) throws -> Int {
  budget / (inputs + 1 + outputs)
}
