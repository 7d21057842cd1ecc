// How the figures of this chapter are drawn. Nothing here is about learning; the lecture is main.swift.

import DeepLearning

func sampleFigure(_ set: ImageDataset, _ indices: [Int]) -> Figure {
  Figure(
    title: "Ten examples of \(set.name)",
    caption: "Each picture has 28 × 28 pixels, and the name of its class."
  )
  .imageGrid(
    indices.map { set[$0].image.flatten().toArray() }, height: 28, width: 28, columns: 5,
    captions: indices.map { set.classes[set.labels[$0]] })
}

func doubleSoftmaxFigure(logits: Curve, probabilities: Curve) -> Figure {
  func panel(_ title: String, _ y: String, _ values: (Curve) -> [Double]) -> Figure {
    Figure(title: title)
      .line(x: logits.steps, y: values(logits), label: "logits", color: .blue)
      .line(x: probabilities.steps, y: values(probabilities), label: "softmax twice", color: .vermilion)
      .axes(x: "step", y: y)
  }
  return .grid(
    title: "What a second softmax costs",
    caption: "Same network, same start, same batches, same learning rate. With the softmax applied twice the "
      + "network learns the same things, much more slowly.", columns: 2,
    [
      panel("cross-entropy", "on the test set") { $0.losses },
      panel("accuracy", "on the test set") { $0.accuracies },
    ]
  ).size(width: 1000, height: 430)
}

func historyFigure(_ history: [EpochRecord]) -> Figure {
  let epochs = history.indices.map { Double($0 + 1) }
  return Figure(
    title: "Loss of each epoch, mean and standard deviation over its batches",
    caption:
      "The line is the mean over the batches of an epoch, the band one standard deviation to either side. "
      + "Training goes on falling; validation follows, and then stays behind."
  )
  .band(
    x: epochs, mean: history.map(\.training.mean), deviation: history.map { $0.training.std() },
    label: "training",
    color: .blue
  )
  .band(
    x: epochs, mean: history.map(\.validation.mean), deviation: history.map { $0.validation.std() },
    label: "validation", color: .vermilion
  )
  .axes(x: "epoch", y: "cross-entropy")
}
