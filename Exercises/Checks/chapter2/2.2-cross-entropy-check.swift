import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    try compareRows(trial, [0, 2], 3)
    try compareRows(trial, [1], 2)
    try compareRows(trial, [1, 0, 1, 3], 5)
    try compareRows(trial, Tensor.randint(0, 7, [10]).toArray(of: Int.self), 7)

    let predicted = Tensor([
      [0.3792, 0.3104, 0.3104], [0.3072, 0.4147, 0.2780], [0.4263, 0.2248, 0.3490], [0.2668, 0.2978, 0.4354],
    ])
    try compareLoss(trial, Tensor([[0.5, 0.25, 0.25], [0.125, 0.125, 0.75]]), [1, 0])
    try compareLoss(trial, predicted, [0, 1, 2, 2])
    try compareLoss(trial, Tensor([[0.0, 1.0], [0.5, 0.5]]), [1, 0])
    try compareLoss(trial, Tensor([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]), [0, 2])
    for classes in [2, 4, 10] {
      let labels = Tensor.randint(0, classes, [6]).toArray(of: Int.self)
      try compareLoss(trial, (Tensor.randn(6, classes) * 2).softmax(dim: 1), labels)
    }
  }

  private static func rows(_ labels: [Int], _ classes: Int) -> Tensor {
    oneHot(Tensor(labels), classes: classes, dtype: .float32)
  }

  private static func compareRows(_ trial: Trial, _ labels: [Int], _ classes: Int) throws {
    let expected = rows(labels, classes)
    let answer = try oneHotRows(labels, classes: classes)
    try trial.compare(
      "the one-hot rows", answer, with: expected,
      given: ["labels": labels, "classes": classes],
      mistakes: [
        Mistake("1 and 0 are exchanged: the 1 stands in the place of the true class.", gives: 1 - expected),
        Mistake(
          "The classes count from 0: label 0 is the first column.",
          gives: rows(labels, classes + 1)[.all, 1...]),
        Mistake(
          "In the place of the class stands its number. One-hot means a 1 there, whatever the class.",
          gives: expected * Tensor(labels).to(.float32).unsqueeze(1)),
        Mistake(
          "There are as many columns as labels occur. Every class has its column, even if no label names it.",
          when: answer.shape == [labels.count, labels.max()! + 1] && answer.shape != expected.shape),
      ])
  }

  private static func compareLoss(_ trial: Trial, _ p: Tensor, _ labels: [Int]) throws {
    let targets = rows(labels, p.size(1))
    let picked = (p * targets).sum(dim: 1)
    let expected = -picked.log().mean().item()
    let (count, classes) = (Double(labels.count), Double(p.size(1)))
    let answer = try meanCrossEntropy(p, labels)
    let nats = 0.6931471805599453
    try trial.compare(
      "the mean cross-entropy", answer, with: expected, given: ["p": p, "labels": labels],
      mistakes: [
        Mistake(
          "0 · ln 0 is NaN to a computer. Pick the true class first, then take the logarithm.",
          when: answer.isNaN && (p .== 0).any()),
        Mistake(
          "Your loss is \(labels.count) times too large: the mean over the batch is missing.",
          gives: expected * count),
        Mistake(
          "You divide by the number of all elements, zeros included. The mean is over the N examples.",
          gives: expected / classes),
        Mistake("The minus is missing: a logarithm of a probability is never above 0.", gives: -expected),
        Mistake(
          "This is the logarithm of the mean probability. Take the logarithm of each, then the mean.",
          gives: -picked.mean().log().item()),
        Mistake(
          "A softmax has been applied to what are probabilities already. Take their logarithms as they are.",
          gives: crossEntropy(p, Tensor(labels)).item()),
        Mistake("The logarithm is that of base 2. Here it is ln.", gives: expected / nats),
        Mistake(
          "All classes are in the sum. The one-hot label leaves the true class alone.",
          gives: -p.log().sum(dim: 1).mean().item()),
        Mistake(
          "The loss is minus the logarithm of the true class's probability, not 1 minus it.",
          gives: (1 - picked).mean().item()),
      ])
  }
}
