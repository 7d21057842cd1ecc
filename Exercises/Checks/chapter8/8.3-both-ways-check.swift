import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    // Layers that add up what they have read, the second ten times: easy to follow on paper.
    let sum: Reader = { $0.cumsum(0) }
    let tenfold: Reader = { 10 * $0.cumsum(0) }
    let small = Tensor([1.0, 2, 3]).view(3, 1, 1)
    try outputs(trial, small, sum, tenfold, "sums of what has been read; backward tenfold")
    let (first, second) = (RNN(2, 3), RNN(2, 3))
    try outputs(
      trial, .randn(5, 4, 2), { first($0).output }, { second($0).output }, "two recurrent layers of 3 units")
    try summaries(trial, Tensor([[[1.0, 2]], [[3, 4]], [[5, 6]]]))
    try summaries(trial, .randn(4, 3, 6))
    try turns(trial, Tensor([1.0, 2, 3]).view(3, 1, 1), [3])
    try turns(trial, Tensor([[1.0, 4], [2, 5], [3, 0], [0, 0]]).unsqueeze(2), [3, 2])
    try turns(trial, Tensor([[1.0, 4, 6], [2, 5, 0], [0, 3, 0]]).unsqueeze(2), [2, 3, 1])
    try turns(trial, .randn(6, 5, 2), [6, 1, 4, 5, 2])
    try together(trial)
  }

  private static func outputs(
    _ trial: Trial, _ x: Tensor, _ forward: @escaping Reader, _ backward: @escaping Reader, _ name: String
  ) throws {
    let expected = noGrad {
      stack(
        (0..<x.size(0)).map { t in
          cat([forward(x[...t])[.last], backward(x[t...].flip(0))[.last]], dim: 1)
        })
    }
    let (there, back) = noGrad { (forward(x), backward(x.flip(0))) }
    let plain = noGrad { backward(x) }
    try trial.compare(
      "the outputs", try noGrad { try bothWays(x, forward: forward, backward: backward) }, with: expected,
      given: ["x": x, "layers": name],
      mistakes: [
        Mistake(
          "The backward states are in the order in which they came: the first belongs to the last step. Turn them round again.",
          gives: cat([there, back], dim: 2)),
        Mistake(
          "The backward layer has read forward: turn the sequence round before it reads.",
          gives: cat([there, plain], dim: 2)),
        Mistake(
          "The backward layer has read forward, and only its states have been turned round.",
          gives: cat([there, plain.flip(0)], dim: 2)),
        Mistake("The halves have changed places: forward first.", gives: cat([back.flip(0), there], dim: 2)),
        Mistake("The halves have been added. They stand side by side.", gives: there + back.flip(0)),
        Mistake(
          "The states follow one another in time. They stand side by side: dim 2.",
          gives: cat([there, back.flip(0)], dim: 0)),
      ])
  }

  private static func summaries(_ trial: Trial, _ output: Tensor) throws {
    let n = output.size(2) / 2
    let (first, last) = (output[0], output[.last])
    try trial.compare(
      "the summary", try summary(output), with: cat([last[.all, 0..<n], first[.all, n..<2 * n]], dim: 1),
      given: ["outputs": output],
      mistakes: [
        Mistake(
          "This is the last output. Its backward half has read a single step: the way back ends at the first.",
          gives: last),
        Mistake(
          "This is the first output. Its forward half has read a single step: the way there ends at the last.",
          gives: first),
        Mistake(
          "These are the halves that have read a single step each.",
          gives: cat([first[.all, 0..<n], last[.all, n..<2 * n]], dim: 1)),
        Mistake(
          "The halves have changed places: forward first.",
          gives: cat([first[.all, n..<2 * n], last[.all, 0..<n]], dim: 1)),
        Mistake("This is a mean over the steps.", gives: output.mean(dim: 0)),
      ])
  }

  private static func turns(_ trial: Trial, _ x: Tensor, _ lengths: [Int]) throws {
    let expected = Tensor.zeros(like: x)
    for (b, length) in lengths.enumerated() {
      for t in 0..<x.size(0) { expected[t, b] = x[t < length ? length - 1 - t : t, b] }
    }
    let longest = lengths.max()!
    let whole = x.flip(0)
    try trial.compare(
      "the batch turned round", try turned(x, lengths: lengths), with: expected,
      given: ["x": x.size(2) == 1 ? x.squeeze(2) : x, "lengths": lengths],
      mistakes: [
        Mistake(
          "The whole batch has been turned round, and the padding comes first. Each sequence has its own length.",
          gives: whole),
        Mistake(
          "All sequences have been turned round within the longest length. Each has its own.",
          gives: cat([x[0..<longest].flip(0), x[longest..<x.size(0)]])),
        Mistake("Nothing has been turned.", gives: x),
        Mistake("The sequences have changed places, not their steps: turn dim 0.", gives: x.flip(1)),
      ])
  }

  private static func together(_ trial: Trial) throws {
    let lengths = [5, 2, 4]
    let x = Tensor.randn(5, 3, 2)
    for (b, length) in lengths.enumerated() where length < 5 { x[length..<5, b] = Tensor(0.0) }
    let layer = RNN(2, 3)
    let read: Reader = { layer($0).output }
    let whole = noGrad { read(x.flip(0)).flip(0) }
    let expected = noGrad {
      stack(lengths.enumerated().map { b, length in read(x[0..<length, b].flip(0))[.last] })
    }
    let got = try noGrad { try turned(read(turned(x, lengths: lengths)), lengths: lengths)[0] }
    try trial.compare(
      "what the backward layer has read of sequences of different lengths", got, with: expected,
      given: ["lengths": lengths], mistakes: [Mistake("The padding has been read first.", gives: whole[0])])
  }
}
