import DeepLearning
import Exercises
import Foundation

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    try one(trial, Tensor.zeros(3, 4), [0, 3, 1])
    try one(trial, Tensor([[0.0, log(3)], [0, log(3)]]), [0, 1])
    try one(trial, Tensor([[1000.0, 998], [0, 0]]), [1, 0])
    try one(trial, Tensor.randn(5000, 8), (0..<5000).map { $0 % 8 })
    try pieces(trial, [(5, 10), (5, 3)])
    try pieces(trial, [(16, 1), (2, 3)])
    try pieces(trial, [(1.5, 40), (7, 11), (20, 9)])
    for perplexity in [1.0, 2, 8, 3.5] {
      try trial.compare(
        "bits for each character", try bits(perplexity), with: log(perplexity) / log(2),
        given: ["perplexity": perplexity],
        mistakes: [
          Mistake(
            "This is the natural logarithm. Bits are counted with that of base 2.", gives: log(perplexity)),
          Mistake(
            "This is 2 to the power of P. The logarithm goes the other way.", gives: pow(2, perplexity)),
        ])
    }
  }

  private static func one(_ trial: Trial, _ logits: Tensor, _ targets: [Int]) throws {
    let rows = logits.unbind().map { $0.toArray(of: Double.self) }
    // ln p by differences to the logit that was right.
    let logs = zip(rows, targets).map { row, target in -log(row.reduce(0) { $0 + exp($1 - row[target]) }) }
    let sum = logs.reduce(0, +)
    let count = Double(logs.count)
    let answer = try perplexity(logits, targets)
    try trial.compare(
      "P", answer, with: exp(-sum / count),
      given: [
        "logits": targets.count > 10 ? "\(targets.count) rows of 8 random numbers" : logits.shown(digits: 4),
        "targets": targets.count > 10 ? "0, 1, …, 7, and again" : targets.shown(digits: nil),
      ], within: 1e-4,
      mistakes: [
        Mistake("This is the mean cross-entropy. The exponential is missing.", gives: -sum / count),
        Mistake("The sign is the wrong way round: 1 / P.", gives: exp(sum / count)),
        Mistake(
          "The product of many probabilities is 0, and 1 / 0 infinite. Add logarithms, and take the mean before exp.",
          when: !answer.isFinite && count > 100),
        Mistake(
          "A large logit overflows in exp, or a small probability becomes 0: take logSoftmax or crossEntropy.",
          when: !answer.isFinite),
        Mistake("The sum over the places is there, their number is not: take the mean.", gives: exp(-sum)),
        Mistake(
          "This is the mean of 1 / p. The mean is taken of the logarithms.",
          gives: logs.reduce(0) { $0 + exp(-$1) } / count),
        Mistake(
          "This is 1 over the mean probability. The mean is taken of the logarithms.",
          gives: count / logs.reduce(0) { $0 + exp($1) }),
        Mistake("This has base 2 in one place and base e in the other.", gives: pow(2, -sum / count)),
      ])
  }

  private static func pieces(_ trial: Trial, _ pieces: [(perplexity: Double, count: Int)]) throws {
    let total = Double(pieces.reduce(0) { $0 + $1.count })
    let n = Double(pieces.count)
    let product = pieces.reduce(1) { $0 * pow($1.perplexity, Double($1.count) / total) }
    try trial.compare(
      "the perplexity of all", try joined(pieces), with: product,
      given: [
        "perplexities": pieces.map(\.perplexity), "counts": pieces.map(\.count),
      ],
      mistakes: [
        Mistake(
          "This is the mean of the perplexities. What may be averaged is their logarithms.",
          gives: pieces.reduce(0) { $0 + $1.perplexity } / n),
        Mistake(
          "The pieces are weighted, but it is their logarithms that may be averaged.",
          gives: pieces.reduce(0) { $0 + $1.perplexity * Double($1.count) } / total),
        Mistake(
          "All pieces count the same here. One with more characters has more weight.",
          gives: exp(pieces.reduce(0) { $0 + log($1.perplexity) } / n)),
        Mistake(
          "The exponential is missing.", gives: log(product)),
      ])
  }
}
