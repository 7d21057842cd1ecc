import DeepLearning
import Exercises
import Foundation

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    let three = [0.0, log(2), log(4)]
    for temperature in [1, 0.5, 2] { try distribution(trial, three, temperature, nil) }
    for k in [1, 2, 3] { try distribution(trial, three, 1, k) }
    try distribution(trial, three, 0.5, 2)
    try distribution(trial, [1, 3, 2], 0, nil)
    try distribution(trial, [1, 3, 3, 2], 0, nil)
    try distribution(trial, [1, 2, 1, 2, 1, 0], 1, 3)
    try distribution(trial, [100, 99.99, 0], 0.01, nil)
    try distribution(trial, [-2000, -2001], 1, nil)
    try distribution(trial, [0.3, -1.2, 2.2, 0.9, 0.1, 1.7], 0.7, 4)
    for (p, u) in [
      ([0.2, 0, 0.8], 0.1), ([0.2, 0, 0.8], 0.2), ([0.2, 0, 0.8], 0.9), ([0, 1.0], 0),
      ([0.5, 0.25, 0.25], 0.6),
      ([0.25, 0.25, 0.5], 0.25), ([0.3, 0.3, 0.3999, 0], 0.99995),
    ] { try drawing(trial, p, u) }
    try shares(trial)
  }

  private static func distribution(_ trial: Trial, _ z: [Double], _ temperature: Double, _ k: Int?) throws {
    let ranking = z.indices.sorted { z[$0] != z[$1] ? z[$0] > z[$1] : $0 < $1 }
    let chosen = Set(ranking.prefix(temperature == 0 ? 1 : k ?? z.count))
    /// The softmax of those chosen, each by its differences to all others.
    func softmax(_ z: [Double], _ chosen: Set<Int>) -> [Double] {
      z.indices.map { i in
        chosen.contains(i) ? 1 / chosen.reduce(0.0) { $0 + exp(z[$1] - z[i]) } : 0
      }
    }
    let expected =
      temperature == 0
      ? z.indices.map { chosen.contains($0) ? 1.0 : 0 } : softmax(z.map { $0 / temperature }, chosen)
    let answer = try probabilities(z, temperature: temperature, topK: k)
    let all = Set(z.indices)
    let limit = z[ranking[(k ?? z.count) - 1]]
    let tied = Set(z.indices.filter { z[$0] >= limit })
    var mistakes = [
      Mistake(
        "A division by 0, or an overflow: subtract the largest logit before exp, and treat T = 0 by itself.",
        when: answer.contains { !$0.isFinite }),
      Mistake("The temperature is missing.", gives: softmax(z, chosen)),
      Mistake(
        "The temperature divides the logits. You have multiplied.",
        gives: softmax(z.map { $0 * temperature }, chosen)),
    ]
    if temperature > 0 {
      let scaled = z.map { $0 / temperature }
      mistakes += [
        Mistake("All classes take part here. With top-k only the k largest do.", gives: softmax(scaled, all)),
        Mistake(
          "The others are gone, but the rest does not add up to 1: divide by the sum of those that are left.",
          gives: softmax(scaled, all).enumerated().map { chosen.contains($0) ? $1 : 0 }),
        Mistake(
          "More than k classes take part: of equal logits only the first do.", gives: softmax(scaled, tied)),
        Mistake(
          "These are the k smallest. The largest take part.",
          gives: softmax(scaled, Set(ranking.suffix(k ?? z.count)))
        ),
      ]
    } else {
      let best = z.indices.filter { z[$0] == z.max()! }
      mistakes += [
        Mistake(
          "The largest share the 1 among them. The first gets it all.",
          gives: z.indices.map { best.contains($0) ? 1 / Double(best.count) : 0 }),
        Mistake(
          "Of the equal ones the last has been taken.", gives: z.indices.map { $0 == best.last! ? 1.0 : 0 }),
      ]
    }
    try trial.compare(
      "p", answer, with: expected,
      given: ["logits": z, "temperature": temperature, "topK": k.map { "\($0)" } ?? "nil"], mistakes: mistakes
    )
  }

  private static func drawing(_ trial: Trial, _ p: [Double], _ u: Double) throws {
    // The sums exactly, in thousandths of thousandths.
    let whole = p.map { Int(($0 * 1e6).rounded()) }
    let sums = whole.indices.map { whole[...$0].reduce(0, +) }
    let mark = Int((u * 1e6).rounded())
    let last = p.lastIndex { $0 > 0 }!
    let expected = sums.firstIndex { $0 > mark } ?? last
    let answer = try draw(p, u)
    try trial.compare(
      "the class", answer, with: expected, given: ["p": p, "u": u],
      mistakes: [
        Mistake("This class has the probability 0.", when: p.indices.contains(answer) && p[answer] == 0),
        Mistake(
          "The running sum is to be larger than u, not as large: the interval of a class begins with its left end.",
          gives: sums.firstIndex { $0 >= mark } ?? last),
        Mistake(
          "This compares u with the probabilities themselves. It is the running sums that divide the interval.",
          gives: p.firstIndex { $0 > u } ?? last),
        Mistake(
          "This is the likeliest class. It is drawn more often than others, but not always.",
          gives: p.indices.max { p[$0] < p[$1] }!),
        Mistake("Classes are counted from 0.", gives: expected + 1),
      ])
  }

  private static func shares(_ trial: Trial) throws {
    let p = [0.1, 0.4, 0, 0.5]
    var counts = [0, 0, 0, 0]
    for i in 0..<1000 { counts[try draw(p, (Double(i) + 0.5) / 1000)] += 1 }
    try trial.compare(
      "how often each class comes for 1,000 values of u", counts, with: [100, 400, 0, 500],
      given: ["p": p])
  }
}
