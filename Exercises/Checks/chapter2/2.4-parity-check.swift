import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    try judge(trial, try xorNetwork(), inputs: 2, "The network for exclusive or")
    for n in [2, 1, 3, 4, 5, 8] {
      try judge(trial, try parityNetwork(n), inputs: n, "The parity of \(n) inputs")
    }
  }

  private static func judge(_ trial: Trial, _ net: Network, inputs n: Int, _ subject: String) throws {
    let hidden = net.b1.count
    let parts = [
      ("w1", net.w1, [hidden, n]), ("b1", net.b1, [hidden]), ("w2", net.w2, [1, hidden]), ("b2", net.b2, [1]),
    ]
    for (name, part, shape) in parts {
      try trial.require(
        part.shape == shape, "\(subject), \(name)", expected: "the shape \(shape)",
        got: "the shape \(part.shape)",
        meaning:
          "Weights have a row for each unit and a column for each of its inputs: \(n) inputs, \(hidden) hidden "
          + "units, one output.")
    }

    // All inputs: the digits of the numbers below 2ⁿ.
    let x = (0..<1 << n).map { number in (0..<n).map { number >> $0 & 1 } }
    let wanted = x.map { $0.reduce(0, +) % 2 == 1 }
    // Weights may have been written as integers, too.
    let (w1, b1) = (net.w1.to(.float32), net.b1.to(.float32))
    let (w2, b2) = (net.w2.to(.float32), net.b2.to(.float32))
    let a = (Tensor(x).to(.float32).matmul(w1.T) + b1).relu()
    let z = (a.matmul(w2.T) + b2).flatten().toArray(of: Double.self)
    let answers = z.map { $0 > 0 }
    guard let i = x.indices.first(where: { answers[$0] != wanted[$0] || z[$0].isNaN }) else { return }
    try trial.require(
      false, subject,
      given: ["x": x[i], "w1": net.w1, "b1": net.b1, "w2": net.w2, "b2": net.b2],
      expected: "\(wanted[i] ? 1 : 0), for the inputs sum to \(x[i].reduce(0, +))",
      got: "\(answers[i] ? 1 : 0), from z = \(z[i].shown(digits: nil))",
      meaning: meaning(answers, wanted, x, a, z: z[i]))
  }

  private static func meaning(
    _ answers: [Bool], _ wanted: [Bool], _ x: [[Int]], _ a: Tensor, z: Double
  ) -> String {
    let sums = x.map { $0.reduce(0, +) }
    let n = x[0].count
    if (a .== 0).all() { return "Every hidden unit is 0 for every input: nothing comes through." }
    if answers == wanted.map({ !$0 }) { return "Every answer is reversed: turn the signs of w2 and b2." }
    if answers.allSatisfy({ $0 == answers[0] }) {
      return z == 0
        ? "z is exactly 0 here, which is not above 0. Give the output a bias that makes room on both sides."
        : "The answer is always \(answers[0] ? 1 : 0). Its bias belongs between the two levels of W₂ a."
    }
    if n > 1 && answers == sums.map({ $0 >= 1 }) {
      return
        "That is or: the output rises at s = 1 and stays up. A hidden unit has to bring it down at s = 2."
    }
    if n > 1 && answers == sums.map({ $0 == n }) {
      return "That is and: the output rises only when all inputs are 1. It must be up at s = 1 already."
    }
    if let turn = (2..<max(n, 2)).first(where: { turn in
      answers == sums.map { $0 <= turn ? $0 % 2 == 1 : answers[sums.firstIndex(of: $0)!] }
    }), answers != wanted {
      return
        "Up to s = \(turn) it is right, and then the corners run out: there has to be one at s = \(turn), too."
    }
    return z == 0
      ? "z is exactly 0 here, which is not above 0. Give the output a bias that makes room on both sides."
      : "Let each hidden unit see the sum of the inputs, and follow the output over s = 0, 1, ..., \(n)."
  }
}
