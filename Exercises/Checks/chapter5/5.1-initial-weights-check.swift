import DeepLearning
import Exercises
import Foundation

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    for (s, units, layers, isReLU) in [
      (0.1, 25, 1, false), (0.1, 25, 10, false), (0.5, 8, 1, true), (0.5, 8, 3, true), (0.2, 50, 4, true),
    ] { try factor(trial, s, units, layers, isReLU) }
    for (inputs, outputs) in [(3, 3), (1, 5), (784, 100)] { try bounds(trial, inputs, outputs) }
    try weights(trial)
  }

  private static func factor(_ trial: Trial, _ s: Double, _ units: Int, _ layers: Int, _ isReLU: Bool) throws
  {
    let n = Double(units)
    // One layer multiplies the mean square by s² N, or by half of it; L layers do so L times.
    let square = (0..<layers).reduce(1.0) { product, _ in product * s * s * n * (isReLU ? 0.5 : 1) }
    let one = s * (isReLU ? n / 2 : n).squareRoot()
    try trial.compare(
      "the factor", try signalFactor(s, units: units, layers: layers, isReLU: isReLU),
      with: square.squareRoot(),
      given: ["s": s, "units": units, "layers": layers, "isReLU": "\(isReLU)"],
      mistakes: [
        Mistake("This is the factor of the mean square. The size is its root.", gives: square),
        Mistake(
          "ReLU halves the mean square, so that the size goes down by √½, not by ½.",
          gives: pow(s * n.squareRoot() * (isReLU ? 0.5 : 1), Double(layers))),
        Mistake(
          "ReLU drops half of the mean square: it is N / 2 under the root.",
          gives: pow(s * n.squareRoot(), Double(layers))),
        Mistake("This is one layer's factor. Each layer multiplies by it: f to the power of L.", gives: one),
        Mistake("The layers multiply the signal. You have added their factors.", gives: one * Double(layers)),
        Mistake(
          "The number of inputs stands under a root: it is the variances that add up, not the sizes.",
          gives: pow(s * (isReLU ? n / 2 : n), Double(layers))),
      ])
  }

  private static func bounds(_ trial: Trial, _ inputs: Int, _ outputs: Int) throws {
    let (n, m) = (Double(inputs), Double(outputs))
    func mistakes(_ variance: Double) -> [Mistake] {
      [
        Mistake(
          "This is the standard deviation. Numbers that are uniform between −b and b have the variance b² / 3.",
          gives: variance.squareRoot()),
        Mistake("This is the variance; b² / 3 is to be equal to it.", gives: variance),
        Mistake("This is b². Take its root.", gives: 3 * variance),
        Mistake(
          "Three times the root is too much: the root is of three times the variance.",
          gives: 3 * variance.squareRoot()),
      ]
    }
    let xavier = 2 / (n + m)
    try trial.compare(
      "Xavier's b", try xavierBound(inputs: inputs, outputs: outputs), with: (3 * xavier).squareRoot(),
      given: ["inputs": inputs, "outputs": outputs], mistakes: mistakes(xavier))
    try trial.compare(
      "He's b", try heBound(inputs: inputs), with: (6 / n).squareRoot(), given: ["inputs": inputs],
      mistakes: mistakes(2 / n) + [
        Mistake(
          "This is the bound of variance 1 / N. He doubles it, because of the ReLU.",
          gives: (3 / n).squareRoot())
      ])
  }

  private static func weights(_ trial: Trial) throws {
    let weights = try heWeights(inputs: 200, outputs: 100)
    let bound = (6 / 200.0).squareRoot()
    let input: KeyValuePairs<String, any Showable> = ["inputs": 200, "outputs": 100]
    try trial.compare(
      "the shape of the weights", weights.shape, equals: [100, 200], given: input,
      mistakes: [
        Mistake(
          "A row for each output and a column for each input: (outputs, inputs).",
          when: weights.shape == [200, 100])
      ])
    // 20,000 numbers: their extremes come within a thousandth of the bounds.
    try trial.compare(
      "the smallest and the largest weight", Tensor([weights.min().item(), weights.max().item()]),
      with: Tensor([-bound, bound]), given: input, within: 0.01,
      mistakes: [
        Mistake(
          "None is negative: stretch the numbers to a width of 2 b, and then move them down by b.",
          when: weights.min().item() >= 0),
        Mistake(
          "The weights fill half of their range: from −b to b is a width of 2 b.",
          when: abs((weights.max() - weights.min()).item() - bound) < 0.02 * bound),
      ])
    try trial.compare(
      "their variance", weights.variance().item(), with: 2 / 200.0, given: input, within: 0.05,
      mistakes: [Mistake("The numbers are not uniform between their bounds.", when: true)])
    let again = try heWeights(inputs: 200, outputs: 100)
    try trial.require(
      (weights .!= again).any(), "a second tensor of weights", given: input, expected: "other numbers",
      got: "the same numbers", meaning: "Weights are to be drawn anew each time.")
  }
}
