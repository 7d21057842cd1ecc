import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    func column(_ numbers: Double...) -> Tensor { Tensor(numbers).unsqueeze(1) }
    let none = Weights(u: .zeros(3, 1), w: .zeros(3, 1), bx: .zeros(3), bh: .zeros(3))
    let small = Weights(
      u: column(1, 0, 0, 1, 2, -1), w: Tensor([[0.0, 1], [1, 0], [1, 0], [0, -1], [1, 1], [0, 2]]),
      bx: Tensor([0.0, 0, 1, 0, 0.5, 0]), bh: Tensor([-1.0, 0, 0, 0, 1, -1]))
    let large = Weights(u: .randn(12, 3), w: .randn(12, 4), bx: .randn(12), bh: .randn(12))
    for (x, h, weights) in [
      (column(0.5), Tensor([[2.0, -1]]), small), (column(1), column(2), none),
      (.randn(5, 3), .randn(5, 4), large),
    ] { try one(trial, x, h, weights) }
    try shares(trial, Tensor([[0.5]]))
    try shares(trial, Tensor([[0.5, 1], [0.25, 0], [0.75, 0.5]]))
    try shares(trial, .rand(7, 3))
  }

  private static func one(_ trial: Trial, _ x: Tensor, _ h: Tensor, _ weights: Weights) throws {
    let cell = GRUCell(x.size(1), h.size(1))
    noGrad {
      cell.weights.weightIH.copy_(weights.u)
      cell.weights.weightHH.copy_(weights.w)
      cell.weights.biasIH!.copy_(weights.bx)
      cell.weights.biasHH!.copy_(weights.bh)
    }
    let expected = noGrad { cell(x, h) }
    let a = linear(x, weights.u, weights.bx).chunk(3, dim: 1)
    let b = linear(h, weights.w, weights.bh).chunk(3, dim: 1)
    let (r, u) = ((a[0] + b[0]).sigmoid(), (a[1] + b[1]).sigmoid())
    let candidate = (a[2] + r * b[2]).tanh()
    let n = h.size(1)
    let (wh, bh) = (weights.w[2 * n..<3 * n], weights.bh[2 * n..<3 * n])
    try trial.compare(
      "the new state", try step(x, h, weights), with: expected,
      given: [
        "x": x, "h": h, "U": weights.u.T.shown(digits: 2) + ", transposed",
        "W": weights.w.T.shown(digits: 2) + ", transposed", "b": weights.bx, "b'": weights.bh,
      ],
      mistakes: [
        Mistake(
          "The update gate is the wrong way round: u keeps the old state, 1 − u takes the candidate.",
          gives: (1 - u) * h + u * candidate),
        Mistake(
          "The reset gate has let through h, and b'_h stands outside of it (the paper's form; here it is PyTorch's). "
            + "It multiplies the whole of W h + b'_h.",
          gives: u * h + (1 - u) * (a[2] + linear(r * h, wh, bh)).tanh()),
        Mistake(
          "The reset gate multiplies W h without its bias. b'_h belongs inside: r (W h + b'_h).",
          gives: u * h + (1 - u) * (a[2] + r * linear(h, wh) + bh).tanh()),
        Mistake(
          "The reset gate multiplies the input's part as well. It rules over the old state alone.",
          gives: u * h + (1 - u) * (r * (a[2] + b[2])).tanh()),
        Mistake("The reset gate is missing.", gives: u * h + (1 - u) * (a[2] + b[2]).tanh()),
        Mistake(
          "The two gates have changed places: the order is r, u, h̃.",
          gives: r * h + (1 - r) * (a[2] + u * b[2]).tanh()),
        Mistake(
          "The candidate has gone through a sigmoid. It can be negative: tanh.",
          gives: u * h + (1 - u) * (a[2] + r * b[2]).sigmoid()),
        Mistake("Nothing of the old state is kept: u h is missing.", gives: (1 - u) * candidate),
        Mistake("What is new comes in whole: it is (1 − u) h̃.", gives: u * h + candidate),
      ])
  }

  private static func shares(_ trial: Trial, _ gates: Tensor) throws {
    let (steps, units) = (gates.size(0), gates.size(1))
    let answer = try kept(gates)
    let input: KeyValuePairs<String, any Showable> = ["u": gates]
    // What the recurrence makes of h₀ = 1, and of a single candidate that is 1.
    func last(start: Double, candidate: Int?) -> Tensor {
      var h = Tensor.full([units], start)
      for t in 0..<steps { h = gates[t] * h + (1 - gates[t]) * (t == candidate ? 1 : 0) }
      return h
    }
    let product = last(start: 1, candidate: nil)
    try trial.compare(
      "the share of h₀", answer.start, with: product, given: input,
      mistakes: [
        Mistake(
          "This is a sum over the steps. Each step keeps a share of what was left.", gives: gates.sum(dim: 0)),
        Mistake(
          "This is a mean over the steps. Each step keeps a share of what was left.",
          gives: gates.mean(dim: 0)),
        Mistake("This is the last gate alone.", gives: gates[.last]),
        Mistake(
          "These are the shares that are lost. The gate u keeps.",
          gives: (1 - gates).unbind().reduce(Tensor.ones(units)) { $0 * $1 }),
      ])
    let expected = stack((0..<steps).map { last(start: 0, candidate: $0) })
    var (earlier, including): ([Tensor], [Tensor]) = ([], [])
    for t in 0..<steps {
      let before = gates[0..<t].unbind().reduce(Tensor.ones(units)) { $0 * $1 }
      earlier.append((1 - gates[t]) * before)
      including.append((1 - gates[t]) * gates[t...].unbind().reduce(Tensor.ones(units)) { $0 * $1 })
    }
    try trial.compare(
      "the shares of the candidates", answer.candidates, with: expected, given: input,
      mistakes: [
        Mistake("The later gates are missing: what came in at step t fades, too.", gives: 1 - gates),
        Mistake(
          "These are multiplied by the earlier gates. What comes in at step t is reduced by the later ones.",
          gives: stack(earlier)),
        Mistake(
          "Step t's own gate does not reduce its own candidate further: only later ones do.",
          gives: stack(including)),
        Mistake("They come in reverse order.", gives: expected.flip(0)),
      ])
    try trial.compare(
      "all shares together", answer.start + answer.candidates.sum(dim: 0), with: Tensor.ones(units),
      given: input)
  }
}
