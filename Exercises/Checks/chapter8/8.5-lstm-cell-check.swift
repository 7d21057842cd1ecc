import DeepLearning
import Exercises
import Foundation

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    func column(_ numbers: Double...) -> Tensor { Tensor(numbers).unsqueeze(1) }
    let none = Weights(u: .zeros(4, 1), w: .zeros(4, 1), bIH: .zeros(4), bHH: .zeros(4))
    let small = Weights(
      u: column(1, 0, 2, 0), w: column(0, 1, 0, -1), bIH: Tensor([0.0, 1, 0.5, 0]),
      bHH: Tensor([0.0, 0, 0, 1]))
    let large = random(3, 4)
    let cases = [
      (column(1), column(1), column(2), none), (column(0.5), column(1), column(2), small),
      (.randn(5, 3), .randn(5, 4), .randn(5, 4), large),
    ]
    for (x, h, c, weights) in cases { try one(trial, x, h, c, weights) }
    try sequence(trial, Tensor([1.0, -1]).view(2, 1, 1), small)
    try sequence(trial, .randn(6, 2, 3), large)
    try biases(trial, 100, small)
    try biases(trial, 20, random(2, 3))
  }

  private static func random(_ inputs: Int, _ units: Int) -> Weights {
    Weights(
      u: .randn(4 * units, inputs), w: .randn(4 * units, units), bIH: .randn(4 * units),
      bHH: .randn(4 * units))
  }

  private static func shown(_ weights: Weights) -> (u: String, w: String, bIH: String, bHH: String) {
    (
      weights.u.T.shown(digits: 2) + ", transposed", weights.w.T.shown(digits: 2) + ", transposed",
      weights.bIH.shown(digits: 2), weights.bHH.shown(digits: 2)
    )
  }

  /// A step by the library.
  private static func reference(
    _ x: Tensor, _ h: Tensor, _ c: Tensor, _ weights: Weights
  ) throws -> LSTM.State {
    let cell = LSTMCell(x.size(1), h.size(1))
    noGrad {
      cell.weights.weightIH.copy_(weights.u)
      cell.weights.weightHH.copy_(weights.w)
      cell.weights.biasIH!.copy_(weights.bIH)
      cell.weights.biasHH!.copy_(weights.bHH)
    }
    return noGrad { cell(x, (h, c)) }
  }

  private static func one(_ trial: Trial, _ x: Tensor, _ h: Tensor, _ c: Tensor, _ weights: Weights) throws {
    let expected = try reference(x, h, c, weights)
    let answer = try step(x, h, c, weights)
    let texts = shown(weights)
    let input: KeyValuePairs<String, any Showable> = [
      "x": x, "h": h, "c": c, "U": texts.u, "W": texts.w, "b_ih": texts.bIH, "b_hh": texts.bHH,
    ]
    let z = linear(h, weights.w, weights.bHH) + linear(x, weights.u, weights.bIH)
    func states(_ parts: [Tensor]) -> LSTM.State {
      let new = parts[1] * c + parts[0] * parts[2]
      return (parts[3] * new.tanh(), new)
    }
    func gates(_ z: Tensor, order: [Int] = [0, 1, 2, 3]) -> [Tensor] {
      let parts = z.chunk(4, dim: 1)
      return order.enumerated().map { $0 == 2 ? parts[$1].tanh() : parts[$1].sigmoid() }
    }
    let p = gates(z)
    let others: [(meaning: String, states: LSTM.State)] = [
      (
        "Input gate and forget gate have changed places: the order is i, f, c̃, o.",
        states(gates(z, order: [1, 0, 2, 3]))
      ),
      (
        "Candidate and output gate have changed places: the order is i, f, c̃, o.",
        states(gates(z, order: [0, 1, 3, 2]))
      ),
      (
        "The candidate has gone through a sigmoid. It can be negative: tanh.",
        states([p[0], p[1], z.chunk(4, dim: 1)[2].sigmoid(), p[3]])
      ),
      ("One of the two biases is missing: b_hh.", states(gates(z - weights.bHH))),
      ("One of the two biases is missing: b_ih.", states(gates(z - weights.bIH))),
      (
        "The candidate is written whole: the input gate is missing.",
        states([Tensor.ones(like: c), p[1], p[2], p[3]])
      ),
      (
        "The old cell is kept whole: the forget gate is missing.",
        states([p[0], Tensor.ones(like: c), p[2], p[3]])
      ),
      (
        "The forget gate keeps, it does not delete: f c, not (1 − f) c.",
        states([p[0], 1 - p[1], p[2], p[3]])
      ),
    ]
    try trial.compare(
      "the new cell state c", answer.c, with: expected.c, given: input,
      mistakes: others.map { Mistake($0.meaning, gives: $0.states.c) })
    let new = expected.c
    // The output gate, with the new output in the place of the old.
    let late = (linear(expected.h, weights.w, weights.bHH) + linear(x, weights.u, weights.bIH)).chunk(
      4, dim: 1)[3]
    try trial.compare(
      "the new output h", answer.h, with: expected.h, given: input,
      mistakes: [
        Mistake("The cell is shown as it is. Squash it first: o tanh c.", gives: p[3] * new),
        Mistake("The output shows the old cell. The new one is to be shown.", gives: p[3] * c.tanh()),
        Mistake("The cell is shown whole: the output gate is missing.", gives: new.tanh()),
        Mistake("The tanh goes around the cell alone, not around the product.", gives: (p[3] * new).tanh()),
        Mistake(
          "The output gate has read the new output. All gates read the one before.",
          gives: late.sigmoid() * new.tanh()
        ),
      ] + others.map { Mistake($0.meaning, gives: $0.states.h) })
  }

  private static func sequence(_ trial: Trial, _ x: Tensor, _ weights: Weights) throws {
    let texts = shown(weights)
    let input: KeyValuePairs<String, any Showable> = [
      "x": x.flatten(1), "U": texts.u, "W": texts.w, "b_ih": texts.bIH, "b_hh": texts.bHH,
    ]
    var h = Tensor.zeros(x.size(1), weights.w.size(1))
    var c = Tensor.zeros(like: h)
    var (outputs, forgetful): ([Tensor], [Tensor]) = ([], [])
    for x in x.unbind() {
      forgetful.append(try reference(x, h, Tensor.zeros(like: c), weights).h)
      (h, c) = try reference(x, h, c, weights)
      outputs.append(h)
    }
    let restarted = try x.unbind().map {
      try reference($0, Tensor.zeros(like: h), Tensor.zeros(like: h), weights).h
    }
    let answer = try read(x, weights)
    try trial.compare(
      "the outputs", answer.output, with: stack(outputs), given: input,
      mistakes: [
        Mistake("Every step starts anew: carry both states on to the next.", gives: stack(restarted)),
        Mistake("Only h is carried on. The cell state goes along, too.", gives: stack(forgetful)),
        Mistake("This is the last output alone. Those of all steps are asked for.", gives: h),
        Mistake("The outputs come in reverse order.", gives: stack(outputs.reversed())),
      ])
    try trial.compare("h after the last step", answer.h, with: h, given: input)
    try trial.compare(
      "c after the last step", answer.c, with: c, given: input,
      mistakes: [Mistake("This is h. The cell state is asked for.", gives: h)])
  }

  private static func biases(_ trial: Trial, _ k: Double, _ weights: Weights) throws {
    let before = weights.bIH.clone()
    let n = weights.w.size(1)
    func with(input: Double, forget: Double) -> Tensor {
      cat([Tensor.full([n], input), Tensor.full([n], forget), before[2 * n..<4 * n]])
    }
    let answer = try rememberFor(k, weights)
    let long = log(k)
    let given: KeyValuePairs<String, any Showable> = ["k": k, "b_ih": before]
    try trial.compare(
      "b_ih", answer.bIH, with: with(input: -long, forget: long), given: given,
      mistakes: [
        Mistake(
          "The two have changed places: the forget gate is to be open, ln k, the input gate shut, −ln k.",
          gives: with(input: long, forget: -long)),
        Mistake("Both gates are open. The input gate gets −ln k.", gives: with(input: long, forget: long)),
        Mistake(
          "The numbers have been added to the old biases. They take their place.",
          gives: before + with(input: -long, forget: long)
            - cat([Tensor.zeros(2 * n), before[2 * n..<4 * n]])),
        Mistake("The biases are k itself. ln k is asked for.", gives: with(input: -k, forget: k)),
        Mistake("Nothing has been set.", gives: before),
      ])
    try trial.require(
      equal(weights.bIH, before), "the weights that were given", given: given, expected: "unchanged",
      got: weights.bIH.shown(digits: 2),
      meaning:
        "The given weights have changed. A tensor in a struct is shared when the struct is copied: clone() it first."
    )
    try trial.require(
      equal(answer.u, weights.u) && equal(answer.w, weights.w) && equal(answer.bHH, weights.bHH),
      "the other weights", given: given, expected: "as they were", got: "others",
      meaning: "Only b_ih is to change.")
  }
}
