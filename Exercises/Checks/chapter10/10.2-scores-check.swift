import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    let equal = [
      (Tensor([[1.0, 2, 0, 0]]), Tensor([[3.0, 1, 0, 0], [0, 1, 5, 5]])), (.randn(3, 5), .randn(4, 5)),
    ]
    for (s, h) in equal { try products(trial, s, h) }
    try general(trial, Tensor([[1.0, 2]]), Tensor([[3.0, 1], [0, 1]]), Tensor([[1.0, 10], [0, 100]]))
    try general(trial, .randn(3, 4), .randn(5, 6), .randn(4, 6))
    try additive(
      trial, Tensor([[1.0]]), Tensor([[0.5], [-1]]), Tensor([[1.0], [2]]), Tensor([[0.0], [1]]),
      Tensor([1.0, 10]))
    try additive(trial, .randn(3, 4), .randn(5, 6), .randn(2, 6), .randn(2, 4), .randn(2))
    for (q, k, a) in [(2, 3, 5), (128, 256, 64)] { try counts(trial, q, k, a) }
  }

  /// Pair by pair.
  private static func table(_ s: Tensor, _ h: Tensor, _ score: (_ s: Tensor, _ h: Tensor) -> Tensor) -> Tensor
  {
    stack(s.unbind().map { s in stack(h.unbind().map { h in score(s, h) }) })
  }

  private static func products(_ trial: Trial, _ s: Tensor, _ h: Tensor) throws {
    let d = Double(s.size(1))
    let dot = table(s, h) { $0.dot($1) }
    let input: KeyValuePairs<String, any Showable> = ["s": s, "h": h]
    try trial.compare("s · h", try dotScores(s, h), with: dot, given: input)
    try trial.compare(
      "s · h / √d", try scaledScores(s, h), with: dot / d.squareRoot(), given: input,
      mistakes: [
        Mistake("The division by √d is missing.", gives: dot),
        Mistake("The root is missing: it is √d, not d.", gives: dot / d),
        Mistake("The products are divided by √d, not multiplied.", gives: dot * d.squareRoot()),
        Mistake(
          "d is the number of features, not that of the keys.", gives: dot / Double(h.size(0)).squareRoot()),
        Mistake(
          "These are cosines. The divisor is √d, not the lengths.",
          gives: table(s, h) { ($0.dot($1)) / ($0.norm() * $1.norm()) }),
      ])
  }

  private static func general(_ trial: Trial, _ s: Tensor, _ h: Tensor, _ w: Tensor) throws {
    var mistakes = [Mistake("These are W h. The product with s is missing.", gives: h.matmul(w.T))]
    if s.size(1) == h.size(1) {
      mistakes += [
        Mistake(
          "W is transposed: sᵀ W h takes s from the left.", gives: table(s, h) { $0.matmul(w.T).dot($1) }),
        Mistake("W is missing.", gives: table(s, h) { $0.dot($1) }),
      ]
    }
    try trial.compare(
      "sᵀ W h", try generalScores(s, h, w: w), with: table(s, h) { $0.dot(w.matmul($1)) },
      given: ["s": s, "h": h, "W": w], mistakes: mistakes)
  }

  private static func additive(
    _ trial: Trial, _ s: Tensor, _ h: Tensor, _ w: Tensor, _ v: Tensor, _ output: Tensor
  ) throws {
    func scores(_ hidden: (Tensor) -> Tensor) -> Tensor {
      table(s, h) { hidden(w.matmul($1) + v.matmul($0)).dot(output) }
    }
    let answer = try additiveScores(s, h, w: w, v: v, output: output)
    var mistakes = [
      Mistake(
        "The tanh is missing: without it the states could not meet, and s would change nothing.",
        gives: scores { $0 }),
      Mistake("The hidden layer is one of sigmoids. Here it is tanh.", gives: scores { $0.sigmoid() }),
      Mistake(
        "tanh has been taken of each part. It is that of their sum.",
        gives: table(s, h) { (w.matmul($1).tanh() + v.matmul($0).tanh()).dot(output) }),
      Mistake(
        "The hidden units have been added up without their weights v.",
        gives: table(s, h) { (w.matmul($1) + v.matmul($0)).tanh().sum() }),
      Mistake("These are the hidden layers. v makes one number of each.", when: answer.rank == 3),
    ]
    if s.size(1) == h.size(1) {
      mistakes.append(
        Mistake(
          "W and V have changed places: W belongs to h, V to s.",
          gives: table(s, h) { (v.matmul($1) + w.matmul($0)).tanh().dot(output) }))
    }
    try trial.compare(
      "v · tanh(W h + V s)", answer, with: scores { $0.tanh() },
      given: ["s": s, "h": h, "W": w, "V": v, "v": output], mistakes: mistakes)
  }

  private static func counts(_ trial: Trial, _ q: Int, _ k: Int, _ a: Int) throws {
    for score in Score.allCases {
      let model: Module =
        switch score {
        case .dot: DotScore()
        case .scaled: ScaledDotScore()
        case .general: GeneralScore(queries: q, keys: k)
        case .additive: AdditiveScore(queries: q, keys: k, hidden: a)
        }
      try trial.compare(
        "the number of weights", try parameterCount(score, q: q, k: k, a: a), with: model.parameterCount,
        given: ["score": "\(score)", "q": q, "k": k, "a": a],
        mistakes: [
          Mistake("Nothing is learned in a dot product.", when: model.parameterCount == 0),
          Mistake("W has a weight for each pair of a number of s and one of h.", gives: q + k),
          Mistake("v has weights, too: one for each hidden unit.", gives: a * (q + k)),
          Mistake("The hidden layer sees both states: W and V.", gives: a * k + a),
          Mistake("v is a single row of a weights, and there are no biases.", gives: a * (q + k) + 2 * a),
        ])
    }
  }
}
