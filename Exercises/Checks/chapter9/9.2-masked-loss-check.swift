import DeepLearning
import Exercises
import Foundation

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    let two = Tensor([[true, true], [true, false]])
    let flat = Tensor.zeros(2, 2, 2)
    let third = Tensor([[[0.0, log(3)], [0, log(3)]], [[0, log(3)], [0, 0]]])
    let random = Tensor.randn(3, 4, 5) * 2
    let mask = Tensor([[true, true, false, false], [true, true, true, true], [true, false, false, false]])
    let cases = [
      (flat, Tensor([[0, 1], [1, 0]]), two), (third, Tensor([[1, 1], [0, 0]]), two),
      (random, Tensor.randint(0, 5, [3, 4]), mask),
      (Tensor([[[100.0, 98], [0, 0]]]), Tensor([[1, 0]]), Tensor([[true, false]])),
    ]
    for (z, y, m) in cases { try loss(trial, z, y, m) }
    for (z, y, m) in cases { try sentences(trial, z, y, m) }
    for (z, y, m) in cases { try gradient(trial, z, y, m) }
    for bad in [-Double.infinity, .nan] {
      let broken = third.clone()
      broken[1, 1] = Tensor(bad)
      try loss(trial, broken, Tensor([[1, 1], [0, 0]]), two, isBroken: true)
      try gradient(trial, broken, Tensor([[1, 1], [0, 0]]), two)
    }
    try epochs(trial, [(1, 10), (3, 10)])
    try epochs(trial, [(1, 30), (3, 10)])
    try epochs(trial, [(0.5, 12), (0.25, 100), (2, 3)])
  }

  /// −ln p at each place, and whether it counts.
  private static func terms(_ z: Tensor, _ y: Tensor, _ m: Tensor) -> [[(term: Double, counts: Bool)]] {
    let classes = z.size(2)
    let (logits, targets) = (z.toArray(of: Double.self), y.toArray(of: Int.self))
    let mask = m.to(.int64).toArray(of: Int.self)
    return (0..<z.size(0)).map { n in
      (0..<z.size(1)).map { t in
        let place = n * z.size(1) + t
        let row = logits[place * classes..<(place + 1) * classes].map {
          $0 - logits[place * classes + targets[place]]
        }
        return (log(row.reduce(0) { $0 + exp($1) }), mask[place] == 1)
      }
    }
  }

  private static func loss(
    _ trial: Trial, _ z: Tensor, _ y: Tensor, _ m: Tensor, isBroken: Bool = false
  ) throws {
    let leaf = z.clone().requiresGrad_()
    let answer = try normalizedLoss(leaf, y, m)
    let all = terms(z, y, m)
    let counted = all.joined().filter(\.counts).map(\.term)
    let expected = counted.reduce(0, +) / Double(counted.count)
    let input: KeyValuePairs<String, any Showable> = ["logits": z, "targets": y, "mask": m]
    var mistakes = [
      Mistake(
        "A logit of 100 overflows in exp: take logSoftmax.", when: !isBroken && !answer.isFinite().all()),
      Mistake(
        "What stands where the mask is false has come through: 0 times −∞, or times \"not a number\", is not 0. "
          + "Replace it, with maskedFill, before it meets anything.",
        when: isBroken && !answer.isFinite().all()),
    ]
    if !isBroken {
      let everything = all.joined().map(\.term)
      let places = Double(everything.count)
      mistakes += [
        Mistake(
          "The padding has been counted: all places take part here.", gives: everything.reduce(0, +) / places),
        Mistake(
          "The sum leaves the padding out, but it is divided by the number of all places. Divide by those that count.",
          gives: counted.reduce(0, +) / places),
        Mistake("This is the sum. Divide by the number of tokens that count.", gives: counted.reduce(0, +)),
        Mistake(
          "This is a mean of each sentence's mean. The tokens of all sentences count alike.",
          gives: all.map { row in
            let terms = row.filter(\.counts).map(\.term)
            return terms.reduce(0, +) / Double(terms.count)
          }.reduce(0, +) / Double(all.count)),
        Mistake(
          "This is the sum divided by the number of sentences. Divide by the tokens that count.",
          gives: counted.reduce(0, +) / Double(all.count)),
        Mistake("The sign is the wrong way round.", gives: -expected),
      ]
    }
    try trial.compare("E", answer.item(), with: expected, given: input, mistakes: mistakes)
    try trial.require(
      answer.requiresGrad, "E", given: input, expected: "a tensor through which gradients flow",
      got: "one that knows nothing of the logits",
      meaning: "Compute E with tensor operations from beginning to end.")
  }

  private static func gradient(_ trial: Trial, _ z: Tensor, _ y: Tensor, _ m: Tensor) throws {
    let leaf = z.clone().requiresGrad_()
    try normalizedLoss(leaf, y, m).backward()
    let gradient = leaf.grad!
    let isHidden = .!m.unsqueeze(2)
    let outputs = z.maskedFill(isHidden, 0).softmax(dim: 2) - oneHot(y, classes: z.size(2), dtype: z.dtype)
    let errors = outputs.maskedFill(isHidden, 0) / m.to(z.dtype).sum()
    try trial.compare(
      "∂E/∂logits", gradient, with: errors, given: ["logits": z, "targets": y, "mask": m],
      mistakes: [
        Mistake(
          "What stands where the mask is false has come through in the gradient: 0 times \"not a number\" is not 0. "
            + "Replace the logits themselves, before logSoftmax.",
          when: !gradient.isFinite().all()),
        Mistake(
          "The gradient reaches places where the mask is false.",
          when: (gradient.maskedFill(m.unsqueeze(2), 0) .!= 0).any()),
      ])
  }

  private static func sentences(_ trial: Trial, _ z: Tensor, _ y: Tensor, _ m: Tensor) throws {
    let all = terms(z, y, m)
    func sums(_ counts: (Bool) -> Bool) -> [Double] {
      all.map { row in -row.filter { counts($0.counts) }.reduce(0) { $0 + $1.term } }
    }
    let expected = sums { $0 }
    let lengths = all.map { row in Double(row.count(where: \.counts)) }
    try trial.compare(
      "ln p of each sentence", try sentenceLogs(z, y, m), with: Tensor(expected),
      given: ["logits": z, "targets": y, "mask": m],
      mistakes: [
        Mistake("The padding has been counted.", gives: Tensor(sums { _ in true })),
        Mistake(
          "These are means over the tokens. Sums are asked for.",
          gives: Tensor(zip(expected, lengths).map { $0 / $1 })),
        Mistake(
          "The logarithm of a probability is negative: the sign is the wrong way round.",
          gives: Tensor(expected.map { -$0 })),
        Mistake(
          "These are the probabilities. Their logarithms are asked for.",
          gives: Tensor(expected.map { exp($0) })),
        Mistake(
          "This is the sum of all sentences. One number for each is asked for.", gives: Tensor(expected).sum()
        ),
      ])
  }

  private static func epochs(_ trial: Trial, _ batches: [(loss: Double, tokens: Int)]) throws {
    let tokens = batches.reduce(0) { $0 + $1.tokens }
    // Token by token.
    let every = batches.flatMap { Array(repeating: $0.loss, count: $0.tokens) }
    let losses = batches.map(\.loss)
    try trial.compare(
      "the loss of all tokens", try epochLoss(batches), with: every.reduce(0, +) / Double(tokens),
      given: ["losses": losses, "tokens": batches.map(\.tokens)],
      mistakes: [
        Mistake(
          "This is the mean of the batches. A batch with more tokens has more weight.",
          gives: losses.reduce(0, +) / Double(losses.count)),
        Mistake("This is the sum. Divide by all tokens.", gives: every.reduce(0, +)),
        Mistake(
          "The losses have been added before they were weighted.", gives: losses.reduce(0, +) / Double(tokens)
        ),
      ])
  }
}
