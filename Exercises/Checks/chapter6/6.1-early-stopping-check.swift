import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    try watch(trial, [5, 3, 4, 2, 2, 3], patience: 2)
    try watch(trial, [1, 2], patience: 1)
    try watch(trial, [3, 4, 2, 3, 1, 2, 2, 2], patience: 3)
    try watch(trial, [1, 1, 1], patience: 2)
    try watch(trial, [4, .nan, 3, .nan, .nan], patience: 2)
  }

  private struct State: Equatable, CustomStringConvertible {
    let stop: Bool
    let bestLoss: Double
    let bestEpoch: Int
    var description: String { "stop: \(stop), bestLoss: \(bestLoss), bestEpoch: \(bestEpoch)" }
  }

  private static func reference(_ losses: [Double], upTo end: Int, patience: Int) -> State {
    let seen = losses[...end].map { $0.isNaN ? Double.infinity : $0 }
    let best = seen.min()!
    let first = seen.firstIndex(of: best)!
    return State(stop: end - first >= patience, bestLoss: best, bestEpoch: first)
  }

  private static func watch(_ trial: Trial, _ losses: [Double], patience: Int) throws {
    let watcher = Watcher(patience: patience)
    // One tensor of weights that training moves on in place, as an optimizer does.
    let weights = Tensor([0.0, 0.0])
    for (epoch, loss) in losses.enumerated() {
      weights.copy_(Tensor([Double(epoch), 10 * Double(epoch)]))
      let stop = try watcher.update(loss, [weights])
      let expected = reference(losses, upTo: epoch, patience: patience)
      let got = State(stop: stop, bestLoss: watcher.bestLoss, bestEpoch: watcher.bestEpoch)
      let input: KeyValuePairs<String, any Showable> = [
        "patience": patience, "losses so far": "\(losses[...epoch].map { "\($0)" }.joined(separator: ", "))",
      ]
      let waited = epoch - expected.bestEpoch
      try trial.compare(
        "after epoch \(epoch)", got, equals: expected, given: input,
        mistakes: [
          Mistake("Nothing has been remembered.", when: got.bestLoss == .infinity && epoch == 0),
          Mistake(
            "A loss that is not a number is never better. Note that every comparison with it is false.",
            when: losses[...epoch].contains(where: \.isNaN)
              && (got.bestLoss.isNaN || got.stop != expected.stop)),
          Mistake(
            "An equal loss is not better: the wait goes on.",
            when: got.bestLoss == expected.bestLoss && got.bestEpoch > expected.bestEpoch
              && losses[got.bestEpoch] == expected.bestLoss),
          Mistake(
            "This is too early: \(waited) of \(patience) epochs have been waited.",
            when: got.stop && !expected.stop && waited < patience),
          Mistake(
            "It should have stopped: \(waited) epochs in a row were not better.",
            when: !got.stop && expected.stop),
          Mistake(
            "The best loss is the lowest of all, not the latest.",
            when: got.bestLoss == loss && loss > expected.bestLoss),
          Mistake("bestEpoch counts the epochs from 0.", when: got.bestEpoch == expected.bestEpoch + 1),
        ])
      let best = Double(expected.bestEpoch)
      try trial.require(
        watcher.bestWeights.count == 1, "bestWeights", given: input, expected: "one tensor, as was given",
        got: "\(watcher.bestWeights.count)", meaning: "The weights of the best epoch are to be kept.")
      try trial.compare(
        "the best weights, after epoch \(epoch)", watcher.bestWeights[0].detach(),
        with: Tensor([best, 10 * best]), given: input,
        mistakes: [
          Mistake(
            "The kept weights have moved on with the training. The optimizer changes tensors in place: keep a copy, "
              + "clone().", gives: Tensor([Double(epoch), 10 * Double(epoch)]))
        ])
      if expected.stop { return }
    }
  }
}
