import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    try compare(trial, Tensor([[2.0, 1.0, 0.0]]), [0])
    try compare(trial, Tensor([[2.0, 1.0, 0.0], [0.5, -1.0, 3.0]]), [0, 1])
    try compare(trial, Tensor([[1000.0, 0.0], [-1000.0, 1000.0], [0.0, 0.0]]), [1, 1, 0])
    try compare(trial, Tensor.randn(5, 4) * 3, [3, 0, 1, 1, 2])
  }

  private static func compare(_ trial: Trial, _ logits: Tensor, _ labels: [Int]) throws {
    let leaf = logits.clone().requiresGrad_()
    crossEntropy(leaf, Tensor(labels)).backward()
    let expected = leaf.grad!
    let p = logits.softmax(dim: 1)
    let targets = oneHot(Tensor(labels), classes: logits.size(1), dtype: .float32)
    let count = Double(labels.count)
    let answer = try softmaxBackward(logits, labels)
    let overflows = answer.isNaN().any() && logits.abs().max().item() > 80
    try trial.compare(
      "∂E/∂z", answer, with: expected, given: ["logits": logits, "labels": labels],
      mistakes: [
        Mistake(
          "Your gradient is \(labels.count) times too large: the mean over the batch is missing.",
          gives: expected * count),
        Mistake(
          "You divide by the number of all elements. The cost is the mean over the examples, so divide by N.",
          gives: expected / Double(logits.size(1))),
        Mistake(
          "The sign is the wrong way round: output minus target, not target minus output.", gives: -expected),
        Mistake("These are the probabilities. The target still has to be subtracted.", gives: p),
        Mistake(
          "These are the probabilities over N. The target still has to be subtracted.", gives: p / count),
        Mistake(
          "You differentiate as if the class were a number: z minus target. The outputs are softmax(z).",
          gives: (logits - targets) / count),
        Mistake(
          "The softmax runs down the columns, over the examples. The classes of one example are a row: dim 1.",
          gives: (logits.softmax(dim: 0) - targets) / count),
        Mistake(
          "Infinity over infinity is NaN: subtract each row's largest logit before exp, or use softmax(dim:).",
          when: overflows),
      ])
  }
}
