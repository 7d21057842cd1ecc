import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    // One example, where mistakes in the batch do not show; then a batch.
    let net = TwoLayers(
      w1: Tensor([[1.0, -1.0], [2.0, 0.5]]), b1: Tensor([0.0, 0.5]), w2: Tensor([[1.0, -2.0]]),
      b2: Tensor([0.5]))
    try compare(trial, net, Tensor([[1.0, 2.0]]), Tensor([[1.0]]))
    try compare(trial, net, Tensor([[1.0, 2.0], [2.0, 1.0]]), Tensor([[1.0], [-1.0]]))
    // All three sizes different, so that no product fits that should not; then all the same, where every one does.
    try compare(trial, random(4, 3, 2), Tensor.randn(5, 4), Tensor.randn(5, 2))
    try compare(trial, random(3, 3, 3), Tensor.randn(3, 3), Tensor.randn(3, 3))
  }

  private static func random(_ inputs: Int, _ hidden: Int, _ outputs: Int) -> TwoLayers {
    TwoLayers(
      w1: Tensor.randn(hidden, inputs), b1: Tensor.randn(hidden), w2: Tensor.randn(outputs, hidden),
      b2: Tensor.randn(outputs))
  }

  private static func parts(_ net: TwoLayers) -> [Tensor] { [net.w1, net.b1, net.w2, net.b2] }

  private static func compare(_ trial: Trial, _ net: TwoLayers, _ x: Tensor, _ y: Tensor) throws {
    let answer = parts(try backward(net, x, y))

    let leaves = parts(net).map { $0.clone().requiresGrad_() }
    let z1 = x.matmul(leaves[0].T) + leaves[1]
    let a = z1.relu()
    let output = a.matmul(leaves[2].T) + leaves[3]
    let count = Double(x.size(0))
    ((output - y).square().sum() / (2 * count)).backward()

    // What the common mistakes make of each gradient.
    let (delta2, hidden) = ((output - y).detach() / count, a.detach())
    let carried = delta2.matmul(net.w2)
    let delta1 = carried.maskedFill(z1 .<= 0, 0)
    let unmasked = "The slope of relu is missing: where Z₁ is not positive, nothing goes back."
    let maskedByDelta = "The slope of relu asks whether Z₁ is positive, not whether the error term is."
    let withoutSum =
      "The biases' gradient is a sum over the examples, as the weights' product is: sum(dim: 0)."
    // The last layer first: what is wrong there is wrong below it, too.
    let known: [(name: String, part: Int, mistakes: [Mistake])] = [
      ("b2", 3, [Mistake(withoutSum, gives: delta2)] + averages(delta2)),
      (
        "w2", 2,
        [
          Mistake(
            "The weights of a layer meet its input: for W₂ that is A, after relu.",
            gives: delta2.T.matmul(z1.detach()))
        ]
      ),
      (
        "b1", 1,
        [
          Mistake(unmasked, gives: carried.sum(dim: 0)),
          Mistake(maskedByDelta, gives: carried.relu().sum(dim: 0)), Mistake(withoutSum, gives: delta1),
        ] + transposedWay(delta2, net, z1) + averages(delta1)
      ),
      (
        "w1", 0,
        [
          Mistake(unmasked, gives: carried.T.matmul(x)),
          Mistake(
            "The weights of a layer meet its input: for W₁ that is X.",
            when: answer[0].shape == [net.w1.size(0), hidden.size(1)] && answer[0].shape != net.w1.shape),
        ]
      ),
    ]
    for (name, part, mistakes) in known {
      let expected = leaves[part].grad!
      let tooLarge = "Your gradient is \(x.size(0)) times too large: the mean over the batch is missing."
      try trial.compare(
        "∂E/∂\(name)", answer[part], with: expected,
        given: ["x": x, "y": y, "w1": net.w1, "b1": net.b1, "w2": net.w2, "b2": net.b2],
        mistakes: [Mistake(tooLarge, gives: expected * count)] + mistakes)
    }
  }

  /// The mean over the examples, taken once more.
  private static func averages(_ delta: Tensor) -> [Mistake] {
    [
      Mistake(
        "The examples have been averaged twice: the error terms are divided by N, so the bias only sums them.",
        gives: delta.mean(dim: 0))
    ]
  }

  /// The error terms sent through W₂ the wrong way, which is possible where it is square.
  private static func transposedWay(_ delta2: Tensor, _ net: TwoLayers, _ z1: Tensor) -> [Mistake] {
    guard net.w2.size(0) == net.w2.size(1) else { return [] }
    let delta1 = delta2.matmul(net.w2.T).maskedFill(z1 .<= 0, 0)
    return [
      Mistake(
        "Forward multiplies by the transpose of W₂, so the way back multiplies by W₂ itself.",
        gives: delta1.sum(dim: 0))
    ]
  }
}
