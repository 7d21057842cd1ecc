import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  private static let batches = [
    [[5, 3], [4]], [[7]], [[3, 4, 5], [6], [7, 8]], [[4, 0, 5], [0], [9, 9, 9, 9, 0]],
  ]

  static func run(_ trial: Trial) throws {
    for sentences in batches { try batch(trial, sentences) }
    for sentences in batches { try teaching(trial, sentences) }
    for rows in [
      [[5, 3, 2], [4, 2, 0]], [[5, 2, 7, 2], [4, 5, 6, 7]], [[2, 5, 5], [0, 2, 2]],
    ] { try reading(trial, rows) }
  }

  private static func shown(_ rows: [[Int]]) -> String {
    "(" + rows.map { "(\($0.map(String.init).joined(separator: ", ")))" }.joined(separator: ", ") + ")"
  }

  private static func filled(_ rows: [[Int]], _ length: Int) -> Tensor {
    Tensor(rows.map { row in (0..<length).map { $0 < row.count ? row[$0] : 0 } })
  }

  private static func batch(_ trial: Trial, _ sentences: [[Int]]) throws {
    let longest = sentences.map(\.count).max()!
    let answer = try padded(sentences)
    let input: KeyValuePairs<String, any Showable> = ["sentences": shown(sentences)]
    let front = Tensor(sentences.map { Array(repeating: 0, count: longest - $0.count) + $0 })
    try trial.compare(
      "the tokens", answer.tokens, with: filled(sentences, longest), given: input,
      mistakes: [
        Mistake("The zeros stand in front. They belong behind the sentence.", gives: front),
        Mistake(
          "The sentences have been cut to the shortest. They are filled up to the longest.",
          when: answer.tokens.rank == 2 && answer.tokens.size(-1) < longest),
      ])
    let mask = Tensor(sentences.map { row in (0..<longest).map { $0 < row.count ? 1 : 0 } })
    let nonzero = (filled(sentences, longest) .!= 0).to(.int64)
    try trial.require(
      answer.mask.dtype == .bool, "the type of the mask", given: input, expected: "bool",
      got: "\(answer.mask.dtype)", meaning: "A mask says yes or no: its type is bool, as comparisons give it."
    )
    try trial.compare(
      "the mask, as 1 and 0", answer.mask.to(.int64), with: mask, given: input,
      mistakes: [
        Mistake("The mask is the wrong way round: true where a token stands.", gives: 1 - mask),
        Mistake(
          "This asks which tokens are 0. A sentence may contain a 0: only the lengths say what is padding.",
          gives: nonzero),
        Mistake(
          "One step too many: steps are counted from 0, so that the last token of ℓ stands at ℓ − 1.",
          gives: Tensor(sentences.map { row in (0..<longest).map { $0 <= row.count ? 1 : 0 } })),
      ])
  }

  private static func teaching(_ trial: Trial, _ sentences: [[Int]]) throws {
    let longest = sentences.map(\.count).max()! + 1
    let answer = try forcing(sentences)
    let input: KeyValuePairs<String, any Showable> = ["sentences": shown(sentences)]
    let (inputs, targets) = (
      filled(sentences.map { [1] + $0 }, longest), filled(sentences.map { $0 + [2] }, longest)
    )
    let whole = filled(sentences.map { [1] + $0 + [2] }, longest + 1)
    let endAtTheBorder = cat(
      [filled(sentences, longest - 1), Tensor.full([sentences.count, 1], 2, dtype: .int64)], dim: 1)
    try trial.compare(
      "what the decoder reads", answer.inputs, with: inputs, given: input,
      mistakes: [
        Mistake("The decoder reads its own answers here: it begins with the start token, 1.", gives: targets),
        Mistake(
          "The end token is only answered. What is read are the start token and the sentence.", gives: whole),
        Mistake(
          "In the shorter rows the end token is read. Cut it off before the sentences are filled up.",
          gives: whole[.all, 0..<longest]),
        Mistake("The start token is missing.", gives: filled(sentences, longest - 1)),
      ])
    try trial.compare(
      "what it has to answer", answer.targets, with: targets, given: input,
      mistakes: [
        Mistake("The answer is what it reads. It is to be one step ahead.", gives: inputs),
        Mistake(
          "The end token is missing: the decoder would never learn to stop.",
          gives: filled(sentences, longest)),
        Mistake(
          "The end token is missing: the decoder would never learn to stop.",
          gives: filled(sentences, longest - 1)),
        Mistake(
          "The end token stands at the end of the row, behind the padding. It belongs behind the sentence.",
          gives: endAtTheBorder),
        Mistake("The start token is only read, never answered.", gives: whole),
      ])
  }

  private static func reading(_ trial: Trial, _ rows: [[Int]]) throws {
    let answer = try words(Tensor(rows))
    let expected = rows.map { row in Array(row[..<(row.firstIndex(of: 2) ?? row.count)]) }
    try trial.compare(
      "the words", answer, equals: expected, given: ["rows": shown(rows)],
      mistakes: [
        Mistake(
          "What stands behind the first end token counts for nothing, even if it looks like words.",
          when: answer == rows.map { $0.filter { $0 != 2 } }),
        Mistake(
          "The end token is no word.",
          when: answer
            == rows.map { row in Array(row[..<(row.firstIndex(of: 2).map { $0 + 1 } ?? row.count)]) }),
        Mistake(
          "What stands behind the first end token counts for nothing. You have looked for the last one.",
          when: answer == rows.map { row in Array(row[..<(row.lastIndex(of: 2) ?? row.count)]) }),
        Mistake(
          "A row without an end token is kept whole.",
          when: zip(rows, answer).contains { !$0.contains(2) && $1 != $0 }),
        Mistake(
          "Zeros are dropped here. A 0 before the end token is a word like others.",
          when: answer == expected.map { $0.filter { $0 != 0 } }),
        Mistake("Nothing has been read yet.", when: answer.allSatisfy(\.isEmpty)),
      ])
  }
}
