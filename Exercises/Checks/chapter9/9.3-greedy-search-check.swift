import DeepLearning
import Exercises
import Foundation

enum Check: ExerciseCheck {
  /// What each of the steps says, whatever it reads: the state is the number of the step.
  private typealias Script = [[Double]]

  static func run(_ trial: Trial) throws {
    let (often, rare) = (log(0.7), log(0.1))
    func likely(_ token: Int) -> [Double] { (0..<4).map { $0 == token ? often : rare } }
    try scripted(trial, [likely(2), likely(3), likely(1)], maximumLength: 10)
    try scripted(trial, [likely(2), likely(2), likely(3), likely(2)], maximumLength: 3)
    try scripted(trial, [likely(1), likely(2)], maximumLength: 5)
    try scripted(trial, [[log(0.2), log(0.2), log(0.3), log(0.3)], likely(1)], maximumLength: 4)
    try reading(trial)
    try batch(trial, [[2, 3, 1, 0, 0], [3, 1, 2, 2, 0], [2, 2, 2, 2, 1]], maximumLength: 10)
    try batch(trial, [[2, 3, 2, 2], [1, 3, 3, 3]], maximumLength: 3)
    try batch(trial, [[1, 2], [1, 3]], maximumLength: 6)
  }

  private static func shown(_ script: Script) -> String {
    script.map { row in "(" + row.map { exp($0).shown(digits: 1) }.joined(separator: ", ") + ")" }.joined(
      separator: ", ")
  }

  private static func scripted(_ trial: Trial, _ script: Script, maximumLength: Int) throws {
    var asked = 0
    let answer = try greedy(from: 0, start: 0, end: 1, maximumLength: maximumLength) { _, t in
      asked += 1
      return (script[min(t, script.count - 1)], t + 1)
    }
    // By the script alone.
    let choices = script.prefix(maximumLength).map { row in row.indices.filter { row[$0] == row.max()! }[0] }
    let end = choices.firstIndex(of: 1) ?? choices.count
    let tokens = Array(choices[..<end])
    let logs = script.prefix(maximumLength).map { $0.max()! }
    let sum = logs.prefix(end + 1).reduce(0, +)
    let input: KeyValuePairs<String, any Showable> = [
      "start": 0, "end": 1, "maximumLength": maximumLength, "probabilities, step by step": shown(script),
    ]
    let last = script[0].lastIndex(of: script[0].max()!)!
    try trial.compare(
      "the tokens", answer.tokens, equals: tokens, given: input,
      mistakes: [
        Mistake(
          "The state has not been passed on: every step was asked with the first.",
          when: answer.tokens.count > 1 && Set(answer.tokens).count == 1
            && Set(tokens).count > 1),
        Mistake("The start token is read, not written.", when: answer.tokens == [0] + tokens),
        Mistake("The end token does not belong to the result.", when: answer.tokens == tokens + [1]),
        Mistake(
          "One token too many: maximumLength counts all that is written.",
          when: answer.tokens.count > maximumLength),
        Mistake(
          "Of equal ones the first is taken.",
          when: !answer.tokens.isEmpty && answer.tokens[0] == last && last != tokens.first),
        Mistake(
          "It has gone on behind the end token.", when: answer.tokens.count > tokens.count),
        Mistake("Nothing has been written.", when: answer.tokens.isEmpty),
      ])
    try trial.compare(
      "how often the decoder was asked", asked, with: logs.prefix(end + 1).count, given: input,
      mistakes: [
        Mistake("It has gone on behind the end token: there is nothing more to ask.", when: asked > end + 1)
      ])
    try trial.compare(
      "ln p", answer.logP, with: sum, given: input,
      mistakes: [
        Mistake(
          "The end token is missing: its probability belongs to the sentence.",
          gives: logs.prefix(end).reduce(0, +)),
        Mistake(
          "These are probabilities added. Logarithms are added.",
          gives: logs.prefix(end + 1).reduce(0) { $0 + exp($1) }),
        Mistake("This is the mean. The sum is asked for.", gives: sum / Double(min(end + 1, logs.count))),
        Mistake("This is the probability. Its logarithm is asked for.", gives: exp(sum)),
      ])
  }

  /// A decoder for which it matters what it reads: it counts up from the last token.
  private static func reading(_ trial: Trial) throws {
    var read: [Int] = []
    let answer = try greedy(from: "state", start: 2, end: 5, maximumLength: 10) { token, state in
      read.append(token)
      return ((0..<6).map { $0 == token + 1 ? 0 : -10.0 }, state)
    }
    try trial.compare(
      "what the decoder was given to read", read, equals: [2, 3, 4],
      given: ["start": 2, "end": 5, "decoder": "the likeliest token is the one after what it reads"],
      mistakes: [
        Mistake(
          "Every step has read the start token. It reads what was written last.", when: Set(read) == [2]),
        Mistake("The first step reads the start token.", when: read.first != 2),
      ])
    try trial.compare("the tokens", answer.tokens, equals: [3, 4])
  }

  private static func batch(_ trial: Trial, _ script: [[Int]], maximumLength: Int) throws {
    var asked = 0
    let answer = try greedyRows(
      from: 0, start: 0, end: 1, rows: script.count, maximumLength: maximumLength
    ) { _, t in
      asked += 1
      return (script.map { row in (0..<4).map { $0 == row[min(t, row.count - 1)] ? -0.1 : -3 } }, t + 1)
    }
    let rows = script.map { Array($0.prefix(maximumLength)) }
    let expected = rows.map { row in Array(row[..<(row.firstIndex(of: 1) ?? row.count)]) }
    let stops = rows.map { $0.firstIndex(of: 1).map { $0 + 1 } ?? $0.count }
    let input: KeyValuePairs<String, any Showable> = [
      "start": 0, "end": 1, "maximumLength": maximumLength, "the likeliest tokens of each row": script,
    ]
    try trial.compare(
      "the tokens of each row", answer, equals: expected, given: input,
      mistakes: [
        Mistake(
          "A finished row has gone on: what the decoder says for it behind the end token is of no interest.",
          when: zip(answer, expected).contains { $0.count > $1.count && !$0.contains(1) }),
        Mistake("The end token does not belong to the result.", when: answer.joined().contains(1)),
        Mistake(
          "The search has stopped when the first row was finished. The others go on.",
          when: zip(answer, expected).contains { $0.count < $1.count }),
      ])
    try trial.compare(
      "how often the decoder was asked", asked, with: stops.max()!, given: input,
      mistakes: [Mistake("All rows were finished, and it was asked again.", when: asked > stops.max()!)])
  }
}
