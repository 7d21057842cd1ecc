import DeepLearning
import Exercises
import Foundation

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    for (lengths, length) in [([2], 3), ([3, 1], 3), ([4, 0, 2], 5)] { try padding(trial, lengths, length) }
    let row = Tensor([[[log(6.0), log(3.0), log(2.0)]]])
    try compare(trial, row, Tensor([[[true, true, false]]]))
    try compare(trial, row, Tensor([[[true, true, true]]]))
    try compare(trial, Tensor([[[1.0, -2, 3], [0, 0, 5]]]), Tensor([[[false, true, true]]]))
    try compare(trial, Tensor([[[1000.0, 998, 2000]]]), Tensor([[[true, true, false]]]))
    try compare(trial, Tensor([[[-98.0, -99, -97]]]), Tensor([[[true, true, false]]]))
    try compare(trial, Tensor([[[1.0, 2, 3]]]), Tensor([[[false, false, false]]]))
    try compare(
      trial, Tensor([[[1.0, 2, Double.infinity], [0, 0, Double.nan]]]), Tensor([[[true, true, false]]]))
    try compare(
      trial, .randn(3, 2, 4),
      Tensor([[[true, true, true, false]], [[false, false, false, false]], [[true, false, true, false]]]))
  }

  private static func padding(_ trial: Trial, _ lengths: [Int], _ length: Int) throws {
    let expected = Tensor(lengths.map { n in [(0..<length).map { $0 < n ? 1 : 0 }] })
    let answer = try paddingMask(lengths, length: length)
    let input: KeyValuePairs<String, any Showable> = ["lengths": lengths, "length": length]
    try trial.require(
      answer.dtype == .bool, "the type of the mask", given: input, expected: "bool", got: "\(answer.dtype)",
      meaning: "A mask says yes or no: its type is bool, as comparisons give it.")
    try trial.compare(
      "the mask, as 1 and 0", answer.to(.int64), with: expected, given: input,
      mistakes: [
        Mistake("The mask is the wrong way round: true where a place takes part.", gives: 1 - expected),
        Mistake(
          "A place too many: counted from 0, the last of ℓ places is ℓ − 1.",
          gives: Tensor(lengths.map { n in [(0..<length).map { $0 <= n ? 1 : 0 }] })),
        Mistake(
          "The dimension for the queries is missing: (N, 1, S), not (N, S).",
          when: answer.shape == [lengths.count, length]),
      ])
  }

  private static func compare(_ trial: Trial, _ scores: Tensor, _ mask: Tensor) throws {
    // Row by row, with the places that take part alone.
    let all = mask.expand(scores.shape).contiguous()
    let (values, takesPart) = (scores.toArray(of: Double.self), all.to(.int64).toArray(of: Int.self))
    let size = scores.size(-1)
    var numbers = [Double](repeating: 0, count: values.count)
    for start in stride(from: 0, to: values.count, by: size) {
      let places = (start..<start + size).filter { takesPart[$0] == 1 }
      for place in places { numbers[place] = 1 / places.reduce(0) { $0 + exp(values[$1] - values[place]) } }
    }
    let expected = Tensor(numbers, shape: scores.shape, dtype: .float32)
    let answer = try weights(scores, seeing: mask)
    let keep = all.to(.float32)
    let late = scores.softmax(dim: -1) * keep
    let isEmptyRow = !keep.sum(dim: -1).min().item().isNormal
    try trial.compare(
      "the weights", answer, with: expected, given: ["scores": scores, "mask": mask],
      mistakes: [
        Mistake(
          "Where no place takes part, 0 / 0 has been computed. Such a row gets zeros.",
          when: isEmptyRow && answer.isNaN().any()),
        Mistake(
          "Where no place takes part, all got the same weight. Such a row gets zeros.",
          when: isEmptyRow && answer.sum(dim: -1).min().item() > 0.5),
        Mistake(
          "A hidden score has come through: 0 times infinity is not 0. Replace it, with maskedFill, before the softmax.",
          when: !scores.isFinite().all() && !answer.isFinite().all()),
        Mistake("A large score overflows in exp: use softmax(dim:).", when: !answer.isFinite().all()),
        Mistake(
          "The mask has come too late: without the hidden places, the others do not sum to 1.", gives: late),
        Mistake("The mask has no effect.", gives: scores.softmax(dim: -1)),
        Mistake(
          "A score of 0 is not no weight: e⁰ = 1. A hidden score is −∞.",
          gives: (scores * keep).softmax(dim: -1)),
        Mistake(
          "The mask is the wrong way round: true says that a place takes part.",
          gives: scores.maskedFill(mask, -.infinity).softmax(dim: -1)),
        Mistake(
          "The hidden scores have been lowered, but not far enough: −∞ is below any number.",
          when: answer.isFinite().all() && !isEmptyRow
            && abs(answer.sum(dim: -1).min().item() - 1) < 1e-3 && (answer * (1 - keep)).max().item() > 0),
      ])
  }
}
