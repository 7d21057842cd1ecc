import DeepLearning
import Exercises
import Foundation

enum Check: ExerciseCheck {
  /// What follows the last word, START at the beginning.
  private typealias Tree = [String: [(word: String, logP: Double)]]

  private static let chapter: Tree = [
    "START": [("he", -0.7), ("I", -0.9)],
    "he": [("hit", -1.0), ("struck", -2.2)], "I": [("was", -0.7), ("got", -0.9)],
    "hit": [("me", -0.8), ("a", -1.1)], "was": [("hit", -1.3), ("struck", -2.2)],
  ]
  /// A short answer, and one that is long and sure.
  private static let answers: Tree = [
    "START": [("yes", -1.0), ("the", -0.5)], "yes": [("END", -0.2)], "the": [("dogs", -0.5)],
    "dogs": [("run", -0.5)], "run": [("END", -0.5)],
  ]

  static func run(_ trial: Trial) throws {
    try steps(trial)
    try scores(trial)
    try searches(trial, "the chapter's", chapter, width: 1, maximumLength: 2, alpha: 0)
    try searches(trial, "the chapter's", chapter, width: 2, maximumLength: 2, alpha: 0)
    try searches(trial, "the chapter's", chapter, width: 2, maximumLength: 3, alpha: 0)
    try searches(trial, "yes, or: the dogs run", answers, width: 2, maximumLength: 6, alpha: 0)
    try searches(trial, "yes, or: the dogs run", answers, width: 2, maximumLength: 6, alpha: 1)
    try searches(trial, "yes, or: the dogs run", answers, width: 2, maximumLength: 3, alpha: 0)
    // One ends at once; the beam must not become narrower by that.
    let early: Tree = [
      "START": [("END", -0.4), ("a", -1.9), ("b", -2.0)], "a": [("x", -3)], "b": [("y", -0.1)],
      "x": [("END", -0.1)], "y": [("END", -0.1)],
    ]
    try searches(trial, "one that may end at once", early, width: 2, maximumLength: 5, alpha: 0)
    // The end is not among the best, and is not finished.
    let late: Tree = [
      "START": [("a", -0.5), ("b", -1.2), ("END", -3)], "a": [("a", -0.4), ("END", -1.4)],
      "b": [("b", -0.9), ("END", -0.8)],
    ]
    for (width, alpha) in [(1, 0.0), (2, 0.0), (2, 1.0), (3, 0.7), (40, 1.0)] {
      try searches(trial, "a and b, repeated", late, width: width, maximumLength: 4, alpha: alpha)
    }
    try random(trial)
  }

  private static func text(_ hypothesis: Hypothesis) -> String {
    let words = hypothesis.words.isEmpty ? "START" : hypothesis.words.joined(separator: " ")
    return "\(words) \(hypothesis.logP.shown(digits: 2))"
  }

  private static func text(_ hypotheses: [Hypothesis]) -> String {
    hypotheses.isEmpty ? "none" : hypotheses.map(text).joined(separator: " | ")
  }

  private static func model(_ tree: Tree) -> Model { { words in tree[words.last ?? "START"] ?? [] } }

  private static func steps(_ trial: Trial) throws {
    let expected: [[(String, Double)]] = [
      [("he", -0.7), ("I", -0.9)], [("I was", -1.6), ("he hit", -1.7)],
      [("he hit me", -2.5), ("he hit a", -2.8)],
    ]
    var hypotheses = [Hypothesis(words: [], logP: 0)]
    for level in expected {
      let next = level.map { Hypothesis(words: $0.0.split(separator: " ").map(String.init), logP: $0.1) }
      let answer = try continued(hypotheses, width: 2, next: model(chapter))
      let first = chapter[hypotheses[0].words.last ?? "START"]!.map {
        "\((hypotheses[0].words + [$0.word]).joined(separator: " ")) \((hypotheses[0].logP + $0.logP).shown(digits: 2))"
      }
      let each = hypotheses.compactMap { hypothesis -> String? in
        chapter[hypothesis.words.last ?? "START"]!.max { $0.logP < $1.logP }.map {
          "\((hypothesis.words + [$0.word]).joined(separator: " ")) \((hypothesis.logP + $0.logP).shown(digits: 2))"
        }
      }
      try trial.compare(
        "the hypotheses after a step", text(answer), equals: text(next),
        given: ["hypotheses": text(hypotheses), "width": 2, "model": "the chapter's"],
        mistakes: [
          Mistake("Nothing has been kept.", when: answer.isEmpty),
          Mistake(
            "Only the best hypothesis has been continued. All are, and their continuations are ranked together.",
            when: hypotheses.count > 1 && text(answer) == first.joined(separator: " | ")),
          Mistake(
            "Each hypothesis has kept its own best. The k best of all go on, even if all come from one.",
            when: answer.count > 1 && Set(answer.map(text)) == Set(each)),
          Mistake(
            "These are the logarithms of the last words alone. They add up along the hypothesis.",
            when: answer.map(\.words) == next.map(\.words)
              || hypotheses.count > 1 && answer.contains { abs($0.logP) < 1.4 }),
          Mistake("The best stands first.", when: answer.reversed() == next),
          Mistake("More than k are kept.", when: answer.count > 2),
        ])
      hypotheses = next
    }
  }

