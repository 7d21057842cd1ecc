import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    for (k, n) in [(2, 2), (1, 2), (2, 3)] { try judge(trial, k, n) }
    for n in 1...7 {
      for k in 0...n { try judge(trial, k, n) }
    }
  }

  private static func judge(_ trial: Trial, _ k: Int, _ n: Int) throws {
    let (weights, bias) = try atLeast(k, of: n)
    try trial.require(
      weights.count == n, "The neuron for \(k) of \(n)", expected: "\(n) weights", got: "\(weights.count)",
      meaning: "A neuron has one weight for each input.")

    // All inputs: the digits of the numbers below 2ⁿ.
    let inputs = (0..<1 << n).map { number in (0..<n).map { number >> $0 & 1 } }
    let counts = inputs.map { $0.reduce(0, +) }
    let sums = inputs.map { zip(weights, $0).reduce(bias) { $0 + $1.0 * Double($1.1) } }
    let answers = sums.map { $0 > 0 }
    guard let i = counts.indices.first(where: { answers[$0] != (counts[$0] >= k) }) else { return }
    try trial.require(
      false, "The neuron for \(k) of \(n)", given: ["x": inputs[i], "weights": weights, "bias": bias],
      expected: "\(answers[i] ? 0 : 1), for the number of active inputs is \(counts[i])",
      got: "\(answers[i] ? 1 : 0), from z = \(sums[i].shown(digits: nil))",
      meaning: meaning(answers, counts, sums[i], weights, k))
  }

  /// What is wrong with a neuron that gives these answers to inputs of which so many are active.
  private static func meaning(
    _ answers: [Bool], _ counts: [Int], _ z: Double, _ weights: [Double], _ k: Int
  ) -> String {
    func isNeuron(for k: Int) -> Bool { answers == counts.map { $0 >= k } }
    if weights.allSatisfy({ $0 == 0 }) { return "All weights are 0: the inputs have no say." }
    if answers == counts.map({ $0 < k }) {
      return "Every answer is reversed: turn the signs of the weights and of the bias."
    }
    if isNeuron(for: k + 1) {
      return z == 0
        ? "z is exactly 0 here, and H(0) is 0. The bias must leave it above 0 when k inputs are active."
        : "Your neuron asks for one input more than k: its bias holds it back too much."
    }
    if isNeuron(for: k - 1) {
      return "Your neuron is content with one input fewer than k: its bias holds it back too little."
    }
    if answers.allSatisfy(\.self) {
      return "Your neuron always answers 1. A bias that holds it back is negative."
    }
    return "Equal counts must get equal answers, so give all inputs the same weight; the bias sets the limit."
  }
}
