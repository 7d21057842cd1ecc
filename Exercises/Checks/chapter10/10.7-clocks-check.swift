import DeepLearning
import Exercises
import Foundation

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    for (length, d) in [(3, 2), (2, 4), (5, 6), (40, 16)] { try tables(trial, length, d) }
    for (p, k, d) in [(0, 1, 2), (2, 1, 4), (3, 4, 6), (50, -20, 16), (7, 0, 4)] { try move(trial, p, k, d) }
  }

  /// The table with another rule.
  private static func table(
    _ length: Int, _ d: Int, _ rule: (_ p: Double, _ i: Int) -> (even: Double, odd: Double)
  ) -> Tensor {
    Tensor(
      (0..<length).map { p in
        (0..<d).map { j in j % 2 == 0 ? rule(Double(p), j / 2).even : rule(Double(p), j / 2).odd }
      })
  }

  private static func omega(_ i: Int, _ d: Int) -> Double { pow(10_000, -2 * Double(i) / Double(d)) }

  private static func tables(_ trial: Trial, _ length: Int, _ d: Int) throws {
    func hands(_ omega: @escaping (Int) -> Double) -> Tensor {
      table(length, d) { p, i in (sin(p * omega(i)), cos(p * omega(i))) }
    }
    let expected = sinusoidalPositions(length, d)
    let halves = cat([expected[.all, .slice(by: 2)], expected[.all, .slice(from: 1, by: 2)]], dim: 1)
    let answer = try positions(length, d)
    try trial.compare(
      "the positions", answer, with: expected, given: ["length": length, "d": d], within: 1e-4,
      mistakes: [
        Mistake(
          "Sine and cosine have changed places: the even features are sines.",
          gives: table(length, d) { p, i in (cos(p * omega(i, d)), sin(p * omega(i, d))) }),
        Mistake("All sines stand before all cosines. They stand in pairs.", gives: halves),
        Mistake(
          "The places are counted from 0.",
          gives: table(length, d) { p, i in (sin((p + 1) * omega(i, d)), cos((p + 1) * omega(i, d))) }),
        Mistake(
          "The cosine of a pair has a frequency of its own. Both of a pair have the same.",
          gives: table(length, d) { p, i in
            (sin(p * omega(i, d)), cos(p * pow(10_000, -Double(2 * i + 1) / Double(d))))
          }),
        Mistake(
          "The exponent is 2 i / d: the 2 is missing.", gives: hands { pow(10_000, -Double($0) / Double(d)) }),
        Mistake(
          "The sign of the exponent is missing: the later hands are the slower ones.",
          gives: hands { 1 / omega($0, d) }),
        Mistake(
          "All hands have the same speed: the exponent is missing, or it is 0 by a division of whole numbers.",
          gives: hands { _ in 1 }),
        Mistake(
          "All cosines are missing: these are sines only.",
          gives: table(length, d) { p, i in (sin(p * omega(i, d)), sin(p * omega(i, d))) }),
      ])
  }

  private static func move(_ trial: Trial, _ p: Int, _ k: Int, _ d: Int) throws {
    let all = sinusoidalPositions(100, d)
    let pairs = all[p].toArray(of: Double.self)
    func turned(_ angle: (Int) -> Double, sign: Double = 1) -> Tensor {
      Tensor(
        (0..<d).map { j in
          let (s, c, turn) = (pairs[j / 2 * 2], pairs[j / 2 * 2 + 1], angle(j / 2))
          return j % 2 == 0 ? s * cos(turn) + sign * c * sin(turn) : c * cos(turn) - sign * s * sin(turn)
        })
    }
    try trial.compare(
      "the vector of place \(p + k)", try moved(all[p], by: k), with: all[p + k],
      given: ["encoding": all[p], "k": k, "the place of the encoding": p], within: 1e-4,
      mistakes: [
        Mistake("This is the place that was given.", gives: all[p]),
        Mistake("The hands have turned backward.", gives: turned({ Double(k) * omega($0, d) }, sign: -1)),
        Mistake(
          "All hands have turned by the same angle. Each has its own, k ωᵢ.", gives: turned { _ in Double(k) }
        ),
        Mistake("The hands have turned by one step. They turn by k.", gives: turned { omega($0, d) }),
        Mistake("This is the vector of place k. It depends on where one starts.", gives: all[abs(k)]),
        Mistake(
          "The vectors of two places have been added. A turn is a matrix, not a sum.",
          gives: all[p] + all[abs(k)]),
        Mistake(
          "The cosine's rule has a minus: cos a cos b − sin a sin b.",
          gives: Tensor(
            (0..<d).map { j in
              let (s, c, turn) = (pairs[j / 2 * 2], pairs[j / 2 * 2 + 1], Double(k) * omega(j / 2, d))
              return j % 2 == 0 ? s * cos(turn) + c * sin(turn) : c * cos(turn) + s * sin(turn)
            })),
      ])
  }
}