  private static func scores(_ trial: Trial) throws {
    let long = Hypothesis(words: ["the", "dogs", "run", "END"], logP: -2)
    let short = Hypothesis(words: ["yes", "END"], logP: -1.2)
    for (hypothesis, alpha, expected) in [
      (long, 0, -2), (long, 1, -0.5), (short, 1, -0.6), (long, 0.5, -1), (short, 2, -0.3),
    ] {
      let count = Double(hypothesis.words.count)
      try trial.compare(
        "the score", try score(hypothesis, alpha: alpha), with: expected,
        given: ["hypothesis": text(hypothesis), "alpha": alpha],
        mistakes: [
          Mistake("END is a word, too, and counts.", gives: hypothesis.logP / pow(count - 1, alpha)),
          Mistake("α is an exponent of the length.", gives: hypothesis.logP / (count * alpha)),
          Mistake("This is the mean whatever α is.", gives: hypothesis.logP / count),
          Mistake("The length divides. You have multiplied.", gives: hypothesis.logP * pow(count, alpha)),
        ])
    }
  }

  /// The library's search, for which the state of a hypothesis is its words.
  private static func reference(
    _ vocabulary: [String], _ next: Model, _ width: Int, _ maximumLength: Int, _ alpha: Double
  ) -> [Hypothesis] {
    func logs(_ words: [String]) -> [Double] {
      let following = next(words)
      return vocabulary.map { word in following.first { $0.word == word }?.logP ?? -.infinity }
    }
    let found = beamSearch(
      from: [[String]](), start: 0, end: 0, width: width, maximumLength: maximumLength,
      lengthNormalization: alpha
    ) { tokens, state in
      // The first token that is read stands for no word.
      let read = tokens.toArray(of: Int.self).map { vocabulary[$0] }
      let words = state.isEmpty ? [[]] : zip(state, read).map { $0 + [$1] }
      return (Tensor(words.map(logs), dtype: .float64), words)
    } select: { state, rows in
      rows.toArray(of: Int.self).map { state[$0] }
    }
    return found.map { found in
      Hypothesis(
        words: found.tokens.map { vocabulary[$0] } + (found.isFinished ? ["END"] : []),
        logP: found.logProbability)
    }
  }

  private static func searches(
    _ trial: Trial, _ name: String, _ tree: Tree, width: Int, maximumLength: Int, alpha: Double
  ) throws {
    let vocabulary = ["END"] + Set(tree.values.joined().map(\.word)).subtracting(["END"]).sorted()
    try compare(trial, name, vocabulary, model(tree), width, maximumLength, alpha)
  }

  private static func compare(
    _ trial: Trial, _ name: String, _ vocabulary: [String], _ next: @escaping Model, _ width: Int,
    _ maximumLength: Int, _ alpha: Double
  ) throws {
    let expected = reference(vocabulary, next, width, maximumLength, alpha)
    let answer = try search(width: width, maximumLength: maximumLength, alpha: alpha, next: next)
    func sorted(by size: (Hypothesis) -> Double) -> String { text(answer.sorted { size($0) > size($1) }) }
    let sums = answer.map(\.logP)
    try trial.compare(
      "the best hypotheses", text(answer), equals: text(expected),
      given: [
        "model": name, "width": width, "maximumLength": maximumLength, "alpha": alpha,
      ],
      mistakes: [
        Mistake(
          "A hypothesis has gone on behind END.",
          when: answer.contains { $0.words.dropLast().contains("END") }),
        Mistake(
          "Hypotheses that are still open at the maximum length compete with the finished ones.",
          when: expected.contains { !$0.isFinished } && answer.allSatisfy(\.isFinished)),
        Mistake("Nothing has been found.", when: answer.isEmpty),
        Mistake("More than k hypotheses are returned.", when: answer.count > width),
        Mistake(
          "A hypothesis has more words than the maximum length.",
          when: answer.contains { $0.words.count > maximumLength }),
        Mistake(
          "The sums are compared. With α > 0 the scores are, logP / τ^α, from the first to the last.",
          when: alpha > 0 && sums == sums.sorted(by: >)
            && text(answer) != text(expected) && expected.map(\.logP) != expected.map(\.logP).sorted(by: >)),
        Mistake(
          "The hypotheses are the right ones, but the best does not stand first.",
          when: sorted(by: \.logP) == text(expected.sorted { $0.logP > $1.logP })),
        Mistake(
          "Better ones have been missed. Where a hypothesis ends, the beam must not become narrower: the k best of those "
            + "that do not end go on. And open ones may still overtake the finished ones.", when: true),
      ])
  }

  /// Models that know the whole beginning, with beams that drop nothing: no search can do better.
  private static func random(_ trial: Trial) throws {
    let vocabulary = ["END", "a", "b", "c"]
    for seed in 0..<4 {
      let weights = Tensor.randn(4, 4, 4) * 2
      let next: Model = { words in
        let places = words.suffix(2).map { vocabulary.firstIndex(of: $0)! }
        let logits = weights[places.last ?? 0, places.count > 1 ? places[0] : 0]
        return zip(vocabulary, logits.logSoftmax(dim: 0).toArray(of: Double.self)).map { ($0, $1) }
      }
      for (width, alpha) in [(2, 1.0), (3, 0.0), (200, 0.7)] where seed < 2 || width < 200 {
        try compare(trial, "a random one with the words a, b and c", vocabulary, next, width, 4, alpha)
      }
    }
  }
}
