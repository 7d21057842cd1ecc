import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    for length in [2, 3, 5] { try mask(trial, length) }
    let cases = [
      (Tensor([[1.0], [1]]), Tensor([[0.0], [1]]), Tensor([[10.0], [20]])),
      (
        Tensor([[1.0, 0, 0, 0], [2, 0, 0, 0], [0, 1, 0, 0]]),
        Tensor([[1.0, 0, 0, 0], [0, 2, 0, 0], [3, 3, 0, 0]]),
        Tensor([[1.0], [10], [100]])
      ),
      (.randn(6, 4), .randn(6, 4), .randn(6, 3)),
    ]
    for (q, k, v) in cases { try together(trial, q, k, v) }
    for (q, k, v) in cases { try oneByOne(trial, q, k, v) }
  }

  private static func mask(_ trial: Trial, _ length: Int) throws {
    func table(_ sees: (Int, Int) -> Bool) -> Tensor {
      Tensor((0..<length).map { t in (0..<length).map { sees(t, $0) ? 1 : 0 } })
    }
    let answer = try causalMask(length)
    let input: KeyValuePairs<String, any Showable> = ["length": length]
    try trial.require(
      answer.dtype == .bool, "the type of the mask", given: input, expected: "bool", got: "\(answer.dtype)",
      meaning: "A mask says yes or no: its type is bool, as comparisons give it.")
    try trial.compare(
      "the mask, as 1 and 0", answer.to(.int64), with: table { $0 >= $1 }, given: input,
      mistakes: [
        Mistake("A place sees itself, too.", gives: table { $0 > $1 }),
        Mistake(
          "The mask is the wrong way round: true where a place may look.", gives: table { $0 < $1 }),
        Mistake("This lets each place see the future, and not the past.", gives: table { $0 <= $1 }),
        Mistake("Each place sees itself alone here. It sees all before it, too.", gives: table { $0 == $1 }),
      ])
  }

  private static func shown(_ q: Tensor, _ k: Tensor, _ v: Tensor) -> KeyValuePairs<String, any Showable> {
    ["Q": q, "K": k, "V": v]
  }

  private static func together(_ trial: Trial, _ q: Tensor, _ k: Tensor, _ v: Tensor) throws {
    let expected = scaledDotProductAttention(q, k, v, isCausal: true)
    let length = q.size(0)
    let scores = q.matmul(k.T)
    let scaled = scores / Double(q.size(1)).squareRoot()
    let isLater = Tensor.arange(length) .> Tensor.arange(length).unsqueeze(1)
    func attend(_ scores: Tensor, hidden: Tensor) -> Tensor {
      scores.maskedFill(hidden, -.infinity).softmax(dim: 1).matmul(v)
    }
    let answer = try causalAttention(q, k, v)
    try trial.compare(
      "the outputs", answer, with: expected, given: shown(q, k, v),
      mistakes: [
        Mistake("The future is seen: the mask has no effect.", gives: scaled.softmax(dim: 1).matmul(v)),
        Mistake("The division by √d is missing.", gives: attend(scores, hidden: isLater)),
        Mistake(
          "The mask has come too late: without the future, the weights of a row do not sum to 1.",
          gives: scaled.softmax(dim: 1).maskedFill(isLater, 0).matmul(v)),
        Mistake(
          "A score of 0 is not no weight: e⁰ = 1. A hidden score is −∞.",
          gives: scaled.maskedFill(isLater, 0).softmax(dim: 1).matmul(v)),
        Mistake("The past is hidden, and the future seen.", gives: attend(scaled, hidden: isLater.T)),
        Mistake("\"Not a number\": a row in which everything is hidden.", when: answer.isNaN().any()),
      ])
  }

  private static func oneByOne(_ trial: Trial, _ q: Tensor, _ k: Tensor, _ v: Tensor) throws {
    let expected = scaledDotProductAttention(q, k, v, isCausal: true)
    var memory = Memory()
    for t in 0..<q.size(0) {
      let answer = try next(q[t], k[t], v[t], &memory)
      let input: KeyValuePairs<String, any Showable> = [
        "place": t, "Q so far": q[...t], "K so far": k[...t], "V so far": v[...t],
      ]
      var mistakes = [
        Mistake("The division by √d is missing.", gives: k[...t].matmul(q[t]).softmax(dim: 0).matmul(v[...t]))
      ]
      if t > 0 {
        let (past, d) = (k[0..<t].matmul(q[t]), Double(q.size(1)).squareRoot())
        mistakes += [
          Mistake(
            "The new place is missing: it sees itself, too. Add it to the memory before you attend.",
            gives: (past / d).softmax(dim: 0).matmul(v[0..<t])),
          Mistake("Nothing is remembered: this is the new place's value alone.", gives: v[t]),
        ]
      }
      try trial.compare(
        "the output of place \(t)", answer, with: expected[t], given: input, mistakes: mistakes)
      let (keys, values) = (
        memory.keys ?? Tensor.zeros(0, q.size(1)), memory.values ?? Tensor.zeros(0, v.size(1))
      )
      let forgotten =
        "The memory has to hold the keys and values of all places, the new one behind the others."
      try trial.compare(
        "the keys in the memory", keys, with: k[...t], given: input,
        mistakes: [Mistake(forgotten, when: true)])
      try trial.compare(
        "the values in the memory", values, with: v[...t], given: input,
        mistakes: [Mistake(forgotten, when: true)])
    }
  }
}
