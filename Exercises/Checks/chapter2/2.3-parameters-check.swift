import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    try compareCount(trial, [3, 4, 2])
    try compareCount(trial, [784, 10])
    try compareCount(trial, [2, 20, 20, 2])
    for _ in 0..<5 { try compareCount(trial, Tensor.randint(1, 30, [6]).toArray(of: Int.self)) }

    // Each of the first tells one mistake from the others.
    try compareWidth(trial, 3, 2, 46)
    try compareWidth(trial, 3, 2, 29)
    try compareWidth(trial, 3, 10, 30)
    for budget in [26, 31, 32, 12, 8, 7, 2, 1, 0] { try compareWidth(trial, 3, 2, budget) }
    try compareWidth(trial, 784, 10, 50_890)
    try compareWidth(trial, 784, 10, 50_889)
    for _ in 0..<20 {
      let sizes = Tensor.randint(1, 20, [2]).toArray(of: Int.self)
      try compareWidth(trial, sizes[0], sizes[1], Int(Tensor.randint(0, 500, [1]).item()))
    }
  }

  private static func compareCount(_ trial: Trial, _ units: [Int]) throws {
    let layers = units.indices.dropFirst().map { Linear(units[$0 - 1], units[$0]) }
    let weights = layers.map(\.weight.count).reduce(0, +)
    let biases = units.dropFirst().reduce(0, +)
    try trial.compare(
      "the number of parameters", try parameterCount(units), with: Sequential(layers).parameterCount,
      given: ["units": units],
      mistakes: [
        Mistake("The biases are missing: each unit has one besides its weights.", gives: weights),
        Mistake(
          "The inputs have been given biases. Only units that compute something have one.",
          gives: weights + units.reduce(0, +)),
        Mistake(
          "You add one bias for each layer. Each unit of a layer has its own.", gives: weights + layers.count),
        Mistake(
          "A bias is counted for each unit before. It belongs to the unit that it is added in.",
          gives: weights + units.dropLast().reduce(0, +)),
        Mistake(
          "These are the units. Count the weights of the lines between them.", gives: units.reduce(0, +)),
        Mistake("These are the biases alone. Count the weights, too.", gives: biases),
      ])
  }

  private static func compareWidth(_ trial: Trial, _ inputs: Int, _ outputs: Int, _ budget: Int) throws {
    func needed(_ hidden: Int) -> Int { hidden * (inputs + 1) + outputs * (hidden + 1) }
    let unit = inputs + 1 + outputs
    let expected = (0...budget).last { needed($0) <= budget } ?? 0
    let answer = try widest(inputs: inputs, outputs: outputs, budget: budget)
    try trial.compare(
      "the widest hidden layer", answer, with: expected,
      given: ["inputs": inputs, "outputs": outputs, "budget": budget],
      mistakes: [
        Mistake("A layer cannot have fewer than 0 units. Where none fits the answer is 0.", when: answer < 0),
        Mistake(
          "Rounded up, that is more than the budget allows: \(answer) units need \(needed(answer)).",
          when: answer == expected + 1 && needed(answer) > budget && (budget - outputs) % unit * 2 >= unit),
        Mistake(
          "The biases of the outputs are missing: \(answer) units need \(needed(answer)) parameters.",
          gives: budget / unit),
        Mistake(
          "The biases of the hidden units are missing: each costs one parameter more.",
          gives: max(0, budget - outputs) / (inputs + outputs)),
        Mistake(
          "The weights of the outputs are missing: each hidden unit has one in every output.",
          gives: max(0, budget - outputs) / (inputs + 1)),
        Mistake(
          "That is too many: \(answer) units need \(needed(answer)) parameters.",
          when: needed(answer) > budget),
        Mistake(
          "That is not the widest: one unit more needs \(needed(answer + 1)) parameters.",
          when: needed(answer + 1) <= budget),
      ])
  }
}
