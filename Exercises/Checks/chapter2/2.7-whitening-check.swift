import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    let five = Tensor([[0.0, 0.0], [2.0, 2.0], [4.0, 4.0], [3.0, 1.0], [1.0, 3.0]])
    let mixing = Tensor([[3.0, 1.0, 0.5], [0.0, 1.0, -0.4], [0.0, 0.0, 0.3]])
    let cloud =
      Tensor.randn(60, 3).matmul(mixing) + Tensor([6.0, -2.0, 1.0])

    for x in [five, cloud] { try compareCovariance(trial, x) }
    // What is stretched along (1, 1), along (1, −1), along the second axis, along the first.
    for c in [[[2.5, 1.5], [1.5, 2.5]], [[2, -1], [-1, 2]], [[1, 0], [0, 4]], [[3, 0], [0, 0.5]]] {
      try compareAxis(trial, Tensor(c))
    }
    try compareAxis(trial, exactCovariance(cloud))

    try compareWhitened(trial, five, five, 2, turned: [[1, 1], [1, -1]])
    try compareWhitened(trial, five, five[1..<3], 1, turned: [[1, 1], [1, -1]])
    try compareWhitened(
      trial, five, Tensor([[7.0, 3.0], [2.0, 4.0], [0.0, 1.0]]), 2,
      turned: [[1, 1], [1, -1]])
    try compareRound(trial, cloud)
  }

  private static func exactCovariance(_ x: Tensor) -> Tensor {
    let centered = x - x.mean(dim: 0)
    return centered.T.matmul(centered) / Double(x.size(0) - 1)
  }

  private static func compareCovariance(_ trial: Trial, _ x: Tensor) throws {
    let expected = exactCovariance(x)
    let count = Double(x.size(0))
    let centered = x - x.mean(dim: 0)
    let answer = try covariance(x)
    try trial.compare(
      "C", answer, with: expected, given: ["x": x],
      mistakes: [
        Mistake("You divide by N. The covariance divides by N − 1.", gives: expected * ((count - 1) / count)),
        Mistake("The sum has not been divided by N − 1.", gives: expected * (count - 1)),
        Mistake(
          "The mean has not been taken away: center each column first.", gives: x.T.matmul(x) / (count - 1)),
        Mistake(
          "Examples and features are exchanged: the product is (D, N) times (N, D), the features' table.",
          when: answer.shape == [x.size(0), x.size(0)]),
        Mistake(
          "The mean is that of all numbers. Each column has its own: mean(dim: 0).",
          gives: (x - x.mean()).T.matmul(x - x.mean()) / (count - 1)),
        Mistake(
          "This is the matrix of correlations: the columns have been divided by their deviations.",
          gives: (centered / x.std(dim: 0)).T.matmul(centered / x.std(dim: 0)) / (count - 1)),
      ])
  }

  /// The longest axis by many squarings of the matrix, whose columns all turn to it, and its variance.
  private static func exactAxis(_ c: Tensor) -> (axis: Tensor, variance: Double) {
    var power = c / c.norm()
    for _ in 0..<12 {
      power = power.matmul(power)
      power = power / power.norm()
    }
    let column = power[.all, Int(power.diagonal().argmax().item())]
    let axis = column / column.norm()
    return (axis, axis.dot(c.matmul(axis)).item())
  }

  private static func compareAxis(_ trial: Trial, _ c: Tensor) throws {
    let (axis, variance) = exactAxis(c)
    let answer = try longestAxis(c)
    let length = answer.axis.norm().item()
    func sameWay(_ v: Tensor) -> Tensor { v.shape == axis.shape && v.dot(axis).item() < 0 ? -v : v }
    let isEigenvector =
      answer.axis.shape == axis.shape && length > 0
      && c.matmul(answer.axis).allClose(
        answer.axis * (answer.axis.dot(c.matmul(answer.axis)).item() / (length * length)), relative: 1e-4,
        absolute: 1e-4)
    let once = sameWay(answer.axis / length)
    try trial.compare(
      "the longest axis", sameWay(answer.axis), with: axis, given: ["C": c], within: 1e-4,
      mistakes: [
        Mistake("Every number is 0: nothing has been computed yet.", when: length == 0),
        Mistake(
          "The direction is right. Set the length back to 1: divide by the norm.",
          when: abs(length - 1) > 1e-4 && once.shape == axis.shape && once.allClose(axis, absolute: 1e-4)),
        Mistake(
          "That is another axis, and a shorter one: the start stood at a right angle to the longest. "
            + "Begin with Tensor.randn.",
          when: isEigenvector),
        Mistake(
          "It is not there yet. Multiply again and again, and set the length back to 1 each time.",
          when: answer.axis.shape == axis.shape),
      ])
    try trial.compare(
      "its variance λ", answer.variance, with: variance, given: ["C": c], within: 1e-4,
      mistakes: [
        Mistake("This is λ². With v of length 1 it is vᵀ C v.", gives: variance * variance),
        Mistake("This is the deviation, √λ. Return the variance λ.", gives: variance.squareRoot()),
        Mistake("This is 1, the length of v. How much C stretches it is vᵀ C v.", gives: 1.0),
      ])
  }

  /// Points whose axes are known: `turned` holds them as rows, longest first.
  private static func compareWhitened(
    _ trial: Trial, _ x: Tensor, _ new: Tensor, _ count: Int, turned: [[Double]]
  ) throws {
    let rows = Tensor(turned)[0..<count]
    let axes = (rows / rows.norm(dim: 1, keepDim: true)).T
    let deviations = axes.T.matmul(exactCovariance(x)).matmul(axes).diagonal().sqrt()
    let measured = try whitening(x, count: count)
    let input: KeyValuePairs<String, any Showable> = ["x": x, "count": count]
    try requireShapes(trial, measured, features: x.size(1), count, input)
    try trial.compare(
      "the deviations", measured.deviations, with: deviations, given: input, within: 1e-4,
      mistakes: [
        Mistake("These are the variances λ. The deviations are their roots.", gives: deviations.square()),
        Mistake(
          "The longest axis has been found twice: take it out of the matrix, C − λ v vᵀ, before the next.",
          when: count > 1 && (measured.deviations - deviations[0]).abs().max().item() < 1e-4),
      ])

    let answer = try whiten(new, with: measured)
    func coordinates(_ centered: Tensor) -> Tensor { centered.matmul(axes) }
    let expected = coordinates(new - x.mean(dim: 0)) / deviations
    // An axis may point either way: each column is turned to the way of the expected one.
    func sameWay(_ answer: Tensor) -> Tensor {
      guard answer.shape == expected.shape else { return answer }
      let agreement = (measured.axes * axes).sum(dim: 0)
      return answer * (1 - 2 * (agreement .< 0).to(.float32))
    }
    try trial.compare(
      "the whitened points", sameWay(answer), with: expected, given: ["x": x, "new": new, "count": count],
      within: 1e-4,
      mistakes: [
        Mistake(
          "The points have been turned, but not squeezed: divide by the deviations.",
          gives: coordinates(new - x.mean(dim: 0))),
        Mistake(
          "You divide by the variances λ. It takes their roots, the deviations.",
          gives: expected / deviations),
        Mistake("You multiply by the deviations. Divide by them.", gives: expected * deviations * deviations),
        Mistake(
          "The mean has not been taken away. The axes go through the middle of the cloud.",
          gives: coordinates(new) / deviations),
        Mistake(
          "New points are to be centered with the mean of those that were measured, not with their own.",
          gives: coordinates(new - new.mean(dim: 0)) / deviations),
        Mistake(
          "The points have been multiplied by the rows of the matrix of axes. The axes are its columns.",
          when: answer.shape == expected.shape && count == x.size(1)
            && answer.allClose(
              (new - x.mean(dim: 0)).matmul(measured.axes.T) / measured.deviations, relative: 1e-4,
              absolute: 1e-4)
        ),
      ])
  }

  /// A cloud whose axes nobody knows: whitened, it is round.
  private static func compareRound(_ trial: Trial, _ cloud: Tensor) throws {
    let measured = try whitening(cloud, count: 3)
    let input: KeyValuePairs<String, any Showable> = ["x": cloud, "count": 3]
    try requireShapes(trial, measured, features: 3, 3, input)
    try trial.compare(
      "the covariance of the whitened cloud", exactCovariance(try whiten(cloud, with: measured)),
      with: Tensor.eye(3), given: input, within: 1e-3)
  }

  private static func requireShapes(
    _ trial: Trial, _ measured: Whitening, features: Int, _ count: Int,
    _ input: KeyValuePairs<String, any Showable>
  ) throws {
    let parts = [
      ("mean", measured.mean, [features]), ("axes", measured.axes, [features, count]),
      ("deviations", measured.deviations, [count]),
    ]
    for (name, part, shape) in parts {
      try trial.require(
        part.shape == shape, "The shape of \(name)", given: input, expected: "\(shape)", got: "\(part.shape)",
        meaning: part.shape == shape.reversed()
          ? "Rows and columns are exchanged: each axis is a column."
          : "Each axis is a column, with one deviation.")
    }
  }
}
