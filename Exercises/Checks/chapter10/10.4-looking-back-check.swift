import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    let small = Step(
      w: Tensor([[1.0]]), v: Tensor([[1.0]]), output: Tensor([2.0]), c: Tensor([[1.0, 0.1]]), b: Tensor([0.0])
    )
    try one(trial, Tensor([[0.5]]), Tensor([[[1.0], [-1], [3]]]), Tensor([[true, true, true]]), small)
    try one(trial, Tensor([[0.5]]), Tensor([[[1.0], [-1], [3]]]), Tensor([[true, true, false]]), small)
    let large = Step(
      w: .randn(5, 3), v: .randn(5, 2), output: .randn(5), c: .randn(2, 5), b: .randn(2))
    try one(
      trial, .randn(3, 2), .randn(3, 4, 3),
      Tensor([[true, true, true, true], [true, false, false, false], [true, true, false, false]]), large)
    try alignments(trial)
    for places in [[0, 2, 1], [0, 1, 2, 3], [3, 2, 1, 0], [0, 0, 1, 1], [0, 2, 1, 3, 5, 4], [1]] {
      try crossed(trial, places)
    }
  }

  private static func one(_ trial: Trial, _ s: Tensor, _ h: Tensor, _ mask: Tensor, _ step: Step) throws {
    let score = AdditiveScore(queries: s.size(1), keys: h.size(2), hidden: step.output.count)
    noGrad {
      score.keyWeight.copy_(step.w)
      score.queryWeight.copy_(step.v)
      score.weight.copy_(step.output)
    }
    let (context, weights) = noGrad { score(s, h, mask: mask) }
    let answer = try lookBack(s, h, mask: mask, step)
    let input: KeyValuePairs<String, any Showable> = [
      "s": s, "h": h.size(0) == 1 ? h[0] : h, "mask": mask, "W": step.w, "V": step.v, "v": step.output,
      "C": step.c, "b": step.b,
    ]
    let sums = h.matmul(step.w.T) + s.matmul(step.v.T).unsqueeze(1)
    let keep = mask.to(.float32)
    func softmax(_ scores: Tensor) -> Tensor { scores.maskedFill(.!mask, -.infinity).softmax(dim: 1) }
    let scores = sums.tanh().matmul(step.output)
    try trial.compare(
      "the weights", answer.weights, with: weights, given: input,
      mistakes: [
        Mistake(
          "Padding gets weight: hide it with the mask, before the softmax.", gives: scores.softmax(dim: 1)),
        Mistake(
          "The mask has come too late: without the padding, the others do not sum to 1.",
          gives: scores.softmax(dim: 1) * keep),
        Mistake(
          "The tanh is missing. Without it, s has no influence on the weights.",
          gives: softmax(sums.matmul(step.output))),
        Mistake("These are the scores. A softmax over the words makes weights of them.", gives: scores),
        Mistake(
          "The decoder's state has no part in the scores: V s is missing.",
          gives: softmax(h.matmul(step.w.T).tanh().matmul(step.output))),
        Mistake(
          "The mask is the wrong way round: true where there is a word.",
          gives: scores.maskedFill(mask, -.infinity).softmax(dim: 1)),
      ])
    func output(_ s: Tensor, _ context: Tensor) -> Tensor {
      linear(cat([s, context], dim: 1), step.c, step.b).tanh()
    }
    var mistakes = [
      Mistake(
        "The context is the plain mean of the words here. It is their mean with the weights α.",
        gives: output(s, (h * keep.unsqueeze(2)).sum(dim: 1) / keep.sum(dim: 1, keepDim: true))),
      Mistake(
        "The context is the word with the largest weight. It is the average of all.",
        gives: output(s, best(h, weights))),
      Mistake(
        "The tanh around the output is missing.", gives: linear(cat([s, context], dim: 1), step.c, step.b)),
      Mistake("The bias is missing.", gives: linear(cat([s, context], dim: 1), step.c).tanh()),
      Mistake("The context is missing: it stands behind the state.", gives: output(s, 0 * context)),
      Mistake("The state is missing: it stands before the context.", gives: output(0 * s, context)),
      Mistake("This is the context. State and context together make the output.", gives: context),
    ]
    mistakes.append(
      Mistake(
        "State and context have changed places: [s, c].",
        gives: linear(cat([context, s], dim: 1), step.c, step.b).tanh()))
    try trial.compare(
      "the outputs", answer.output, with: output(s, context), given: input, mistakes: mistakes)
  }

  private static func best(_ h: Tensor, _ weights: Tensor) -> Tensor {
    let places = weights.argmax(dim: 1).toArray(of: Int.self)
    return stack(places.enumerated().map { h[$0, $1] })
  }

  private static func alignments(_ trial: Trial) throws {
    for weights in [
      Tensor([[0.8, 0.1, 0.1], [0.1, 0.2, 0.7], [0.2, 0.5, 0.3]]),
      Tensor([[0.4, 0.4, 0.2], [0.1, 0.1, 0.8]]),
      Tensor.randn(5, 7).softmax(dim: 1),
    ] {
      let expected = weights.unbind().map { row -> Int in
        let numbers = row.toArray(of: Double.self)
        return numbers.firstIndex(of: numbers.max()!)!
      }
      let answer = try alignment(weights)
      try trial.compare(
        "the alignment", answer, with: expected, given: ["weights": weights],
        mistakes: [
          Mistake(
            "These are the largest of the columns: for each word of the source, who looked at it most. A row belongs to a "
              + "word that was written.", gives: weights.argmax(dim: 0).toArray(of: Int.self)),
          Mistake(
            "These are the places that were looked at least.",
            gives: weights.argmin(dim: 1).toArray(of: Int.self)),
          Mistake("Places are counted from 0.", gives: expected.map { $0 + 1 }),
        ])
    }
  }

  private static func crossed(_ trial: Trial, _ places: [Int]) throws {
    var (next, all) = (0, 0)
    for t in places.indices {
      for u in places.indices where u > t && places[u] < places[t] {
        all += 1
        next += u == t + 1 ? 1 : 0
      }
    }
    try trial.compare(
      "the crossings", try crossings(places), with: next, given: ["alignment": places],
      mistakes: [
        Mistake("Words that follow one another at once are compared, not all pairs.", gives: all),
        Mistake(
          "Two words that looked at the same place do not cross.",
          gives: zip(places, places.dropFirst()).count { $1 <= $0 }),
        Mistake(
          "These are the steps forward. A crossing goes back.",
          gives: zip(places, places.dropFirst()).count { $1 > $0 }),
        Mistake(
          "Only steps back by one place are counted. Any step back is a crossing.",
          gives: zip(places, places.dropFirst()).count { $1 == $0 - 1 }),
      ])
  }
}
