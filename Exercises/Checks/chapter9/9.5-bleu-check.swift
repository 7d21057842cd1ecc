import DeepLearning
import Exercises
import Foundation

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    try counts(trial, "the cat the cat eats", 1)
    try counts(trial, "the cat the cat eats", 2)
    try counts(trial, "the cat the cat eats", 5)
    try counts(trial, "the cat", 3)
    let manzana = "el gato negro come una manzana"
    let sets = [
      [("el negro gato come una manzana", manzana)], [("the the the the", "the cat eats the apple")],
      [(manzana + " roja", manzana)], [("el gato negro come", manzana)],
      [("el gato negro come", manzana), ("un perro corre y corre y corre", "el perro corre y salta")],
      [
        ("yo", "yo como"),
        ("ella come una manzana verde ahora mismo", "ella come una manzana roja ahora mismo"),
      ],
    ]
    for set in sets {
      for n in 1...4 where words(set.map(\.0)).contains(where: { $0.count >= n }) {
        try precisions(trial, set, n)
      }
    }
    for set in sets { try score(trial, set) }
  }

  private static func words(_ texts: [String]) -> [[String]] {
    texts.map { $0.split(separator: " ").map(String.init) }
  }

  private static func shown(_ texts: [String]) -> String { texts.joined(separator: "\n") }

  private static func counts(_ trial: Trial, _ text: String, _ n: Int) throws {
    let sentence = words([text])[0]
    let answer = try ngrams(sentence, n)
    // Every run of words, and how many others are the same.
    let runs = sentence.indices.map { Array(sentence[$0...].prefix(n)) }.filter { $0.count == n }
    func shown(_ counts: [[String]: Int]) -> String {
      counts.isEmpty
        ? "none"
        : counts.map { "\($0.key.joined(separator: " ")): \($0.value)" }.sorted().joined(separator: ", ")
    }
    let expected = Dictionary(grouping: runs) { $0 }.mapValues(\.count)
    try trial.compare(
      "the \(n)-grams", shown(answer), equals: shown(expected), given: ["words": text, "n": n],
      mistakes: [
        Mistake("Nothing has been counted.", when: answer.isEmpty),
        Mistake("A sentence of fewer than n words has no n-gram.", when: expected.isEmpty),
        Mistake(
          "Each occurs once here. Count how often.",
          when: answer.mapValues { _ in 0 } == expected.mapValues { _ in 0 }),
        Mistake(
          "The last n-gram is missing: the last of them begins n − 1 words before the last word.",
          when: answer.values.reduce(0, +) == runs.count - 1),
        Mistake(
          "Runs overlap: the next one begins one word later.",
          when: answer.values.reduce(0, +) == sentence.count / n),
        Mistake(
          "Shorter runs at the end of the sentence are no n-grams.",
          when: answer.keys.contains { $0.count < n }),
      ])
  }

  private static func precisions(_ trial: Trial, _ set: [(String, String)], _ n: Int) throws {
    let (candidates, references) = (words(set.map(\.0)), words(set.map(\.1)))
    let answer = try precision(candidates, references, n)
    let expected = BLEU(candidates, references, maximumOrder: n).precisions[n - 1]
    func runs(_ sentence: [String]) -> [[String]] {
      sentence.indices.map { Array(sentence[$0...].prefix(n)) }.filter { $0.count == n }
    }
    let total = Double(candidates.reduce(0) { $0 + runs($1).count })
    let unclipped = zip(candidates, references).reduce(0) { sum, pair in
      sum + runs(pair.0).count { runs(pair.1).contains($0) }
    }
    let distinct = zip(candidates, references).map { Double(Set(runs($0)).intersection(runs($1)).count) }
    let each = zip(candidates, references).map { c, r -> Double in
      BLEU([c], [r], maximumOrder: n).precisions.count < n
        ? 0 : BLEU([c], [r], maximumOrder: n).precisions[n - 1]
    }
    let anywhere = candidates.reduce(0) { sum, candidate in
      sum + runs(candidate).count { run in references.contains { runs($0).contains(run) } }
    }
    try trial.compare(
      "p\(n)", answer, with: expected,
      given: ["candidates": shown(set.map(\.0)), "references": shown(set.map(\.1)), "n": n],
      mistakes: [
        Mistake(
          "An n-gram counts at most as often as it occurs in the reference: take the smaller of the two counts.",
          gives: Double(unclipped) / total),
        Mistake(
          "Each sentence has been judged by itself. Add up all counts before you divide.",
          gives: each.reduce(0, +) / Double(each.count)),
        Mistake(
          "This is divided by the n-grams of the references. It is the candidates' that are judged.",
          gives: expected * total / Double(max(1, references.reduce(0) { $0 + runs($1).count }))),
        Mistake(
          "Repetitions have not been counted: an n-gram that occurs twice in both counts twice.",
          gives: distinct.reduce(0, +) / total),
        Mistake(
          "An n-gram has been looked for in all references. Only that of its own sentence counts.",
          gives: Double(anywhere) / total),
      ])
  }

  private static func score(_ trial: Trial, _ set: [(String, String)]) throws {
    let (candidates, references) = (words(set.map(\.0)), words(set.map(\.1)))
    let answer = try bleu(candidates, references)
    let truth = BLEU(candidates, references)
    let root = pow(truth.precisions.reduce(1, *), 0.25)
    let (c, r) = (Double(candidates.joined().count), Double(references.joined().count))
    let mean = truth.precisions.reduce(0, +) / 4
    try trial.compare(
      "BLEU", answer, with: truth.score,
      given: ["candidates": shown(set.map(\.0)), "references": shown(set.map(\.1))],
      mistakes: [
        Mistake("The brevity penalty is missing.", gives: root),
        Mistake(
          "The exponent of the brevity penalty is 1 − r/c. You have exchanged candidate and reference.",
          gives: min(1, exp(1 - c / r)) * root),
        Mistake(
          "A candidate that is too long gets no premium: BP is at most 1.", gives: exp(1 - r / c) * root),
        Mistake(
          "This is the mean of the four. It is the fourth root of their product.",
          gives: truth.brevityPenalty * mean),
        Mistake("The fourth root is missing.", gives: truth.brevityPenalty * truth.precisions.reduce(1, *)),
        Mistake("If one pₙ is 0, so is BLEU.", when: truth.score == 0),
        Mistake(
          "Each sentence has got a score of its own. BLEU adds up the counts and the lengths of all of them.",
          gives: zip(candidates, references).map { BLEU([$0], [$1]).score }.reduce(0, +) / Double(set.count)),
      ])
  }
}
