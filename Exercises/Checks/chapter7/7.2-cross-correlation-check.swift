import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    let x = [[1.0, 2, 3], [4, 5, 6], [7, 8, 9]]
    let cases = [
      (x, [[1.0, 2], [0, 0]]), (x, [[1.0, 2, 0]]),
      ([[3.0, 1, 2, 5], [0, 2, 1, 1]], [[1.0, -1], [2, 3]]),
      (numbers(5, 7), numbers(3, 2)),
    ]
    for (x, w) in cases { try one(trial, "correlated", x, w, flipped: false) { try correlated($0, $1) } }
    for (x, w) in cases { try one(trial, "convolved", x, w, flipped: true) { try convolved($0, $1) } }
    try layer(trial, [[[1.0, 2], [3, 4]]], [[[1.0, 0], [0, 1]]], bias: 10, padding: 0)
    try layer(trial, [[[1.0, 2], [3, 4]]], [[[1.0, 0], [0, 2]]], bias: 0, padding: 1)
    try layer(trial, [[[1.0, 2]], [[3.0, 4]]], [[[1.0, 1]], [[10.0, 0]]], bias: 5, padding: 0)
    try layer(
      trial, [numbers(4, 5), numbers(4, 5), numbers(4, 5)], [numbers(3, 2), numbers(3, 2), numbers(3, 2)],
      bias: 0.5, padding: 2)
  }

  private static func numbers(_ rows: Int, _ columns: Int) -> [[Double]] {
    (0..<rows).map { _ in Tensor.randn(columns, dtype: .float64).toArray(of: Double.self) }
  }

  private static func tensor(_ rows: [[Double]]) -> Tensor {
    Tensor(rows.flatMap { $0 }, shape: [rows.count, rows[0].count], dtype: .float64)
  }

  private static func array(_ x: Tensor) -> [[Double]] { x.unbind().map { $0.toArray(of: Double.self) } }

  private static func correlate(_ x: Tensor, _ w: Tensor, padding: Int = 0) -> Tensor {
    conv2d(x.unsqueeze(0), w.unsqueeze(0).unsqueeze(0), padding: padding)[0]
  }

  private static func one(
    _ trial: Trial, _ name: String, _ pixels: [[Double]], _ kernel: [[Double]], flipped: Bool,
    _ answer: ([[Double]], [[Double]]) throws -> [[Double]]
  ) throws {
    let (x, w) = (tensor(pixels), tensor(kernel))
    let turned = w.flip(0, 1)
    let expected = correlate(x, flipped ? turned : w)
    var mistakes = [
      flipped
        ? Mistake(
          "This is the cross-correlation. The convolution runs through the kernel backwards: flip it.",
          gives: array(correlate(x, w)))
        : Mistake(
          "This is the convolution: the kernel has been flipped. The correlation takes it as it is.",
          gives: array(correlate(x, turned)))
    ]
    if expected.size(0) > 1 || expected.size(1) > 1 {
      let rows = max(expected.size(0) - 1, 0)
      let columns = max(expected.size(1) - 1, 0)
      let short = array(expected).prefix(rows).map { Array($0.prefix(columns)) }
      mistakes.append(
        Mistake(
          "The last row and the last column of places are missing: the kernel fits in H − K + 1 rows.",
          gives: Array(short)))
    }
    if flipped {
      mistakes += [
        Mistake("The rows are flipped, the columns are not.", gives: array(correlate(x, w.flip(0)))),
        Mistake("The columns are flipped, the rows are not.", gives: array(correlate(x, w.flip(1)))),
      ]
      if w.size(0) == w.size(1) {
        mistakes.append(
          Mistake(
            "The kernel has been transposed. Flipping turns it upside down and left to right.",
            gives: array(correlate(x, w.T))))
      }
    }
    try trial.compare(
      name == "convolved" ? "w ∗ x" : "w ⋆ x", try answer(pixels, kernel), with: array(expected),
      given: ["x": pixels, "w": kernel], mistakes: mistakes)
  }

  private static func layer(
    _ trial: Trial, _ pixels: [[[Double]]], _ kernels: [[[Double]]], bias: Double, padding: Int
  ) throws {
    let parts = zip(pixels, kernels).map { correlate(tensor($0), tensor($1), padding: padding) }
    let sum = parts.dropFirst().reduce(parts[0], +)
    let turned = zip(pixels, kernels).map {
      correlate(tensor($0), tensor($1).flip(0, 1), padding: padding)
    }
    let shifted = zip(pixels, kernels).map { pixels, kernel -> Tensor in
      correlate(tensor(pixels).pad([2 * padding, 0, 2 * padding, 0]), tensor(kernel))
    }
    let answer = try filtered(pixels, kernels, bias: bias, padding: padding)
    try trial.compare(
      "z", answer, with: array(sum + bias),
      given: [
        "x": pixels.map { $0.shown(digits: nil) }.joined(separator: "\n"),
        "w": kernels.map { $0.shown(digits: nil) }.joined(separator: "\n"), "bias": bias, "padding": padding,
      ],
      mistakes: [
        Mistake("The bias is missing.", gives: array(sum)),
        Mistake(
          "The bias has been added for each channel. A filter has one, however many channels it sees.",
          gives: array(sum + Double(parts.count) * bias)),
        Mistake(
          "This is the first channel alone. The channels are added up.", gives: array(parts[0] + bias)),
        Mistake(
          "This is the last channel alone. The channels are added up.",
          gives: array(parts[parts.count - 1] + bias)),
        Mistake(
          "This is the mean of the channels. They are added up.",
          gives: array(sum / Double(parts.count) + bias)),
        Mistake(
          "The kernels have been flipped. A layer correlates.",
          gives: array(turned.dropFirst().reduce(turned[0], +) + bias)),
        Mistake(
          "All zeros stand above and on the left. P of them belong on each side.",
          gives: array(shifted.dropFirst().reduce(shifted[0], +) + bias)),
        Mistake(
          "The padding is missing: with it there are H + 2 P − K + 1 rows of places.",
          when: padding > 0 && answer.count == pixels[0].count - kernels[0].count + 1),
      ])
  }
}
