import DeepLearning
import Exercises
import Foundation

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    let (ln3, ln6) = (log(3.0), log(6.0))
    let keys = Tensor([[ln6, 0], [ln3, ln3], [0, ln6]])
    let values = Tensor([[10.0], [20], [30]])
    for (q, k, v) in [
      (Tensor([[1.0, 0]]), keys, values), (Tensor([[1.0, 0], [0, 1], [1, 1], [0, 0]]), keys, values),
      (Tensor([[1.0], [2]]), Tensor([[1000.0], [999], [0]]), Tensor([[1.0, 0], [0, 1], [5, 5]])),
      (.randn(3, 4), .randn(6, 4), .randn(6, 2)),
    ] { try forward(trial, q, k, v) }
    for (g, weights, values) in [
      (Tensor([1.0]), Tensor([0.6, 0.3, 0.1]), values),
      (Tensor([1.0, -2]), Tensor([0.5, 0.25, 0.25]), Tensor([[1.0, 0], [0, 1], [4, 2]])),
      (.randn(3), Tensor.randn(5).softmax(dim: 0), .randn(5, 3)),
    ] { try backward(trial, g, weights, values) }
  }

  private static func forward(_ trial: Trial, _ q: Tensor, _ k: Tensor, _ v: Tensor) throws {
    let (context, weights) = DotScore()(q.unsqueeze(0), k.unsqueeze(0), values: v.unsqueeze(0))
    let answer = try attend(q, k, v)
    let scores = q.matmul(k.T)
    let input: KeyValuePairs<String, any Showable> = ["Q": q, "K": k, "V": v]
    try trial.compare(
      "the weights", answer.weights, with: weights[0], given: input,
      mistakes: [
        Mistake(
          "A large score overflows in exp: take softmax(dim:), or subtract each row's largest first.",
          when: !answer.weights.isFinite().all()),
        Mistake("These are the scores. A softmax makes weights of them.", gives: scores),
        Mistake(
          "The softmax runs down the columns, over the queries. Each query shares 1 among the keys: along the row.",
          gives: scores.softmax(dim: 0)),
        Mistake(
          "The scores have been divided by √d. The plain dot product is asked for here.",
          gives: (scores / Double(q.size(1)).squareRoot()).softmax(dim: 1)),
        Mistake(
          "The exponentials are missing: positive numbers that sum to 1.",
          gives: scores / scores.sum(dim: 1, keepDim: true)),
      ])
    var mistakes = [
      Mistake("This is the plain mean of the values.", gives: v.mean(dim: 0).expand(context[0].shape)),
      Mistake("The scores have multiplied the values. The weights do.", gives: scores.matmul(v)),
      Mistake(
        "This is the value of the best key alone. The context is the average of all.",
        gives: v.indexSelect(0, scores.argmax(dim: 1))),
    ]
    if k.size(1) == v.size(1) {
      mistakes.append(
        Mistake(
          "This is the average of the keys. That of the values is asked for.", gives: weights[0].matmul(k)))
    }
    try trial.compare("the contexts", answer.context, with: context[0], given: input, mistakes: mistakes)
  }

  private static func backward(_ trial: Trial, _ g: Tensor, _ weights: Tensor, _ values: Tensor) throws {
    // Logarithms of the weights are scores that lead to them.
    let leaves = [values, weights.log()].map { $0.to(.float64).requiresGrad_() }
    leaves[1].softmax(dim: 0).matmul(leaves[0]).backward(g.to(.float64))
    let expected = leaves.map { $0.grad!.to(.float32) }
    let answer = try attendBackward(g, weights: weights, values: values)
    let input: KeyValuePairs<String, any Showable> = ["g": g, "weights": weights, "values": values]
    let context = weights.matmul(values)
    try trial.compare(
      "∂E/∂v", answer.values, with: expected[0], given: input,
      mistakes: [
        Mistake("Every value has got all of g. Each gets its weight's share.", gives: g.expand(values.shape)),
        Mistake(
          "The weights are missing from the gradient; it is g α, not g v.", gives: values * g),
      ])
    let plain = weights * values.matmul(g)
    try trial.compare(
      "∂E/∂e", answer.scores, with: expected[1], given: input, within: 1e-4,
      mistakes: [
        Mistake(
          "The context is missing: raising a score lowers the other weights, so that only v − c counts.",
          gives: plain),
        Mistake(
          "This is the derivative by the weights. That by the scores goes through the softmax.",
          gives: values.matmul(g)),
        Mistake("The weights are missing: α (v − c) · g.", gives: (values - context).matmul(g)),
        Mistake("It is v − c, not c − v.", gives: weights * (context - values).matmul(g)),
        Mistake(
          "The plain mean of the values has been subtracted. It is the context, their weighted mean.",
          gives: weights * (values - values.mean(dim: 0)).matmul(g)),
        Mistake(
          "This is α (1 − α) times the derivative by the weight: how a weight depends on its own score. It acts on all others, too.",
          gives: weights * (1 - weights) * values.matmul(g)),
      ])
  }
}
